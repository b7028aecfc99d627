import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AwsClient } from './client.ts';
import { AwsFault } from './fault.ts';
import { jsonClient } from './json-client.ts';

type Reply = { status?: number; body?: unknown; type?: string } | 'cut';
let replies: Reply[] = [];
let calls: { target: unknown; body: string }[] = [];
/** Answers what a test laid out, or cuts the connection. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    calls.push({ target: request.headers['x-amz-target'], body: Buffer.concat(chunks).toString() });
    const reply = replies.shift() ?? {};
    if (reply === 'cut') return request.socket.destroy();
    response.writeHead(reply.status ?? 200, reply.type ? { 'x-amzn-errortype': reply.type } : {});
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
  });
});
let pauses: number[] = [];
let call: ReturnType<typeof jsonClient>;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  call = jsonClient(
    { name: 'dynamodb', target: 'DynamoDB_20120810', version: '1.0' },
    {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
      wait: async (ms) => pauses.push(ms),
    },
  );
});
beforeEach(() => {
  replies = [];
  calls = [];
  pauses = [];
});
afterAll(() => void server.close());
afterEach(() => vi.unstubAllEnvs());

test('an operation goes out by its name and gives its output', async () => {
  replies = [{ body: { Item: {} } }];
  expect(await call('GetItem', { TableName: 'T' })).toEqual({ Item: {} });
  expect(calls).toEqual([{ target: 'DynamoDB_20120810.GetItem', body: '{"TableName":"T"}' }]);
});

describe('a call is tried again', () => {
  const down = { status: 503, body: {} };
  const busy = {
    status: 400,
    body: { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException' },
  };
  test.each([
    ['when the service is down', down],
    ['when it has too much to do', busy],
    ['when the connection was cut', 'cut'],
  ] as const)('%s, and then gives its output', async (_, reply) => {
    replies = [reply, reply, { body: { ok: true } }];
    expect(await call('GetItem', {})).toEqual({ ok: true });
    expect(calls).toHaveLength(3);
  });

  test('twice at most, after a pause that grows', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    replies = [down, down, down];
    await expect(call('GetItem', {})).rejects.toMatchObject({ status: 503 });
    expect(pauses).toEqual([100, 200]);
    replies = [busy, busy, busy];
    await expect(call('GetItem', {})).rejects.toThrow(AwsFault);
    expect(pauses.slice(2)).toEqual([500, 1000]);
    vi.restoreAllMocks();
  });

  test('never when it was refused', async () => {
    replies = [{ status: 400, body: { __type: 'ConditionalCheckFailedException', message: 'no' } }];
    await expect(call('PutItem', {})).rejects.toMatchObject({
      ...{ name: 'ConditionalCheckFailedException', message: 'no', status: 400 },
    });
    expect(calls).toHaveLength(1);
  });
});

test.each([
  ['a namespace', { body: { __type: 'com.amazonaws.ecs#ClientException' } }],
  ['an address behind it', { type: 'ClientException:http://internal.amazon.com/' }],
  ['a body that is no JSON', { type: 'ClientException', body: 'x' }],
])('a refusal’s code is read with %s', async (_, reply) => {
  replies = [{ status: 400, ...reply }];
  await expect(call('RunTask', {})).rejects.toMatchObject({ name: 'ClientException' });
});

describe('a service is found', () => {
  const endpointOf = (region: string) => {
    vi.stubEnv('AWS_REGION', region);
    return new AwsClient('ecs', () => new AwsFault('x', '', 400)).endpoint.href;
  };
  test('in its region', () => {
    expect(endpointOf('eu-west-1')).toBe('https://ecs.eu-west-1.amazonaws.com/');
    expect(endpointOf('cn-north-1')).toBe('https://ecs.cn-north-1.amazonaws.com.cn/');
  });
  test('where the environment says, first what it says about this one', () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    expect(endpointOf('eu-west-1')).toBe('http://127.0.0.1:1/');
    vi.stubEnv('AWS_ENDPOINT_URL_ECS', 'http://127.0.0.1:2');
    expect(endpointOf('eu-west-1')).toBe('http://127.0.0.1:2/');
  });
});
