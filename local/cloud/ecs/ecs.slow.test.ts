import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, expect, test } from 'vitest';
import { accountId, allow, cloudUnderTest, region, resource, role, roleArn } from '../cloud-under-test.ts';
import type { HttpRequest, Resource } from '../service.ts';
import { createSsm } from '../ssm/service.ts';
import { createEcs, type Ecs } from './service.ts';

const image = mkdtempSync(join(tmpdir(), 'image-'));
writeFileSync(
  join(image, 'Dockerfile'),
  'FROM node AS build\nENV WRONG=1\nFROM node\nENV FROM_IMAGE="of the image"\nENTRYPOINT ["node"]\nCMD ["task.mjs"]\n',
);
writeFileSync(
  join(image, 'task.mjs'),
  `import { spawn } from 'node:child_process';
   console.log(JSON.stringify({ env: process.env, argv: process.argv.slice(2) }));
   if (process.env.CHILD) console.log('child ' + spawn('sleep', [process.env.CHILD]).pid);
   if (process.env.EXIT) process.exit(Number(process.env.EXIT));
   const waiting = setInterval(() => {}, 1000);
   process.on('SIGTERM', () => {
     console.log('told to stop');
     if (!process.env.STUBBORN) clearInterval(waiting);
     if (process.env.CHILD) process.exit(0);
   });
   console.log('ready');`,
);

const ecsArn = (rest: string) => `arn:aws:ecs:${region}:${accountId}:${rest}`;
const cluster = ecsArn('cluster/main');
const definition = (family: string, more: object = {}, container: object = {}): Resource =>
  resource(
    'AWS::ECS::TaskDefinition',
    family,
    {
      Family: family,
      Cpu: '256',
      Memory: '512',
      TaskRoleArn: roleArn('task'),
      ExecutionRoleArn: roleArn('execution'),
      Tags: [{ Key: 'team', Value: 'a' }],
      ContainerDefinitions: [
        {
          Name: 'main',
          Image: 'image',
          Environment: [{ Name: 'OF_DEFINITION', Value: 'yes' }],
          StopTimeout: 1,
          ...container,
        },
      ],
      ...more,
    },
    { physicalId: ecsArn(`task-definition/${family}:1`), arn: ecsArn(`task-definition/${family}:1`) },
  );
const pass = (name: string) =>
  allow('iam:PassRole', roleArn(name), {
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  });
const run = (family: string) =>
  allow('ecs:RunTask', ecsArn(`task-definition/${family}:1`), { ArnEquals: { 'ecs:cluster': cluster } });
const secret = `arn:aws:ssm:${region}:${accountId}:parameter/app/key`;
const resources = [
  resource('AWS::ECS::Cluster', 'main', {}, { arn: cluster }),
  resource('AWS::ECS::Cluster', 'other', {}, { arn: ecsArn('cluster/other') }),
  resource('AWS::ECS::ClusterCapacityProviderAssociations', 'providers', {
    Cluster: 'main',
    CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    DefaultCapacityProviderStrategy: [],
  }),
  definition('app'),
  definition('foreign', { TaskRoleArn: roleArn('function') }),
  definition('secretive', {}, { Secrets: [{ Name: 'KEY', ValueFrom: secret }] }),
  definition(
    'curious',
    { ExecutionRoleArn: roleArn('execution') },
    { Secrets: [{ Name: 'KEY', ValueFrom: `${secret}-other` }] },
  ),
  definition('pair', {
    ContainerDefinitions: [
      { Name: 'a', Image: 'x' },
      { Name: 'b', Image: 'y' },
    ],
  }),
  resource('AWS::EC2::Subnet', 'subnet-1', {}),
  resource('AWS::EC2::SecurityGroup', 'sg-1', {}),
  resource(
    'AWS::SSM::Parameter',
    'key',
    { Name: '/app/key', Type: 'String', Value: 'hush' },
    { physicalId: '/app/key' },
  ),
  role('task', [allow('ecs:DescribeTasks', '*')], 'ecs-tasks.amazonaws.com'),
  role('execution', [allow('ssm:GetParameters', secret)], 'ecs-tasks.amazonaws.com'),
  role('function', []),
  role('starter', [
    ...['app', 'secretive', 'curious', 'pair'].map(run),
    allow(['ecs:DescribeTasks', 'ecs:StopTask', 'ecs:ListTasks', 'ecs:TagResource'], '*'),
    pass('task'),
    pass('execution'),
  ]),
  role('passer', [run('foreign'), pass('function'), pass('execution')]),
  role('unpassing', [run('app'), pass('task')]),
];

