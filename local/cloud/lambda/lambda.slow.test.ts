import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, expect, test } from 'vitest';
import { accountId, allow, cloudUnderTest, region, resource, role, roleArn } from '../cloud-under-test.ts';
import { digitsOf } from '../cloudformation/identity.ts';
import type { HttpRequest } from '../service.ts';
import { createLambda } from './service.ts';

const code = mkdtempSync(join(tmpdir(), 'lambda-'));
writeFileSync(
  join(code, 'index.mjs'),
  `import { appendFileSync } from 'node:fs';
   import { spawn } from 'node:child_process';
   let calls = 0;
   export const handler = async (event, context) => {
     calls += 1;
     if (event.say) console.log(event.say);
     if (event.tick) setInterval(() => appendFileSync(event.tick, '.'), 20);
     if (event.append) appendFileSync(event.append, event.word ?? 'x');
     if (event.hang) await new Promise(() => {});
     if (event.fail) throw new RangeError('too far');
     if (event.crash) { Promise.reject(new Error('nobody listens')); await new Promise(() => {}); }
     if (event.exit) process.exit(3);
     if (event.child) return { pid: spawn('sleep', ['600'], { stdio: 'ignore' }).pid };
     if (event.wait) await new Promise((resolve) => setTimeout(resolve, event.wait));
     if (event.rawPath) return { statusCode: 201, headers: { 'X-Path': event.rawPath }, body: event.body ?? '', isBase64Encoded: event.isBase64Encoded };
     return { calls, pid: process.pid, name: context.functionName, left: context.getRemainingTimeInMillis(), env: process.env };
   };`,
);
writeFileSync(
  join(code, 'sdk.mjs'),
  `const { SSMClient } = await import('@aws-sdk/client-ssm');
   export const handler = async () => ({ name: SSMClient.name });`,
);
writeFileSync(join(code, 'broken.mjs'), 'throw new TypeError("no start");');

const arn = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:${name}`;
const fn = (name: string, more: object = {}) =>
  resource(
    'AWS::Lambda::Function',
    name,
    {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 5,
      Role: roleArn('worker'),
      Code: { S3Key: 'x' },
      Environment: { Variables: { OWN: 'yes' } },
      ...more,
    },
    { arn: arn(name) },
  );
const url = resource('AWS::Lambda::Url', 'Url', {
  TargetFunctionArn: arn('web'),
  AuthType: 'NONE',
  Cors: { AllowOrigins: ['https://page.example'], AllowMethods: ['POST'] },
});
const guarded = resource('AWS::Lambda::Url', 'Guarded', {
  TargetFunctionArn: arn('web'),
  AuthType: 'AWS_IAM',
});
const closed = resource('AWS::Lambda::Url', 'Closed', { TargetFunctionArn: arn('echo'), AuthType: 'NONE' });

const cloud = cloudUnderTest(
  [
    fn('echo'),
    fn('slow', { Timeout: 1 }),
    fn('broken', { Handler: 'broken.handler' }),
    fn('sdk', { Handler: 'sdk.handler' }),
    fn('lost', { Handler: 'lost.handler' }),
    fn('single', { ReservedConcurrentExecutions: 1 }),
    fn('web'),
    fn('later', { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' } }),
    fn('after'),
    fn('foreign', { Role: roleArn('task') }),
    fn('python', { Runtime: 'python3.13' }),
    url,
    guarded,
    closed,
    resource('AWS::Lambda::EventInvokeConfig', 'Config', {
      FunctionName: 'later',
      DestinationConfig: { OnFailure: { Destination: arn('after') } },
    }),
    resource('AWS::Lambda::Permission', 'Public', {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionName: arn('web'),
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    }),
    role('worker', []),
    role('task', [], 'ecs-tasks.amazonaws.com'),
    role('caller', [allow('lambda:InvokeFunction', [arn('echo'), arn('later')])]),
  ],
  { assets: () => code },
);
const context = cloud.context('lambda');
const lambda = createLambda(context, { retryMs: 10 });
cloud.services.push(lambda);
afterAll(() => lambda.close());

interface Answer {
  calls: number;
  pid: number;
  env: Record<string, string>;
}
const invoke = async (name: string, event: object = {}) => {
  const { payload, functionError } = await lambda.invoke(name, event);
  return { ...(payload as Answer), functionError };
};
const alive = (pid: number) => {
  try {
    return !/\nState:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const until = async (what: () => boolean) => {
  const deadline = Date.now() + 10_000;
  while (!what()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const request = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url: new URL(`http://127.0.0.1:1${path}`),
  rawPath: path.split('?')[0] ?? path,
  headers: {},
  body: Buffer.alloc(0),
  ...more,
});

