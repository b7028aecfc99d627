import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Assembly, CloudContext, Resource } from '../service.ts';
import { createLambda, type Lambda } from './service.ts';

const directory = mkdtempSync(join(tmpdir(), 'lambda-'));
writeFileSync(
  join(directory, 'index.mjs'),
  `import { appendFileSync } from 'node:fs';
   let calls = 0;
   export const handler = async (event, context) => {
     calls += 1;
     if (event.tick) setInterval(() => appendFileSync(event.tick, '.'), 20);
     if (event.hang) await new Promise(() => {});
     if (event.fail) throw new RangeError('too far');
     if (event.wait) await new Promise((resolve) => setTimeout(resolve, event.wait));
     return { calls, pid: process.pid, name: context.functionName, home: process.env.HOME ?? null, own: process.env.OWN };
   };`,
);
writeFileSync(join(directory, 'broken.mjs'), 'throw new TypeError("no start");');

const fn = (name: string, handler: string, timeout = 5): Resource => ({
  stack: 'root',
  logicalId: name,
  type: 'AWS::Lambda::Function',
  physicalId: name,
  arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  metadata: undefined,
  properties: {
    Runtime: 'nodejs22.x',
    Handler: handler,
    Timeout: timeout,
    Role: 'arn:aws:iam::000000000000:role/r',
    Code: { S3Key: 'x' },
    Environment: { Variables: { OWN: 'yes' } },
  },
});
const resources = [
  fn('echo', 'index.handler'),
  fn('slow', 'index.handler', 1),
  fn('broken', 'broken.handler'),
];
const assembly = {
  directory,
  resources,
  outputs: {},
  byType: (type: string) => resources.filter((each) => each.type === type),
  assetPath: () => directory,
} satisfies Assembly;
const context = {
  assembly,
  region: 'us-east-1',
  accountId: '000000000000',
  endpoint: 'http://127.0.0.1:1',
  dataDirectory: mkdtempSync(join(tmpdir(), 'lambda-data-')),
  now: () => new Date(),
  log: () => {},
  iam: {
    trusts: () => true,
    assumeRole: () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration: new Date() }),
  },
} as unknown as CloudContext;

const lambda: Lambda = createLambda(context);
afterAll(() => lambda.close());

const until = async (what: () => boolean) => {
  const deadline = Date.now() + 10_000;
  while (!what()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

test('a handler runs with its own environment and nothing of ours, and is used again warm', async () => {
  const first = await lambda.invoke('echo', {});
  const second = await lambda.invoke('echo', {});
  expect(first.payload).toMatchObject({ calls: 1, name: 'echo', home: null, own: 'yes' });
  expect(second.payload).toMatchObject({ calls: 2 });
});

test('two events at once get two environments', async () => {
  const [a, b] = await Promise.all([
    lambda.invoke('echo', { wait: 300 }),
    lambda.invoke('echo', { wait: 300 }),
  ]);
  expect((a.payload as { pid: number }).pid).not.toBe((b.payload as { pid: number }).pid);
});

test('what a handler leaves running is frozen after its answer', async () => {
  const ticks = join(directory, 'ticks');
  writeFileSync(ticks, '');
  const { payload } = await lambda.invoke('slow', { tick: ticks, wait: 100 });
  const { pid } = payload as { pid: number };
  await until(() => /\nState:\s+T/.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
  const frozen = readFileSync(ticks, 'utf8').length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(readFileSync(ticks, 'utf8')).toHaveLength(frozen);
  await lambda.invoke('slow', { wait: 100 });
  expect(readFileSync(ticks, 'utf8').length).toBeGreaterThan(frozen);
});

test('a handler that does not answer in time is ended, and the next event gets a new environment', async () => {
  const [before] = lambda.pids('slow');
  const { functionError, payload } = await lambda.invoke('slow', { hang: true });
  expect(functionError).toBe('Unhandled');
  expect(payload).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringContaining('1.00 seconds'),
  });
  const next = await lambda.invoke('slow', {});
  expect(next.payload).toMatchObject({ calls: 1 });
  expect(lambda.pids('slow')).not.toContain(before);
});

test('an error and a broken start come back as function errors', async () => {
  expect(await lambda.invoke('echo', { fail: true })).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType: 'RangeError', errorMessage: 'too far' },
  });
  expect(await lambda.invoke('broken', {})).toMatchObject({
    payload: { errorType: 'TypeError', errorMessage: 'no start' },
  });
  await expect(lambda.invoke('absent', {})).rejects.toThrow('Function not found');
});