const open: Ecs[] = [];
afterEach(async () => {
  for (const ecs of open.splice(0)) await ecs.close();
});
function start(directory?: string) {
  const cloud = cloudUnderTest(resources, { assets: () => image, ...(directory ? { directory } : {}) });
  cloud.services.push(createSsm(cloud.context('ssm')));
  const ecs = createEcs(cloud.context('ecs'), { graceSeconds: 2 });
  cloud.services.push(ecs);
  open.push(ecs);
  const client = (name = 'starter') => new ECSClient(cloud.client(name));
  const statuses = () => cloud.emitted.map(({ detail }) => (detail as { lastStatus: string }).lastStatus);
  const lines = () =>
    cloud.logged.filter((each) => each.event === 'task.output').map((each) => String(each.line));
  return { cloud, ecs, client, statuses, lines };
}
const input = (more: Partial<RunTaskCommandInput> = {}): RunTaskCommandInput => ({
  cluster: 'main',
  taskDefinition: 'app',
  launchType: 'FARGATE',
  networkConfiguration: {
    awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'ENABLED' },
  },
  ...more,
});
const environment = (values: Record<string, string>) => ({
  containerOverrides: [
    { name: 'main', environment: Object.entries(values).map(([name, value]) => ({ name, value })) },
  ],
});
const spot = {
  launchType: undefined,
  capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
};
const until = async (what: () => boolean) => {
  const deadline = Date.now() + 10_000;
  while (!what()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const get = (uri: string): HttpRequest => {
  const url = new URL(uri);
  return { method: 'GET', url, rawPath: url.pathname, headers: {}, body: Buffer.alloc(0) };
};

test('a task runs from PROVISIONING to STOPPED, and each step is an event in the shape of ECS', async () => {
  const { cloud, client, statuses } = start();
  const { tasks, failures } = await client().send(
    new RunTaskCommand(
      input({
        overrides: environment({ EXIT: '3' }),
        startedBy: 'me',
        tags: [{ key: 'a', value: 'b' }],
        propagateTags: 'TASK_DEFINITION',
      }),
    ),
  );
  expect(failures).toEqual([]);
  expect(tasks?.[0]).toMatchObject({
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    startedBy: 'me',
    launchType: 'FARGATE',
  });
  await until(() => statuses().includes('STOPPED'));
  expect(statuses()).toEqual([
    'PROVISIONING',
    'PENDING',
    'ACTIVATING',
    'RUNNING',
    'DEACTIVATING',
    'STOPPING',
    'DEPROVISIONING',
    'STOPPED',
  ]);
  const versions = cloud.emitted.map(({ detail }) => (detail as { version: number }).version);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(cloud.emitted.at(-1)).toMatchObject({
    source: 'aws.ecs',
    detailType: 'ECS Task State Change',
    resources: [tasks?.[0]?.taskArn],
    detail: {
      clusterArn: cluster,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'main', lastStatus: 'STOPPED', exitCode: 3 }],
      pullStartedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      startedAt: expect.any(String),
      stoppedAt: expect.any(String),
    },
  });
  const described = await client().send(
    new DescribeTasksCommand({ cluster, tasks: [tasks?.[0]?.taskArn ?? ''], include: ['TAGS'] }),
  );
  expect(described.tasks?.[0]?.tags).toEqual([
    { key: 'team', value: 'a' },
    { key: 'a', value: 'b' },
  ]);
  expect(described.tasks?.[0]?.stoppedAt).toBeInstanceOf(Date);
});

test("a task has the image's, the definition's and the request's environment and nothing of ours", async () => {
  const { cloud, client, lines } = start();
  await client().send(
    new RunTaskCommand(
      input({
        overrides: {
          containerOverrides: [
            { name: 'main', command: ['task.mjs', 'word'], environment: [{ name: 'ASKED', value: 'yes' }] },
          ],
        },
      }),
    ),
  );
  await until(() => lines().includes('ready'));
  const { env, argv } = JSON.parse(lines()[0] ?? '');
  expect(argv).toEqual(['word']);
  const {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials,
    ECS_CONTAINER_METADATA_URI_V4: metadata,
    PATH: _path,
    ...rest
  } = env;
  expect(rest).toEqual({
    FROM_IMAGE: 'of the image',
    OF_DEFINITION: 'yes',
    ASKED: 'yes',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  });
  expect((await cloud.route(get(`${metadata}/task`))).status).toBe(200);
  expect(JSON.parse(String((await cloud.route(get(credentials))).body))).toMatchObject({
    RoleArn: roleArn('task'),
  });
});

