import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GetCommand, PutCommand } from '../adapters/dynamo-command.ts';
import { dynamoDocument } from '../adapters/dynamo-document.ts';
import { errorCodeOf } from '../core/error.ts';
import { fromWire } from '../core/event.ts';
import { message } from '../core/message.ts';
import { newId } from '../core/message-id.ts';
import { taskGrant } from '../core/task-grant.ts';

/**
 * The handlers as Lambda loads them: with nothing but their environment, the real clients, tables on dynalite,
 * and a server that answers for ECS, AppSync and SSM.
 */
const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');
const tables = dynalite({ createTableMs: 0 });
const published: { owner: string; kind: string }[] = [];
const runs: Record<string, unknown>[] = [];
const parameters = new Map<string, { Name: string; Value: string; Type: string }>();
const modelCalls: { authorization: string; body: { model: string } }[] = [];
const aws = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const operation =
      String(request.headers['x-amz-target'] ?? 'graphql')
        .split('.')
        .at(-1) ?? '';
    const reply = (value: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(value));
    };
    if (request.url === '/v1/chat/completions') {
      modelCalls.push({ authorization: String(request.headers.authorization), body });
      return reply({ choices: [{ message: { content: 'OK' } }] });
    }
    if (operation === 'graphql') {
      published.push(body.variables);
      return reply({ data: { systemPublish: body.variables } });
    }
    if (operation === 'RunTask') {
      runs.push(body);
      return reply({ tasks: [{ taskArn: `arn:aws:ecs:us-east-1:1:task/agents/task${runs.length}` }] });
    }
    if (operation === 'ListTasks') return reply({ taskArns: [] });
    if (operation === 'PutParameter') {
      parameters.set(body.Name, body);
      return reply({ Version: 1 });
    }
    if (operation === 'DeleteParameter') {
      return parameters.delete(body.Name) ? reply({}) : reply({ __type: 'ParameterNotFound' }, 400);
    }
    if (operation === 'GetParameter' && parameters.has(body.Name)) {
      return reply({ Parameter: { Value: parameters.get(body.Name)?.Value } });
    }
    if (operation === 'GetParameter') {
      return body.Name === '/serverless-openclaw/test/model-default'
        ? reply({ Parameter: { Value: JSON.stringify({ provider: 'openai', model: 'm1', apiKey: 'sk-x' }) } })
        : reply({ __type: 'ParameterNotFound' }, 400);
    }
    reply({ __type: 'UnknownOperationException', message: operation }, 400);
  });
});
const listen = (server: Server) =>
  new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

let document: ReturnType<typeof dynamoDocument>;
type Handler = (event: unknown) => Promise<unknown>;
const handlers: Record<string, Handler> = {};

async function createTables(client: DynamoDBClient): Promise<void> {
  const create = async (TableName: string, keys: string[], index?: { name: string; keys: string[] }) => {
    const schema = (names: string[]) =>
      names.map((AttributeName, at) => ({
        AttributeName,
        KeyType: at === 0 ? ('HASH' as const) : ('RANGE' as const),
      }));
    const AttributeDefinitions = [...new Set([...keys, ...(index?.keys ?? [])])].map((AttributeName) => ({
      AttributeName,
      AttributeType: ['leaseExpiresAt', 'dueAt', 'eraseAt'].includes(AttributeName)
        ? ('N' as const)
        : ('S' as const),
    }));
    const indexes = index && [
      {
        IndexName: index.name,
        KeySchema: schema(index.keys),
        Projection: { ProjectionType: 'ALL' as const },
      },
    ];
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions,
        KeySchema: schema(keys),
        BillingMode: 'PAY_PER_REQUEST',
        ...(indexes && { GlobalSecondaryIndexes: indexes }),
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
  };
  await create('Agent', ['owner'], { name: 'byLease', keys: ['leaseShard', 'leaseExpiresAt'] });
  await create('Message', ['owner', 'conversationId#id'], {
    name: 'byPending',
    keys: ['pendingShard', 'acceptedAt'],
  });
  await create('Conversation', ['owner', 'id'], { name: 'byErasure', keys: ['erasureShard', 'eraseAt'] });
  await create('TaskSession', ['taskId']);
  await create('Settings', ['owner'], { name: 'byErasure', keys: ['erasureShard', 'eraseAt'] });
  await create('Allowance', ['owner', 'day']);
  await create('Delivery', ['owner', 'id'], { name: 'byDue', keys: ['dueShard', 'dueAt'] });
  await create('Usage', ['owner', 'period']);
}