test("a handler has Lambda's environment and its own, and nothing of ours but PATH", async () => {
  const { env } = await invoke('echo');
  expect(env).toMatchObject({
    OWN: 'yes',
    AWS_LAMBDA_FUNCTION_NAME: 'echo',
    AWS_REGION: region,
    AWS_ENDPOINT_URL: context.endpoint,
  });
  const ours = Object.keys(process.env).filter(
    (name) => env[name] !== undefined && !['PATH', 'TZ', 'LANG'].includes(name),
  );
  expect(ours).toEqual([]);
});

test("the runtime brings the AWS SDK, as Lambda's does", async () => {
  expect(await lambda.invoke('sdk', {})).toEqual({ payload: { name: 'SSMClient' } });
});

test('an environment is used again warm; two events at once get two', async () => {
  const first = await invoke('echo');
  expect((await invoke('echo')).calls).toBe(first.calls + 1);
  const [a, b] = await Promise.all([invoke('echo', { wait: 300 }), invoke('echo', { wait: 300 })]);
  expect(a.pid).not.toBe(b.pid);
});

test('events beyond the cap wait; beyond a reserved concurrency they are throttled', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => invoke('web', { wait: 50 })));
  expect(new Set(answers.map(({ pid }) => pid)).size).toBeLessThanOrEqual(8);
  const first = invoke('single', { wait: 300 });
  await expect(invoke('single')).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
  await expect(first).resolves.toMatchObject({ calls: 1 });
});

test('what a handler leaves running is frozen after its answer and goes on with the next event', async () => {
  const ticks = join(code, 'ticks');
  writeFileSync(ticks, '');
  const { pid } = await invoke('slow', { tick: ticks, wait: 100 });
  await until(() => /\nState:\s+T/.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
  const frozen = readFileSync(ticks, 'utf8').length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(readFileSync(ticks, 'utf8')).toHaveLength(frozen);
  expect((await invoke('slow', { wait: 100 })).pid).toBe(pid);
  expect(readFileSync(ticks, 'utf8').length).toBeGreaterThan(frozen);
});

test('a handler that does not answer in time is ended, and the next event gets a new environment', async () => {
  const [before] = lambda.pids('slow');
  const { functionError, payload } = await lambda.invoke('slow', { hang: true });
  expect(functionError).toBe('Unhandled');
  expect(payload).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/),
  });
  expect(await invoke('slow')).toMatchObject({ calls: 1 });
  expect(lambda.pids('slow')).not.toContain(before);
});

test.each([
  ['an error', 'echo', { fail: true }, { errorType: 'RangeError', errorMessage: 'too far' }],
  ['a missing handler', 'lost', {}, { errorMessage: "Cannot find module 'lost'" }],
  ['a broken start', 'broken', {}, { errorType: 'TypeError', errorMessage: 'no start' }],
  [
    'a rejection that nobody caught',
    'echo',
    { crash: true },
    { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'nobody listens' },
  ],
  ['an exit', 'echo', { exit: true }, { errorType: 'Runtime.ExitError' }],
])(
  '%s comes back as a function error, and the next event is handled',
  async (_what, name, event, payload) => {
    expect(await lambda.invoke(name, event)).toMatchObject({ functionError: 'Unhandled', payload });
    if (name === 'echo') expect(await invoke('echo')).toMatchObject({ functionError: undefined });
  },
);

test('what cannot be run is refused: no such function, another runtime, a role that Lambda may not assume', async () => {
  await expect(lambda.invoke('absent', {})).rejects.toThrow('Function not found: absent');
  await expect(lambda.invoke('python', {})).rejects.toThrow('python3.13');
  await expect(lambda.invoke('foreign', {})).rejects.toThrow('cannot be assumed by Lambda');
});

test('output is logged with the request that it belongs to, and each event with its memory', async () => {
  await invoke('echo', { say: 'hello there' });
  const find = (event: string) =>
    cloud.logged.findLast((each) => each.event === event && each.function === 'echo');
  await until(() => find('output')?.line === 'hello there');
  expect(find('output')?.requestId).toBe(find('invoked')?.requestId);
  expect(find('invoked')?.maxMemoryUsedMegabytes).toBeGreaterThan(10);
});

