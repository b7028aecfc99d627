import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { webhookEnvironment } from '../environment.ts';

/** The handler as Lambda loads it, with the real clients: SSM knows the secret, the tables are down. */
const prefix = '/serverless-openclaw/test/telegram';
const parameters = new Map<string, string>();
const asked: string[] = [];
const aws = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']);
    asked.push(operation);
    const value = parameters.get(JSON.parse(Buffer.concat(chunks).toString()).Name);
    const isFound = operation === 'AmazonSSM.GetParameter' && value !== undefined;
    const answer = operation.startsWith('AmazonSSM')
      ? { __type: 'ParameterNotFound' }
      : { __type: 'AccessDeniedException' };
    response.writeHead(isFound ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(isFound ? { Parameter: { Value: value } } : answer));
  });
});

const hello = JSON.stringify({
  update_id: 7,
  message: {
    message_id: 1,
    date: 1_764_000_000,
    chat: { id: 4711, type: 'private', first_name: 'Ann' },
    from: { id: 4711, is_bot: false, first_name: 'Ann' },
    text: 'hello',
  },
});
const lines: string[] = [];
const inTables = () => asked.filter((operation) => operation.startsWith('DynamoDB'));

beforeAll(async () => {
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const environment: Record<string, string> = {
    ...Object.fromEntries(Object.keys(webhookEnvironment.shape).map((name) => [name, '1'])),
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ AWS_ENDPOINT_URL_SSM: url, AWS_ENDPOINT_URL_DYNAMODB: url },
    ...{ PARAMETER_PREFIX: '/serverless-openclaw/test', GRAPHQL_URL: `${url}/graphql` },
    ...{ SPENDING_STOPPED: 'no', CAPACITY_POLICY: 'spot-first' },
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  parameters.set(`${prefix}/webhook-secret`, 'the-secret');
  parameters.set(`${prefix}/profile`, JSON.stringify({ id: 1, username: 'a_bot' }));
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});
beforeEach(() => {
  vi.resetModules();
  asked.length = 0;
  lines.length = 0;
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  aws.close();
});

/** A function that has just started takes what somebody posts to its address. */
async function post(secret: string | undefined, body: string, method = 'POST') {
  const { handler } = await import('./handler.ts');
  const headers = secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret };
  return (await handler({ headers, body, requestContext: { http: { method } } })).statusCode;
}

test.each([
  ['no secret', undefined],
  ['an empty one', ''],
  ['another', 'the-secreT'],
  ['a longer one', 'the-secret '],
])('who shows %s is refused, and nothing of what they send is read', async (_, secret) => {
  expect(await post(secret, hello)).toBe(401);
  expect(await post(secret, 'no JSON')).toBe(401);
  expect(inTables()).toEqual([]);
  expect(lines).toEqual([]);
});

test('who guesses often costs no more than one look', async () => {
  for (let count = 0; count < 20; count += 1) await post(`guess ${count}`, hello);
  expect(asked).toEqual(['AmazonSSM.GetParameter']);
});

test('what can’t be stored is to come again, what can’t be read or is too large is not', async () => {
  expect(await post('the-secret', hello)).toBe(503);
  expect(inTables()).not.toEqual([]);
  expect(await post('the-secret', 'no JSON')).toBe(200);
  expect(await post('the-secret', 'x'.repeat(256 * 1024 + 1))).toBe(413);
  expect(await post('the-secret', '', 'GET')).toBe(405);
  expect(lines.join('')).not.toMatch(/hello|the-secret/);
});

test('a new secret counts soon, and where no bot is set up nobody is let in', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  expect(await post('the-secret', 'no JSON')).toBe(200);
  vi.advanceTimersByTime(11_000);
  parameters.set(`${prefix}/webhook-secret`, 'another');
  expect(await post('another', 'no JSON')).toBe(200);
  expect(await post('the-secret', 'no JSON')).toBe(401);
  vi.useRealTimers();
  vi.resetModules();
  parameters.delete(`${prefix}/webhook-secret`);
  expect(await post('', 'no JSON')).toBe(404);
});