test("a task's credentials are its role's, named after the task, and end with it", async () => {
  const { cloud, ecs, client, lines, statuses } = start();
  const { tasks } = await client().send(new RunTaskCommand(input()));
  const taskArn = tasks?.[0]?.taskArn ?? '';
  await until(() => lines().includes('ready'));
  const uri = JSON.parse(lines()[0] ?? '').env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
  } = JSON.parse(String((await cloud.route(get(uri))).body));
  const asTask = new ECSClient({
    ...cloud.client('task'),
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  const describe = new DescribeTasksCommand({ cluster, tasks: [taskArn] });
  expect((await asTask.send(describe)).tasks).toHaveLength(1);
  await expect(asTask.send(new StopTaskCommand({ cluster, task: taskArn }))).rejects.toThrow(
    `assumed-role/task/${taskArn.split('/').at(-1)}`,
  );
  await client().send(new StopTaskCommand({ cluster, task: taskArn, reason: 'enough' }));
  await until(() => statuses().includes('STOPPED'));
  expect((await cloud.route(get(uri))).status).toBe(404);
  await expect(asTask.send(describe)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  expect(ecs.tasks()).toEqual([]);
});

test('RunTask needs its permission on this definition and cluster, and PassRole for both roles', async () => {
  const { client, ecs } = start();
  const denied = (name: string, more: Partial<RunTaskCommandInput>) =>
    expect(client(name).send(new RunTaskCommand(input(more)))).rejects;
  await denied('starter', { taskDefinition: 'foreign' }).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('ecs:RunTask'),
  });
  await denied('starter', { cluster: 'other' }).toThrow('ecs:RunTask');
  await denied('unpassing', {}).toThrow(`iam:PassRole on resource: ${roleArn('execution')}`);
  await denied('passer', { taskDefinition: 'foreign' }).toThrow('unable to assume the role');
  expect(ecs.tasks()).toEqual([]);
});

test('a request that ECS would refuse is refused and starts nothing', async () => {
  const { client, ecs } = start();
  const refused = (more: Partial<RunTaskCommandInput>) =>
    expect(client().send(new RunTaskCommand(input(more)))).rejects;
  await refused({ cluster: 'absent' }).toMatchObject({ name: 'ClusterNotFoundException' });
  await refused({ taskDefinition: 'absent' }).toThrow('Unable to find task definition');
  await refused({ taskDefinition: 'app:2' }).toThrow('Unable to find task definition');
  await refused({ count: 11 }).toThrow('count');
  await refused({ networkConfiguration: undefined }).toThrow('networkConfiguration');
  await refused({ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-9'] } } }).toThrow(
    'subnet-9',
  );
  await refused({ overrides: { containerOverrides: [{ name: 'sidecar' }] } }).toThrow(
    'sidecar is not a container',
  );
  await refused({ ...spot, launchType: 'FARGATE' }).toThrow('Specifying both');
  await refused({ launchType: undefined }).toThrow('No Container Instances');
  await refused({ launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'MINE' }] }).toThrow(
    "'MINE' is not associated",
  );
  await refused({ overrides: { taskRoleArn: roleArn('function') } }).toThrow('taskRoleArn');
  await refused({ enableExecuteCommand: true }).toThrow('enableExecuteCommand');
  await refused({ taskDefinition: 'pair' }).toThrow('one container');
  await expect(client().send(new DescribeServicesCommand({ services: ['x'] }))).rejects.toThrow(
    'DescribeServices',
  );
  expect(ecs.tasks()).toEqual([]);
});

test('a task has the size that is asked for, if Fargate has it, and says so in its events', async () => {
  const { cloud, client } = start();
  const overrides = { ...environment({ EXIT: '0' }), cpu: '1024', memory: '4096' };
  const { tasks } = await client().send(new RunTaskCommand(input({ overrides })));
  expect(tasks?.[0]).toMatchObject({
    cpu: '1024',
    memory: '4096',
    overrides: { cpu: '1024', memory: '4096' },
  });
  await until(() =>
    cloud.emitted.some(({ detail }) => (detail as { lastStatus: string }).lastStatus === 'STOPPED'),
  );
  for (const { detail } of cloud.emitted) expect(detail).toMatchObject({ cpu: '1024', memory: '4096' });
  for (const size of [
    { cpu: '1024', memory: '1024' },
    { cpu: '1000', memory: '2048' },
    { cpu: '1024' },
    { memory: '8192' },
    { cpu: '2 vCPU', memory: '4096' },
  ]) {
    const refused = client().send(new RunTaskCommand(input({ overrides: size })));
    await expect(refused).rejects.toThrow(/No Fargate configuration|no whole number/);
  }
  expect(new Set(cloud.emitted.map(({ resources: [arn] }) => arn)).size).toBe(1);
});

