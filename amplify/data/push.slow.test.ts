import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { administratorArn } from '../../local/cloud/iam/administrator.ts';
import { type PushServiceUnderTest, startPushService } from '../adapters/web-push/push-service-under-test.ts';
import { newAccess, pushParameters } from '../adapters/web-push/vapid.ts';
import { deviceView, pushView } from '../core/push/push-view.ts';
import {
  type Answer,
  type Person,
  parsed,
  startWholeCloud,
  typeOf,
  type WholeCloud,
} from './whole-cloud-under-test.ts';

const access = newAccess('mailto:operator@example.com');
let whole: WholeCloud;
let ann: Person;
let bob: Person;
let service: PushServiceUnderTest;

beforeAll(async () => {
  service = await startPushService(() => access.publicKey);
  whole = await startWholeCloud();
  ann = await whole.signUpPerson('ann@example.com');
  bob = await whole.signUpPerson('bob@example.com');
}, 300_000);
afterAll(async () => {
  await whole?.close();
  await service?.close();
});

const browser = { auth: 'A'.repeat(22), name: 'Chrome, macOS', language: 'ko', showsText: true };
const save = (person: Person, change: object = {}) =>
  whole.ask(
    person,
    `mutation ($endpoint: String!, $p256dh: String!, $auth: String!, $name: String!, $language: String!, $showsText: Boolean!) {
       savePushDevice(endpoint: $endpoint, p256dh: $p256dh, auth: $auth, name: $name, language: $language, showsText: $showsText) }`,
    {
      ...browser,
      endpoint: 'https://push.example.com/a-browser',
      p256dh: service.subscription.p256dh,
      ...change,
    },
  );
const read = async (person: Person) =>
  pushView.parse(parsed((await whole.ask(person, '{ push }')).data?.push));
const remove = (person: Person, id: string) =>
  whole.ask(person, 'mutation ($id: String!) { removePushDevice(id: $id) }', { id });

/** The code that a function's error begins with. */
const refusalOf = ({ errors }: Answer) => errors?.[0]?.message.split(':')[0];

const client = () => ({ region: 'us-east-1', endpoint: whole.cloud.endpoint });

/** What `npm run setup` stores. */
async function setUp() {
  const { accountId } = whole.cloud.context;
  const roleArn = administratorArn(accountId);
  const credentials = whole.cloud.context.iam.assumeRole({ roleArn, sessionName: 'operator' });
  const ssm = new SSMClient({ ...client(), credentials });
  const put = (name: string, Type: 'String' | 'SecureString', value: object) =>
    ssm.send(
      new PutParameterCommand({
        Name: `/serverless-openclaw/app-local${name}`,
        Type,
        Value: JSON.stringify(value),
      }),
    );
  await put(pushParameters.access, 'SecureString', access);
  await put(pushParameters.profile, 'String', { publicKey: access.publicKey });
}

/** A browser whose push service is on this machine: no page can save one, so its row is put there. */
const plant = (person: Person) =>
  new DynamoDBClient({
    ...client(),
    credentials: whole.credentialsOf('managepushlambdaServiceRole'),
  }).send(
    new PutItemCommand({
      TableName: whole.nameOf('Custom::AmplifyDynamoDBTable', 'PushDeviceTable'),
      Item: {
        ...Object.fromEntries(
          Object.entries({
            ...service.subscription,
            owner: person.sub,
            id: 'planted',
            name: 'Chrome, macOS',
            language: 'ko',
            savedAt: '2026-05-01T09:00:00.000Z',
          }).map(([name, value]) => [name, { S: value }]),
        ),
        showsText: { BOOL: true },
      },
    }),
  );

/** A message that is sent in a conversation of its own. */
async function send(person: Person) {
  const conversationId = v7();
  const id = v7();
  const event = '{ owner kind conversationId messageId body }';
  const create = `mutation ($id: String!) { createConversation(id: $id, title: "점심") ${event} }`;
  expect(typeOf(await whole.ask(person, create, { id: conversationId }))).toBe('no error');
  const sending =
    'mutation ($conversationId: String!, $id: String!) { sendMessage(conversationId: $conversationId, id: $id, text: "?") }';
  expect(typeOf(await whole.ask(person, sending, { conversationId, id }))).toBe('no error');
  return { conversationId, id };
}

