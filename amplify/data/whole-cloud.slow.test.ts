import { createHash } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ECSClient, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { agentFields } from '../../container/bridge/appsync/agent-fields.ts';
import { openSocket } from '../../local/cloud/appsync/graphql-socket-under-test.ts';
import { fromWire } from '../core/event.ts';
import { message } from '../core/message.ts';
import { scheduleView } from '../core/schedule/schedule-view.ts';
import { taskGrant } from '../core/task-grant.ts';
import { type Person, parsed, startWholeCloud, typeOf, type WholeCloud } from './whole-cloud-under-test.ts';

let whole: WholeCloud;
let cloud: WholeCloud['cloud'];
let ann: Person;
let bob: Person;

beforeAll(async () => {
  whole = await startWholeCloud();
  cloud = whole.cloud;
  ann = await whole.signUpPerson('ann@example.com');
  bob = await whole.signUpPerson('bob@example.com');
}, 300_000);
afterAll(() => whole?.close());

const ask: WholeCloud['ask'] = (...given) => whole.ask(...given);
const caller: WholeCloud['caller'] = (credentials) => whole.caller(credentials);
const sessionOf: WholeCloud['sessionOf'] = (...given) => whole.sessionOf(...given);
const taskOf: WholeCloud['taskOf'] = (taskId) => whole.taskOf(taskId);

const event = '{ owner kind conversationId messageId body }';
const create = `mutation ($id: String!, $title: String!) { createConversation(id: $id, title: $title) ${event} }`;
const send =
  'mutation ($conversationId: String!, $id: String!, $text: String!) { sendMessage(conversationId: $conversationId, id: $id, text: $text) }';

/** What only admins may do. */
const ofAdmins: [string, object][] = [
  ['query { deploymentSettings }', {}],
  [
    'mutation ($settings: AWSJSON!) { saveDeploymentSettings(settings: $settings, revision: 0) }',
    { settings: '{"spendingStopped":true}' },
  ],
];

async function startConversation(person: Person): Promise<string> {
  const id = v7();
  expect(typeOf(await ask(person, create, { id, title: '' }))).toBe('no error');
  return id;
}

/** Sends a message for real: the function stores it and runs a task. */
async function sendText(person: Person, text: string): Promise<{ conversationId: string; id: string }> {
  const place = { conversationId: await startConversation(person), id: v7() };
  const answer = await ask(person, send, { ...place, text });
  expect(answer.errors).toBeUndefined();
  expect(message.parse(parsed(answer.data?.sendMessage))).toMatchObject({ ...place, text, status: 'queued' });
  return place;
}

const readMessage = async (person: Person, place: { conversationId: string; id: string }) => {
  const query =
    'query ($conversationId: String!, $id: String!) { message(conversationId: $conversationId, id: $id) }';
  const { data } = await ask(person, query, place);
  return data?.message === null ? null : message.parse(parsed(data?.message));
};

/** The task that works for a person, by the session that lets it in. */
async function livingTask(person: Person) {
  return vi.waitFor(
    async () => {
      for (const { taskArn, lastStatus } of cloud.ecs.tasks()) {
        if (lastStatus !== 'RUNNING') continue;
        const taskId = taskArn.split('/').at(-1) ?? '';
        const fields = taskOf(taskId);
        const pulled = await fields.pull(undefined).catch(() => null);
        const first = pulled?.messages[0];
        if (pulled && first && (await readMessage(person, first))) return { taskArn, taskId, fields, pulled };
      }
      throw new Error('no task yet');
    },
    { timeout: 30_000, interval: 250 },
  );
}