beforeAll(async () => {
  const [tablesUrl, awsUrl] = [await listen(tables), await listen(aws)];
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_DYNAMODB: tablesUrl,
    AWS_ENDPOINT_URL_ECS: awsUrl,
    AWS_ENDPOINT_URL_SSM: awsUrl,
    AGENT_TABLE: 'Agent',
    MESSAGE_TABLE: 'Message',
    CONVERSATION_TABLE: 'Conversation',
    TASK_SESSION_TABLE: 'TaskSession',
    SETTINGS_TABLE: 'Settings',
    ALLOWANCE_TABLE: 'Allowance',
    MESSAGES_PER_MINUTE: '20',
    MESSAGES_PER_HOUR: '200',
    MESSAGES_PER_DAY: '1000',
    TASKS_PER_DAY: '100',
    USAGE_TABLE: 'Usage',
    DAY_CAP_MICROS: '5000000',
    MONTH_CAP_MICROS: '50000000',
    SPENDING_STOPPED: 'no',
    TASK_CPU: '1024',
    TASK_MEMORY: '2048',
    TOTAL_DAY_CAP_MICROS: '1000000000',
    TOTAL_MONTH_CAP_MICROS: '1000000000',
    LARGEST_TASK_CPU: '2048',
    LARGEST_TASK_MEMORY: '4096',
    LONGEST_SESSION_SECONDS: '43200',
    DEPLOYMENT: 'app-main',
    GRAPHQL_URL: `${awsUrl}/graphql`,
    CLUSTER_ARN: 'arn:aws:ecs:us-east-1:1:cluster/agents',
    TASK_DEFINITION_ARN: 'arn:aws:ecs:us-east-1:1:task-definition/agent:1',
    CONTAINER_NAME: 'agent',
    DELIVER_FUNCTION: 'arn:aws:lambda:us-east-1:1:function:deliver',
    PUSH_FUNCTION: 'arn:aws:lambda:us-east-1:1:function:push',
    ERASE_FUNCTION: 'arn:aws:lambda:us-east-1:1:function:erase',
    RECEIVE_FUNCTION: 'arn:aws:lambda:us-east-1:1:function:receive',
    DELIVERY_TABLE: 'Delivery',
    SUBNET_IDS: 'subnet-a,subnet-b',
    SECURITY_GROUP_ID: 'sg-1',
    BUCKET: 'bucket',
    PARAMETER_PREFIX: '/serverless-openclaw/test',
    MODEL_ADDRESSES: 'any',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const client = new DynamoDBClient({});
  document = dynamoDocument();
  await createTables(client);
  handlers.send = (await import('./send-message/handler.ts')).handler;
  handlers.retry = (await import('./retry-message/handler.ts')).handler;
  handlers.wake = (await import('./wake-agent/handler.ts')).handler;
  handlers.changed = (await import('./task-changed/handler.ts')).handler;
  handlers.sweep = (await import('./sweep-idle/handler.ts')).handler;
  handlers.key = (await import('./manage-key/handler.ts')).handler;
  handlers.trial = (await import('./test-model/handler.ts')).handler;
  handlers.serve = (await import('./serve-task/handler.ts')).handler;
});
afterAll(() => {
  vi.unstubAllEnvs();
  tables.close();
  aws.close();
});

const owner = '0b8f3c66-1111-4222-8333-944455556666';
const call = (name: string, event: unknown) => (handlers[name] as Handler)(event);
const user = (given: Record<string, unknown>) => ({
  identity: { sub: owner },
  arguments: given,
  request: {},
});
const lease = async () => (await document.send(new GetCommand({ TableName: 'Agent', Key: { owner } }))).Item;