/** How many pushes were looked at. */
let seen = 0;
const arrived = async (message: object) => {
  await vi.waitFor(() => expect(service.received[seen]?.message).toMatchObject(message), {
    timeout: 60_000,
    interval: 100,
  });
  seen += 1;
};

type Task = ReturnType<WholeCloud['taskOf']>;

/** A message that a task answers, after something that it does `before`. */
async function answerFor(
  person: Person,
  answer: string,
  before: (task: Task, key: Parameters<Task['claim']>[0]) => Promise<void> = async () => {},
) {
  const { conversationId, id } = await send(person);
  const fields = await vi.waitFor(
    async () => {
      for (const { taskArn, lastStatus } of whole.cloud.ecs.tasks()) {
        const task = whole.taskOf(taskArn.split('/').at(-1) ?? '');
        if (lastStatus !== 'RUNNING') continue;
        const pulled = await task.pull(undefined).catch(() => null);
        if (pulled?.messages.some((message) => message.id === id)) return task;
      }
      throw new Error('no task yet');
    },
    { timeout: 60_000, interval: 250 },
  );
  const key = { conversationId, id, attempt: 1 };
  await fields.claim(key);
  await before(fields, key);
  await fields.commit(key, { status: 'answered', seq: 1, answer, tools: [] });
  return { conversationId, id };
}

describe('Web Push', () => {
  test('that is not set up takes no browser, and says so', async () => {
    expect(await read(ann)).toEqual({ publicKey: null, devices: [] });
    expect(refusalOf(await save(ann))).toBe('push.not_set_up');
  });

  test('keeps the browsers of each owner, takes no address inside a network, and shows none', async () => {
    await setUp();
    const saved = deviceView.parse(parsed((await save(ann)).data?.savePushDevice));
    expect(saved).toMatchObject({ name: 'Chrome, macOS', showsText: true });
    expect(await read(ann)).toEqual({ publicKey: access.publicKey, devices: [saved] });
    expect((await read(bob)).devices).toEqual([]);
    for (const endpoint of ['https://169.254.169.254/latest/meta-data', service.subscription.endpoint])
      expect(refusalOf(await save(bob, { endpoint }))).toBe('push.not_a_subscription');
    expect(refusalOf(await save(bob, { p256dh: `B${'A'.repeat(86)}` }))).toBe('push.not_a_subscription');
    expect(typeOf(await remove(bob, saved.id))).toBe('no error');
    expect((await read(ann)).devices).toEqual([saved]);
    expect(typeOf(await remove(ann, saved.id))).toBe('no error');
    expect((await read(ann)).devices).toEqual([]);
  });

  test('tells of a message that fails because there is no task for it', async () => {
    await plant(bob);
    whole.cloud.ecs.setCapacity({ FARGATE: 'none', FARGATE_SPOT: 'none' });
    const { id } = await send(bob);
    await arrived({ key: `${id}:1`, body: '메시지에 답변하지 못했습니다.' });
    whole.cloud.ecs.setCapacity({ FARGATE: 'available', FARGATE_SPOT: 'available' });
  });

  test('asks for a word on a command, and then brings the answer', async () => {
    await plant(ann);
    const approval = { id: 'ask', command: 'rm -r build', requestedAt: new Date().toISOString() };
    const { id } = await answerFor(ann, 'Done.', async (task, key) => {
      await task.checkpoint(key, { approval });
      await arrived({ key: `${key.id}:1:ask`, body: '이 명령을 허용할까요? rm -r build' });
    });
    await arrived({ key: `${id}:1`, body: 'Done.' });
  });

  test('brings the end of a message to its owner’s browser, encrypted, and forgets the browser once it is gone', async () => {
    await plant(ann);
    const place = await answerFor(ann, '**국수**가 좋겠습니다.');
    await arrived({
      ...{ key: `${place.id}:1`, title: '점심', body: '국수가 좋겠습니다.', language: 'ko' },
      ...{ conversationId: place.conversationId, messageId: place.id },
    });
    service.status = 410;
    await answerFor(ann, 'Noodles.');
    await vi.waitFor(async () => expect((await read(ann)).devices).toEqual([]), {
      timeout: 60_000,
      interval: 250,
    });
  });
});