test('a client token stands for one request: again it gives the task, with other parameters a conflict that names it', async () => {
  const { client, ecs } = start();
  const once = () =>
    client().send(new RunTaskCommand(input({ clientToken: 'token', overrides: environment({ A: '1' }) })));
  const first = await once();
  const again = await once();
  expect(again.tasks?.[0]?.taskArn).toBe(first.tasks?.[0]?.taskArn);
  const other = client().send(new RunTaskCommand(input({ clientToken: 'token', ...spot })));
  await expect(other).rejects.toMatchObject({
    name: 'ConflictException',
    resourceIds: [first.tasks?.[0]?.taskArn],
  });
  expect(ecs.tasks()).toHaveLength(1);
});

test('no capacity is either a failure in the answer or a task that stops at its start', async () => {
  const { ecs, client, cloud, statuses } = start();
  ecs.setCapacity({ FARGATE_SPOT: 'none' });
  const none = await client().send(new RunTaskCommand(input({ ...spot, clientToken: 'token' })));
  expect(none).toMatchObject({
    tasks: [],
    failures: [{ reason: expect.stringContaining('Capacity is unavailable at this time') }],
  });
  ecs.setCapacity({ FARGATE_SPOT: 'stops-at-start' });
  const accepted = await client().send(new RunTaskCommand(input({ ...spot, clientToken: 'token' })));
  expect(accepted.tasks).toHaveLength(1);
  await until(() => statuses().includes('STOPPED'));
  expect(statuses()).not.toContain('RUNNING');
  expect(cloud.emitted.at(-1)).toMatchObject({
    detail: { stopCode: 'TaskFailedToStart', capacityProviderName: 'FARGATE_SPOT' },
  });
  const demand = await client().send(new RunTaskCommand(input()));
  expect(demand.tasks).toHaveLength(1);
});

test('capacity may be missing for some tasks only, by who started them', async () => {
  const { ecs, client } = start();
  ecs.setCapacity({ FARGATE_SPOT: 'none' }, 'ann-');
  const run = (startedBy: string) => client().send(new RunTaskCommand(input({ ...spot, startedBy })));
  expect((await run('ann-1')).tasks).toEqual([]);
  expect((await run('bob-1')).tasks).toHaveLength(1);
  ecs.setCapacity({ FARGATE_SPOT: 'available' }, 'ann-');
  expect((await run('ann-2')).tasks).toHaveLength(1);
});

test('a Spot interruption is told first, then SIGTERM, then SIGKILL after the stop timeout', async () => {
  const { ecs, client, cloud, lines, statuses } = start();
  const { tasks } = await client().send(
    new RunTaskCommand(input({ ...spot, overrides: environment({ STUBBORN: '1' }) })),
  );
  await until(() => lines().includes('ready'));
  const asked = Date.now();
  ecs.interruptSpot(tasks?.[0]?.taskArn ?? '');
  const notice = cloud.emitted.find(({ detail }) => (detail as { stopCode?: string }).stopCode !== undefined);
  expect(notice).toMatchObject({
    detail: { stopCode: 'SpotInterruption', desiredStatus: 'STOPPED', lastStatus: 'RUNNING' },
  });
  await until(() => lines().includes('told to stop'));
  await until(() => statuses().includes('STOPPED'));
  expect(Date.now() - asked).toBeGreaterThanOrEqual(1000);
  expect(cloud.emitted.at(-1)).toMatchObject({
    detail: { stopCode: 'SpotInterruption', containers: [{ exitCode: 137 }] },
  });
  expect(() => ecs.interruptSpot('arn:other')).toThrow('no task on FARGATE_SPOT');
});