test('a message goes through its whole life in the functions', async () => {
  const conversationId = newId();
  const at = new Date().toISOString();
  const row = { owner, id: conversationId, title: '', createdAt: at, activeAt: at };
  await document.send(new PutCommand({ TableName: 'Conversation', Item: row }));
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });

  // Accepted, woken, told.
  const id = newId();
  const sent = message.parse(await call('send', user({ conversationId, id, text: 'my private words' })));
  expect(sent).toMatchObject({ id, status: 'queued', attempt: 1 });
  expect(await lease()).toMatchObject({ state: 'waking', epoch: 1, taskId: 'task1', leaseShard: 'lease' });
  expect(runs).toHaveLength(1);
  expect(published.map((event) => event.kind).sort()).toEqual([
    'agent.changed',
    'conversation.changed',
    'message.accepted',
  ]);
  for (const event of published) expect(fromWire(event).kind).toBe(event.kind);
  expect(published.every((event) => event.owner === owner)).toBe(true);

  // The task opens its session.
  const task = { owner, epoch: 1, taskId: 'task1' };
  const grant = taskGrant.parse(await call('serve', { field: 'agentOpenSession', ...task, arguments: {} }));
  expect(grant).toMatchObject({
    epoch: 1,
    idleSeconds: 600,
    model: { model: 'm1', apiKey: 'sk-x' },
    snapshots: [],
  });
  const file = { size: 10, sha256: 'a'.repeat(64), seq: 1 };
  expect(await call('serve', { field: 'agentUploadSnapshot', ...task, arguments: file })).toMatchObject({
    key: `owners/${owner}/snapshots/1-1.tar.zst`,
  });
  const zombie = call('serve', { field: 'agentOpenSession', ...task, epoch: 7, arguments: {} });
  await expect(zombie).rejects.toMatchObject({ name: 'unauthorized' });

  // It is lost three times without ever taking the message.
  for (const n of [1, 2, 3]) {
    const taskArn = `arn:aws:ecs:us-east-1:1:task/agents/task${n}`;
    const detail = { taskArn, version: 2, lastStatus: 'PENDING', desiredStatus: 'RUNNING' };
    await call('changed', { 'detail-type': 'ECS Task State Change', detail });
    expect(await lease()).toMatchObject({ taskId: `task${n}`, phase: 'pulling' });
    const end = {
      ...detail,
      version: 5,
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      pullStartedAt: '2026-11-25T12:00:00Z',
      stoppedAt: '2026-11-25T12:30:00Z',
    };
    await call('changed', { detail: end });
  }
  expect(await lease()).toMatchObject({ state: 'failed', error: { code: 'task.start_failed' } });
  expect(await lease()).not.toHaveProperty('leaseShard');
  expect(await lease()).not.toHaveProperty('pending');

  // Each of the three fetched its image for half an hour, on Spot.
  const spent = await document.send(
    new GetCommand({ TableName: 'Usage', Key: { owner, period: '2026-11' } }),
  );
  const hour = 0.5 * (0.03238 + 2 * 0.00356) + 0.005;
  expect(spent.Item?.seconds).toBe(3 * 1800);
  expect(spent.Item?.aws25).toBeCloseTo(1_500_000 * hour, -1);

  // A Retry starts anew; a second one while it waits is the same.
  const retried = await call('retry', user({ conversationId, id, attempt: 1 }));
  expect(retried).toMatchObject({ status: 'queued', attempt: 2 });
  expect(await call('retry', user({ conversationId, id, attempt: 1 }))).toMatchObject({ attempt: 2 });
  expect(runs).toHaveLength(4);
  await call('sweep', {});

  write.mockRestore();
  const entries: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
  // Each step of its way names it, or the task that was run for it.
  const tasks = entries.flatMap((entry) => {
    const isForIt = entry.what === 'run-task' && (entry.messageIds as string[]).includes(id);
    return isForIt ? [entry.taskId] : [];
  });
  expect(tasks).toEqual(['task1', 'task2', 'task3', 'task4']);
  const astray = entries.filter(
    (entry) =>
      entry.what !== 'swept' &&
      entry.messageId !== id &&
      !tasks.includes(entry.taskId) &&
      !tasks.includes(entry.task),
  );
  expect(astray).toEqual([]);
  // What alarms look at is measured where it happens.
  const counted = (name: string) => entries.filter((entry) => name in entry).map((entry) => entry[name]);
  expect(counted('FailedMessages')).toEqual([1]);
  expect(counted('RunningTasks')).toHaveLength(1);
  expect(entries.filter((entry) => entry._aws).map((entry) => entry.Deployment)).toEqual(
    Array(2).fill('app-main'),
  );
  const log = lines.join('');
  for (const secret of ['private words', 'sk-x', owner]) expect(log).not.toContain(secret);
});