describe('A person', () => {
  test('reads nothing of another’s', async () => {
    const place = await sendText(ann, 'For Ann only');
    expect(await readMessage(ann, place)).toMatchObject({ text: 'For Ann only' });
    expect(await readMessage(bob, place)).toBeNull();
    const list = `query ($conversationId: String!) { messages(conversationId: $conversationId) { items } }`;
    expect(typeOf(await ask(bob, list, place))).toBe('conversation.not_found');
    const { data } = await ask(bob, '{ conversations { items } }');
    expect(data).toEqual({ conversations: { items: '[]' } });
    const stop = `mutation ($conversationId: String!, $id: String!) { stopMessage(conversationId: $conversationId, id: $id) ${event} }`;
    expect(typeOf(await ask(bob, stop, place))).toBe('message.not_found');
  });

  test('neither reads nor changes what admins set for everybody', async () => {
    for (const [query, variables] of ofAdmins)
      expect(typeOf(await ask(bob, query, variables))).toBe('Unauthorized');
  });

  test('can’t send into another’s conversation', async () => {
    const conversationId = await startConversation(ann);
    const answer = await ask(bob, send, { conversationId, id: v7(), text: 'Boo' });
    expect(answer.errors?.[0]?.message).toMatch(/^conversation\.not_found/);
  });

  test('hears of their own messages and of no others', async () => {
    const header = (person: Person) => ({ host: new URL(cloud.endpoint).host, Authorization: person.token });
    const sockets = await Promise.all([ann, bob].map((person) => openSocket(cloud.endpoint, header(person))));
    const [annSocket, bobSocket] = sockets;
    if (!annSocket || !bobSocket) throw new Error('no sockets');
    for (const [index, socket] of sockets.entries()) {
      await socket.init();
      socket.start('s', `subscription { onEvent ${event} }`, header(index === 0 ? ann : bob));
      expect(await socket.next()).toMatchObject({ type: 'start_ack' });
    }
    const annId = await startConversation(ann);
    const bobId = await startConversation(bob);
    // Each hears of other things of their own too: a task that wakes.
    const hear = async (socket: typeof annSocket, person: Person, conversationId: string): Promise<void> => {
      const { payload } = await socket.next();
      expect(payload.data.onEvent.owner).toBe(person.sub);
      const heard = fromWire(payload.data.onEvent);
      if (heard.kind === 'conversation.changed' && heard.conversationId === conversationId) return;
      await hear(socket, person, conversationId);
    };
    await hear(annSocket, ann, annId);
    await hear(bobSocket, bob, bobId);
    for (const socket of sockets) socket.close();
  });

  test('can’t write a row: there is no field that does', async () => {
    for (const field of [
      'createMessage',
      'updateMessage',
      'createAgent',
      'updateTaskSession',
      'createSettings',
    ]) {
      const answer = await ask(ann, `mutation { ${field}(input: {}) { owner } }`);
      expect(answer.data ?? null, field).toBeNull();
      expect(answer.errors?.[0]?.message, field).toMatch(/FieldUndefined|Cannot query field|undefined/);
    }
  });

  test.each([
    `mutation { agentPull }`,
    `mutation { agentOpenSession }`,
    `mutation { agentClaim(conversationId: "a", id: "b", attempt: 1) ${event} }`,
    `mutation { agentCommit(conversationId: "a", id: "b", attempt: 1, status: "answered", seq: 1, answer: "forged", tools: "[]") ${event} }`,
    `mutation { agentRelease(wakeSeq: 0) ${event} }`,
    `mutation { systemPublish(owner: "x", kind: "settings.changed", body: "{}") ${event} }`,
  ])('can’t call %s, signed in or with the identity pool’s credentials', async (query) => {
    expect(typeOf(await ask(ann, query))).toBe('Unauthorized');
    const field = /\{ (\w+)/.exec(query)?.[1] ?? '';
    await expect(caller(ann.credentials)(field, query, {})).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('reaches nothing with the identity pool’s credentials that their token would not', async () => {
    await expect(caller(ann.credentials)('agent', '{ agent }', {})).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});

describe('A schedule', () => {
  const save = 'mutation ($schedule: AWSJSON!) { saveSchedule(schedule: $schedule) }';
  const remove = 'mutation ($id: String!) { removeSchedule(id: $id) }';
  const list = async (person: Person) =>
    scheduleView.array().parse(parsed((await ask(person, '{ schedules }')).data?.schedules));
  const minute = () => {
    const functions = cloud.assembly.byType('AWS::Lambda::Function');
    const arn = functions.find(({ logicalId }) => logicalId.startsWith('runschedules'))?.arn ?? '';
    return cloud.invoke(arn, {});
  };
  const inMs = (ms: number) => ({ kind: 'once', at: new Date(Date.now() + ms).toISOString() });

  test('is sent at its time by the clock, with the function’s own rights, and is gone then; another’s is not seen', async () => {
    const conversationId = await startConversation(ann);
    const given = { id: v7(), conversationId, text: 'Call the dentist', cadence: inMs(1_500), isOn: true };
    const saved = await ask(ann, save, { schedule: JSON.stringify(given) });
    expect(scheduleView.parse(parsed(saved.data?.saveSchedule))).toMatchObject({
      id: given.id,
      nextAt: given.cadence.at,
      madeBy: 'person',
    });
    expect([(await list(ann)).length, await list(bob)]).toEqual([1, []]);
    const messages = `query ($conversationId: String!) { messages(conversationId: $conversationId) { items } }`;
    const sent = async () => {
      const { data } = await ask(ann, messages, { conversationId });
      return message.array().parse(parsed((data?.messages as { items: unknown } | undefined)?.items ?? '[]'));
    };
    // Nobody calls the function but Scheduler, which looks at the full minute.
    await vi.waitFor(async () => expect(await sent()).toHaveLength(1), { timeout: 120_000, interval: 500 });
    await minute();
    expect(await sent()).toMatchObject([
      { text: 'Call the dentist', channel: 'web', schedule: { id: given.id, dueAt: given.cadence.at } },
    ]);
    expect(await list(ann)).toEqual([]);
  });

  test('can’t be made in another’s conversation, and is removed by its owner only', async () => {
    const given = { id: v7(), text: 'Hello', cadence: inMs(3_600_000), isOn: true };
    const schedule = JSON.stringify({ ...given, conversationId: await startConversation(ann) });
    expect((await ask(bob, save, { schedule })).errors?.[0]?.message).toMatch(/^conversation\.not_found/);
    expect((await ask(ann, save, { schedule: '[]' })).errors?.[0]?.message).toMatch(/^schedule\.invalid/);
    await ask(ann, save, { schedule });
    await ask(bob, remove, { id: given.id });
    expect((await list(ann)).map(({ id }) => id)).toEqual([given.id]);
    await ask(ann, remove, { id: given.id });
    expect(await list(ann)).toEqual([]);
  });
});

describe('A task', () => {
  test('sees its owner’s messages only, answers them, and its answer reaches the owner', async () => {
    const annPlace = await sendText(ann, 'Ann asks');
    const bobPlace = await sendText(bob, 'Bob asks');
    const annTask = await livingTask(ann);
    const bobTask = await livingTask(bob);
    expect(annTask.taskId).not.toBe(bobTask.taskId);
    const texts = (pulled: typeof annTask.pulled) => pulled.messages.map(({ text }) => text);
    expect(texts(annTask.pulled)).toContain('Ann asks');
    expect(texts(annTask.pulled)).not.toContain('Bob asks');
    expect(texts(bobTask.pulled)).toEqual(['Bob asks']);
    await expect(annTask.fields.claim({ ...bobPlace, attempt: 1 })).rejects.toMatchObject({
      name: 'Bounced',
    });

    await annTask.fields.claim({ ...annPlace, attempt: 1 });
    await annTask.fields.commit(
      { ...annPlace, attempt: 1 },
      { status: 'answered', seq: 1, answer: 'Yes', tools: [] },
    );
    expect(await readMessage(ann, annPlace)).toMatchObject({ status: 'answered', answer: 'Yes' });
    expect((await annTask.fields.pull(undefined)).messages.map(({ id }) => id)).not.toContain(annPlace.id);
  });

  test('gets its grant and stores snapshots below its owner’s prefix, of which the last two stay', async () => {
    await sendText(ann, 'Snapshot, please');
    const { fields } = await livingTask(ann);
    const { epoch, model, snapshots } = taskGrant.parse(await fields.openSession());
    expect({ model, snapshots }).toEqual({ model: null, snapshots: [] });
    const bytes = Buffer.from('a snapshot');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { key, upload } = await fields.uploadSnapshot({ size: bytes.length, sha256, seq: 1 });
    expect(key).toBe(`owners/${ann.sub}/snapshots/${epoch}-1.tar.zst`);
    const { 'content-length': _length, ...headers } = upload.headers;
    const put = await fetch(upload.url, { method: 'PUT', headers, body: bytes });
    expect(put.status).toBe(200);
    const elsewhere = upload.url.replace(ann.sub, bob.sub);
    expect((await fetch(elsewhere, { method: 'PUT', headers, body: bytes })).status).toBe(403);
    await fields.saveSnapshot({
      key,
      size: bytes.length,
      sha256,
      epoch,
      seq: 1,
      savedAt: new Date().toISOString(),
    });
    const again = taskGrant.parse(await fields.openSession());
    const stored = await fetch(again.snapshots[0]?.download.url ?? '');
    expect(await stored.text()).toBe('a snapshot');
    const list = async () => {
      const credentials = whole.credentialsOf('servetasklambdaServiceRole');
      const client = new S3Client({
        region: 'us-east-1',
        endpoint: cloud.endpoint,
        forcePathStyle: true,
        credentials,
      });
      const { Contents } = await client.send(
        new ListObjectsV2Command({
          Bucket: whole.nameOf('AWS::S3::Bucket', 'files'),
          Prefix: `owners/${ann.sub}/snapshots/`,
        }),
      );
      return (Contents ?? []).map(({ Key }) => Number(Key?.match(/-(\d+)\.tar/)?.[1])).sort();
    };
    for (const seq of [2, 3, 4, 5]) {
      const next = await fields.uploadSnapshot({ size: bytes.length, sha256, seq });
      await fetch(next.upload.url, { method: 'PUT', headers, body: bytes });
      const pointer = {
        key: next.key,
        size: bytes.length,
        sha256,
        epoch,
        seq,
        savedAt: new Date().toISOString(),
      };
      await fields.saveSnapshot(pointer);
    }
    expect(await list()).toEqual([1, 2, 3, 4, 5]);
    taskGrant.parse(await fields.openSession());
    expect(await list()).toEqual([4, 5]);
  });

  test('can call no field of people or functions', async () => {
    const { taskId } = await livingTask(ann);
    const call = sessionOf('AgentTaskRole', taskId);
    for (const [field, query] of [
      ['conversations', '{ conversations { items } }'],
      ['settings', '{ settings }'],
      [
        'systemPublish',
        `mutation { systemPublish(owner: "${bob.sub}", kind: "settings.changed", body: "{}") ${event} }`,
      ],
    ] as const) {
      await expect(call(field, query, {}), field).rejects.toMatchObject({ code: 'unauthorized' });
    }
  });

  test('reaches nothing in AWS with its role but those fields', async () => {
    await sendText(ann, 'What may it reach?');
    const { taskId } = await livingTask(ann);
    const credentials = whole.credentialsOf('AgentTaskRole', taskId);
    const config = { region: 'us-east-1', endpoint: cloud.endpoint, credentials, maxAttempts: 1 };
    const TableName = whole.nameOf('Custom::AmplifyDynamoDBTable', 'MessageTable');
    const Bucket = whole.nameOf('AWS::S3::Bucket', 'files');
    const taskDefinition = cloud.ecs.tasks()[0]?.taskDefinitionArn;
    const cluster = cloud.ecs.tasks()[0]?.clusterArn;
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
    const dynamo = new DynamoDBClient(config);
    const ecs = new ECSClient(config);
    const attempts: Record<string, () => Promise<unknown>> = {
      'its owner’s row': () =>
        dynamo.send(
          new GetItemCommand({
            TableName,
            Key: { owner: { S: ann.sub }, 'conversationId#id': { S: 'c#m' } },
          }),
        ),
      'another’s snapshot': () =>
        s3.send(new GetObjectCommand({ Bucket, Key: `owners/${bob.sub}/snapshots/1-1.tar.zst` })),
      'a list of files': () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'owners/' })),
      'the deployment’s key': () =>
        new SSMClient(config).send(
          new GetParameterCommand({
            Name: '/serverless-openclaw/app-local/model-default',
            WithDecryption: true,
          }),
        ),
      'another task': () =>
        ecs.send(
          new RunTaskCommand({ cluster, taskDefinition, launchType: 'FARGATE', networkConfiguration }),
        ),
      'the end of a task': () => ecs.send(new StopTaskCommand({ cluster, task: taskId })),
    };
    for (const [what, attempt] of Object.entries(attempts)) {
      const refusal: unknown = await attempt().catch((error: unknown) => error);
      expect(refusal, what).toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
    }
  });

  test('that never was is refused, and so is a function that pretends to be one', async () => {
    await expect(taskOf('0123456789abcdef0123456789abcdef').pull(undefined)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    const { taskId } = await livingTask(ann);
    const pretender = agentFields(sessionOf('sendmessagelambdaServiceRole', taskId));
    await expect(pretender.pull(undefined)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('that has stopped is refused, with its late commit too, and what it left goes to its successor', async () => {
    const place = await sendText(bob, 'Please survive');
    const first = await livingTask(bob);
    await first.fields.claim({ ...place, attempt: 1 });
    const pid = cloud.ecs.pidOf(first.taskArn);
    if (pid === undefined) throw new Error('the task has no process');
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(
      () => expect(first.fields.pull(undefined)).rejects.toMatchObject({ code: 'unauthorized' }),
      { timeout: 30_000, interval: 250 },
    );
    const second = await livingTask(bob);
    expect(second.taskId).not.toBe(first.taskId);
    expect(second.pulled.epoch).toBeGreaterThan(first.pulled.epoch);
    await second.fields.claim({ ...place, attempt: 1 });
    const late = first.fields.commit(
      { ...place, attempt: 1 },
      { status: 'answered', seq: 9, answer: 'stale', tools: [] },
    );
    await expect(late).rejects.toMatchObject({ code: 'unauthorized' });
    await second.fields.commit(
      { ...place, attempt: 1 },
      { status: 'answered', seq: 1, answer: 'fresh', tools: [] },
    );
    expect(await readMessage(bob, place)).toMatchObject({ status: 'answered', answer: 'fresh' });
  });

  test('whose message another has taken over bounces, although its session lives', async () => {
    const place = await sendText(bob, 'Who answers?');
    const { fields } = await livingTask(bob);
    await fields.claim({ ...place, attempt: 1 });
    const credentials = whole.credentialsOf('sendmessagelambdaServiceRole');
    const client = new DynamoDBClient({ region: 'us-east-1', endpoint: cloud.endpoint, credentials });
    await client.send(
      new UpdateItemCommand({
        TableName: whole.nameOf('Custom::AmplifyDynamoDBTable', 'MessageTable'),
        Key: { owner: { S: bob.sub }, 'conversationId#id': { S: `${place.conversationId}#${place.id}` } },
        UpdateExpression: 'ADD epoch :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    const commit = fields.commit(
      { ...place, attempt: 1 },
      { status: 'answered', seq: 1, answer: 'stale', tools: [] },
    );
    await expect(commit).rejects.toMatchObject({ name: 'Bounced' });
    await expect(
      fields.checkpoint({ ...place, attempt: 1 }, { seq: 1, answer: 'stale' }),
    ).rejects.toMatchObject({
      name: 'Bounced',
    });
    expect(await readMessage(bob, place)).toMatchObject({ status: 'working', answer: '' });
  });
});