test('a task takes everything that it started with it', async () => {
  const { client, lines, statuses } = start();
  const marker = '86399.25';
  const { tasks } = await client().send(
    new RunTaskCommand(input({ overrides: environment({ CHILD: marker }) })),
  );
  const sleeping = () =>
    execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(`sleep ${marker}`);
  await until(() => lines().includes('ready'));
  expect(sleeping()).toBe(true);
  await client().send(new StopTaskCommand({ cluster, task: tasks?.[0]?.taskArn }));
  await until(() => statuses().includes('STOPPED'));
  expect(sleeping()).toBe(false);
});

test('tasks are listed by status and by who started them', async () => {
  const { client, lines, statuses } = start();
  const { tasks } = await client().send(new RunTaskCommand(input({ startedBy: 'me' })));
  await client().send(new RunTaskCommand(input({ startedBy: 'you', overrides: environment({ EXIT: '0' }) })));
  await until(() => statuses().includes('STOPPED') && lines().includes('ready'));
  const list = async (more: object) =>
    (await client().send(new ListTasksCommand({ cluster, ...more }))).taskArns;
  expect(await list({})).toEqual([tasks?.[0]?.taskArn]);
  expect(await list({ startedBy: 'you' })).toEqual([]);
  expect(await list({ desiredStatus: 'STOPPED' })).toHaveLength(1);
  const missing = await client().send(new DescribeTasksCommand({ cluster, tasks: ['0123'] }));
  expect(missing.failures).toMatchObject([{ reason: 'MISSING' }]);
});

test('secrets come from SSM through the execution role; one that it may not read stops the task at its start', async () => {
  const { client, cloud, lines, statuses } = start();
  await client().send(new RunTaskCommand(input({ taskDefinition: 'secretive' })));
  await until(() => lines().includes('ready'));
  expect(JSON.parse(lines()[0] ?? '').env.KEY).toBe('hush');
  await client().send(new RunTaskCommand(input({ taskDefinition: 'curious' })));
  await until(() => statuses().includes('STOPPED'));
  expect(cloud.emitted.at(-1)).toMatchObject({
    detail: {
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringContaining('ResourceInitializationError'),
    },
  });
});

test('output goes to a file of the task', async () => {
  const { client, cloud, lines } = start();
  const { tasks } = await client().send(new RunTaskCommand(input()));
  await until(() => lines().includes('ready'));
  const file = join(
    cloud.context('ecs').dataDirectory,
    'logs',
    `${tasks?.[0]?.taskArn?.split('/').at(-1)}.log`,
  );
  await until(() => readFileSync(file, 'utf8').includes('ready\n'));
});

test('a cloud that closes lets its tasks leave', async () => {
  const { client, ecs, lines, statuses } = start();
  await client().send(new RunTaskCommand(input()));
  await until(() => lines().includes('ready'));
  const closing = ecs.close();
  open.length = 0;
  await expect(client().send(new RunTaskCommand(input()))).rejects.toThrow('The local cloud is closing');
  await closing;
  expect(lines()).toContain('told to stop');
  expect(statuses().at(-1)).toBe('STOPPED');
});

test('a task whose image is still being laid out when the cloud closes never runs', async () => {
  const cloud = cloudUnderTest(resources, { assets: () => image });
  const laidOut = Promise.withResolvers<void>();
  const ecs = createEcs(cloud.context('ecs'), {
    graceSeconds: 2,
    imageFor: async () => {
      await laidOut.promise;
      return { command: ['sleep', '600'], cwd: image, env: {} };
    },
  });
  cloud.services.push(ecs);
  await new ECSClient(cloud.client('starter')).send(new RunTaskCommand(input()));
  const closed = ecs.close();
  laidOut.resolve();
  await closed;
  const statuses = cloud.emitted.map(({ detail }) => (detail as { lastStatus: string }).lastStatus);
  expect(statuses).not.toContain('RUNNING');
  expect(statuses.at(-1)).toBe('STOPPED');
});

test('tasks of a cloud that was killed are ended, and their end is told at the next start', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cloud-'));
  const { client, ecs, lines } = start(directory);
  const { tasks } = await client().send(new RunTaskCommand(input()));
  await until(() => lines().includes('ready'));
  const pid = ecs.pidOf(tasks?.[0]?.taskArn ?? '') ?? 0;
  // The second cloud finds what the first left on disk, as if the first had been killed.
  const second = start(directory);
  expect(second.cloud.emitted.at(-1)).toMatchObject({
    resources: [tasks?.[0]?.taskArn],
    detail: { lastStatus: 'STOPPED' },
  });
  await until(() => {
    try {
      return /\nState:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return true;
    }
  });
  expect(second.ecs.tasks()).toEqual([]);
});