test('faults carry their code where AppSync’s clients look', async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const code = async (name: string, event: unknown) =>
    call(name, event).then(
      () => 'no fault',
      (error: Error) => [error.name, errorCodeOf(error.message)],
    );
  const twice = (text: string) => [text, text];
  const given = { conversationId: newId(), id: newId(), text: 'x' };
  expect(await code('send', user(given))).toEqual(twice('conversation.not_found'));
  expect(await code('send', user({ ...given, text: ' ' }))).toEqual(twice('message.empty'));
  expect(await code('send', user({ ...given, id: 'x' }))).toEqual(twice('message.id_invalid'));
  expect(await code('send', { arguments: given })).toEqual(twice('unauthorized'));
  expect(await code('send', user({ ...given, text: 5 }))).toEqual(twice('internal'));
  expect(await code('retry', user({ ...given, attempt: 1 }))).toEqual(twice('conversation.not_found'));
  expect(await code('changed', { detail: { taskArn: 'x' } })).toEqual(twice('event.malformed'));
  expect(await code('serve', { field: 'agentPull', owner, epoch: 1, taskId: 't' })).toEqual(
    twice('internal'),
  );
  vi.restoreAllMocks();
});

test('an agent is woken ahead of a message, once', async () => {
  const other = { identity: { sub: newId() }, arguments: { hint: 'open' }, request: {} };
  const before = runs.length;
  expect(await call('wake', other)).toMatchObject({ state: 'waking', phase: 'requested' });
  expect(await call('wake', other)).toMatchObject({ state: 'waking' });
  expect(runs).toHaveLength(before + 1);
  await expect(call('wake', { ...other, arguments: { hint: 'always' } })).rejects.toThrow('internal');
});

test('a provider key goes in, and never comes out', async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const answers: unknown[] = [];
  const key = 'sk-very-secret-9876';
  const field = async (fieldName: string, given: object = {}) => {
    const answer = await call('key', { ...user(given as Record<string, unknown>), fieldName });
    answers.push(answer);
    return answer;
  };
  expect(await field('providerKey')).toBeNull();
  expect(await field('saveProviderKey', { provider: 'openai', key })).toMatchObject({
    ...{ provider: 'openai', ending: '9876' },
  });
  expect(await field('providerKey')).toMatchObject({ provider: 'openai', ending: '9876' });
  const [stored] = parameters.values();
  expect(stored).toMatchObject({
    ...{ Name: `/serverless-openclaw/test/owners/${owner}/provider-key`, Type: 'SecureString' },
  });

  // A trial uses it, and says nothing of it.
  const baseUrl = `${process.env.AWS_ENDPOINT_URL_SSM}/v1`;
  const trial = JSON.stringify({ provider: 'openai', model: 'gpt-6-luna', baseUrl });
  answers.push(await call('trial', user({ trial })));
  expect(answers.at(-1)).toMatchObject({ code: null, priced: true });
  expect(modelCalls).toMatchObject([{ authorization: `Bearer ${key}`, body: { model: 'gpt-6-luna' } }]);
  const broken = call('key', {
    ...user({ provider: 'openai', key: `${key} twice` }),
    fieldName: 'saveProviderKey',
  });
  await broken.catch((error: Error) => answers.push(error.name, error.message, error.stack));
  expect(answers).toContain('key.invalid');

  expect(await field('deleteProviderKey')).toBeNull();
  expect(await field('providerKey')).toBeNull();
  write.mockRestore();
  expect(JSON.stringify(answers) + lines.join('')).not.toContain('secret');
});