test('the Invoke API needs the permission for this function', async () => {
  const client = new LambdaClient(cloud.client('caller'));
  const answer = await client.send(new InvokeCommand({ FunctionName: arn('echo'), Payload: '{}' }));
  expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({ name: 'echo' });
  const failed = await client.send(new InvokeCommand({ FunctionName: 'echo', Payload: '{"fail":true}' }));
  expect(failed.FunctionError).toBe('Unhandled');
  await expect(client.send(new InvokeCommand({ FunctionName: 'web' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  expect(
    (await client.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }))).StatusCode,
  ).toBe(204);
});

test('an asynchronous event is tried three times, then goes to its destination and its dead-letter queue', async () => {
  const [tries, kept] = [join(code, 'tries'), join(context.dataDirectory, 'dead-letters.jsonl')];
  writeFileSync(tries, '');
  const client = new LambdaClient(cloud.client('caller'));
  const Payload = JSON.stringify({ append: tries, fail: true });
  const answer = await client.send(
    new InvokeCommand({ FunctionName: 'later', InvocationType: 'Event', Payload }),
  );
  expect(answer.StatusCode).toBe(202);
  await until(() => cloud.logged.some((each) => each.event === 'dead-letter'));
  expect(readFileSync(tries, 'utf8')).toBe('xxx');
  expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ payload: { fail: true } });
  expect(cloud.logged.some((each) => each.event === 'invoked' && each.function === 'after')).toBe(true);
});

test('a public function URL answers with what the handler says', async () => {
  const path = `/lambda-url/${digitsOf(url, 32)}/some/path?a=1&a=2`;
  const headers = { 'content-type': 'text/plain', origin: 'https://page.example' };
  const reply = await cloud.route(request(path, { headers, body: Buffer.from('hi') }));
  expect(reply).toMatchObject({
    status: 201,
    headers: { 'x-path': '/some/path', 'access-control-allow-origin': 'https://page.example' },
    body: 'hi',
  });
  const binary = await cloud.route(request(path, { body: Buffer.from([0, 255]) }));
  expect(Buffer.from(binary.body ?? '')).toEqual(Buffer.from([0, 255]));
  const preflight = { method: 'OPTIONS', headers: { ...headers, 'access-control-request-method': 'POST' } };
  expect((await cloud.route(request(path, preflight))).headers).toMatchObject({
    'access-control-allow-methods': 'POST',
  });
});

test('a function URL is closed to everyone when the function has no public policy, and with IAM to the unsigned', async () => {
  expect((await cloud.route(request(`/lambda-url/${digitsOf(closed, 32)}/`))).status).toBe(403);
  expect((await cloud.route(request(`/lambda-url/${digitsOf(guarded, 32)}/`))).status).toBe(403);
  expect((await cloud.route(request('/lambda-url/unknown/'))).status).toBe(404);
});

test('what a handler started ends with its environment', async () => {
  const other = createLambda(cloud.context('lambda-closing'));
  const { payload } = await other.invoke('echo', { child: true });
  const { pid } = payload as Answer;
  expect(alive(pid)).toBe(true);
  await other.close();
  await until(() => !alive(pid));
});

test('environments, frozen ones too, do not outlive a cloud that was killed', async () => {
  const script = `
    const { cloudUnderTest, resource, role, roleArn } = await import(${JSON.stringify(new URL('../cloud-under-test.ts', import.meta.url).href)});
    const { createLambda } = await import(${JSON.stringify(new URL('./service.ts', import.meta.url).href)});
    const properties = { Runtime: 'nodejs22.x', Handler: 'index.handler', Role: roleArn('r'), Code: { S3Key: 'x' } };
    const fn = resource('AWS::Lambda::Function', 'kill', properties, { arn: 'arn:aws:lambda:us-east-1:000000000000:function:kill' });
    const cloud = cloudUnderTest([fn, role('r', [])], { assets: () => ${JSON.stringify(code)} });
    const { payload } = await createLambda(cloud.context('lambda')).invoke('kill', {});
    (await import('node:fs')).writeSync(1, String(payload.pid));
    process.kill(process.pid, 'SIGKILL');`;
  let pid = 0;
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    pid = Number((error as { stdout: Buffer }).stdout.toString());
  }
  expect(pid).toBeGreaterThan(0);
  await until(() => !alive(pid));
});
