import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { accountId, type Cloud, type CloudOptions, startCloud } from './cloud.ts';
import { openEngine } from './dynamodb/engine.ts';
import { synthesiseFixture } from './fixture/synthesise.ts';

let assemblyDirectory = '';
beforeAll(async () => {
  assemblyDirectory = await synthesiseFixture();
});

const clouds: Cloud[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

type Log = Readonly<Record<string, unknown>>;
async function start(
  dataDirectory: string,
  more: Partial<CloudOptions> = {},
): Promise<{ cloud: Cloud; logged: Log[] }> {
  const logged: Log[] = [];
  const cloud = await startCloud({
    assemblyDirectory,
    dataDirectory,
    port: 0,
    corsOrigins: [],
    deliverMail: () => {},
    log: (event) => logged.push(event),
    graceSeconds: 3,
    ...more,
  });
  clouds.push(cloud);
  return { cloud, logged };
}
const folder = () => mkdtempSync(join(tmpdir(), 'cloud-'));
const functionArn = (cloud: Cloud, logicalId: string) =>
  cloud.assembly.byType('AWS::Lambda::Function').find((each) => each.logicalId.startsWith(logicalId))?.arn ??
  '';
const until = async (what: () => boolean) => {
  const deadline = Date.now() + 20_000;
  while (!what()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const watched = (logged: readonly Log[]) =>
  logged.filter(({ event, function: name }) => event === 'invoked' && String(name).startsWith('watchworker'));

/** What the runs table holds in the folder of a cloud that is closed. */
async function runsIn(dataDirectory: string, table: string): Promise<readonly string[]> {
  const engine = await openEngine(
    join(dataDirectory, 'dynamodb'),
    { region: 'us-east-1', accountId },
    () => new Date(),
  );
  const { Items } = await engine.call('Scan', { TableName: table });
  await engine.close();
  return (Items as readonly { state: { S: string }; stopCode: { S: string } }[])
    .map(({ state, stopCode }) => `${state.S} ${stopCode.S}`.trim())
    .sort();
}
const runsTable = (cloud: Cloud) => cloud.assembly.byType('AWS::DynamoDB::Table')[0]?.physicalId ?? '';

test('a function starts a task, whose events another function writes down', async () => {
  const dataDirectory = folder();
  const { cloud, logged } = await start(dataDirectory);
  const { payload, functionError } = await cloud.invoke(functionArn(cloud, 'startworker'), {
    arguments: { noteId: 'n1' },
  });
  expect(functionError).toBeUndefined();
  expect(cloud.ecs.tasks().map(({ taskArn }) => taskArn)).toEqual([payload]);
  await until(() => logged.some(({ line }) => String(line).includes('"noteId":"n1"')));
  cloud.ecs.interruptSpot(String(payload));
  // RUNNING, the notice while it still runs, and STOPPED.
  await until(() => watched(logged).length === 3);
  expect(watched(logged).every(({ error }) => error === undefined)).toBe(true);
  await cloud.close();
  clouds.length = 0;
  expect(await runsIn(dataDirectory, runsTable(cloud))).toEqual([
    'RUNNING SpotInterruption',
    'STOPPED SpotInterruption',
  ]);
});

test("a function reads what its role lets it, and the outputs are the app's", async () => {
  const { cloud } = await start(folder());
  expect(await cloud.invoke(functionArn(cloud, 'sweepnotes'), {})).toEqual({ payload: { keepDays: 30 } });
  expect(cloud.outputs).toMatchObject({
    version: '1.4',
    auth: { groups: [{ editors: { precedence: 0 } }] },
    data: { url: `${cloud.endpoint}/graphql`, model_introspection: { models: { Note: {} } } },
    storage: { buckets: [{ name: 'attachments' }] },
    custom: { keepDaysParameter: expect.any(String) },
  });
});

test('names and ids stay the same from one start to the next', async () => {
  const dataDirectory = folder();
  const ids = async () => {
    const { cloud } = await start(dataDirectory);
    await cloud.close();
    clouds.length = 0;
    return cloud.assembly.resources.map(({ physicalId }) => physicalId);
  };
  expect(await ids()).toEqual(await ids());
});

test('a second cloud on the same folder is refused and leaves the first alone', async () => {
  const dataDirectory = folder();
  const { cloud } = await start(dataDirectory);
  await expect(start(dataDirectory)).rejects.toThrow('Another local cloud is using');
  expect(await cloud.invoke(functionArn(cloud, 'sweepnotes'), {})).toEqual({ payload: { keepDays: 30 } });
});

test('after a kill nothing runs on, and the next start tells the end of what ran', async () => {
  const dataDirectory = folder();
  const script = `
    const { startCloud } = await import(${JSON.stringify(new URL('./cloud.ts', import.meta.url).href)});
    const cloud = await startCloud({
      assemblyDirectory: ${JSON.stringify(assemblyDirectory)}, dataDirectory: ${JSON.stringify(dataDirectory)},
      port: 0, corsOrigins: [], deliverMail: () => {}, log: (event) => console.log(JSON.stringify(event)),
    });
    const start = cloud.assembly.byType('AWS::Lambda::Function').find((each) => each.logicalId.startsWith('startworker'));
    const { payload } = await cloud.invoke(start.arn, { arguments: { noteId: 'n1' } });
    console.log(JSON.stringify({ started: payload, pid: cloud.ecs.pidOf(payload) }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Log[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  await until(() => watched(lines).length === 1);
  const { started } = lines.find((line) => line.started) ?? {};
  child.kill('SIGKILL');
  await once(child, 'exit');

  const { cloud, logged } = await start(dataDirectory);
  await until(() => watched(logged).length === 1);
  expect(cloud.ecs.tasks()).toEqual([]);
  expect(logged).toContainEqual(
    expect.objectContaining({
      event: 'task.status',
      status: 'STOPPED',
      task: String(started).split('/').at(-1),
    }),
  );
  await cloud.close();
  clouds.length = 0;
  expect(await runsIn(dataDirectory, runsTable(cloud))).toEqual([
    'RUNNING',
    'STOPPED EssentialContainerExited',
  ]);
});

test('a folder that is no assembly is refused', async () => {
  const other = fileURLToPath(new URL('fixture', import.meta.url));
  await expect(start(folder(), { assemblyDirectory: other })).rejects.toThrow('manifest.json');
});
