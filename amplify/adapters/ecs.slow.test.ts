import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunTaskRequest } from '../core/ports.ts';
import { ecsTaskRunner } from './ecs.ts';

type Reply = { status?: number; body: unknown };
let replies: Reply[] = [];
let requests: { operation: string; body: Record<string, unknown> }[] = [];

/** Answers as ECS does on the wire (AWS JSON 1.1), with what a test laid out. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    requests.push({ operation, body: JSON.parse(Buffer.concat(chunks).toString()) });
    const reply = replies.shift() ?? { status: 500, body: { __type: 'ServerException' } };
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(reply.body));
  });
});
let runner: ReturnType<typeof ecsTaskRunner>;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const options = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
    maxAttempts: 1,
  };
  const place = {
    clusterArn: 'arn:aws:ecs:us-east-1:1:cluster/agents',
    taskDefinitionArn: 'arn:aws:ecs:us-east-1:1:task-definition/agent:3',
    containerName: 'agent',
    subnetIds: ['subnet-a', 'subnet-b'],
    securityGroupId: 'sg-1',
    graphqlUrl: 'https://api.test/graphql',
    deployment: 'app-main',
  };
  runner = ecsTaskRunner(place, options);
});
afterAll(() => void server.close());
beforeEach(() => {
  replies = [];
  requests = [];
});

const arn = (id: string) => `arn:aws:ecs:us-east-1:1:task/agents/${id}`;
const request: RunTaskRequest = {
  ...{ capacity: 'FARGATE_SPOT', clientToken: 'token-1', startedBy: 'abc-1-1' },
  size: { cpu: 2048, memory: 4096 },
};

describe('running a task', () => {
  test('asks for one task on the capacity, with an address and no more than the API’s URL', async () => {
    replies = [{ body: { tasks: [{ taskArn: arn('0123abc') }], failures: [] } }];
    expect(await runner.run(request)).toEqual({ outcome: 'started', taskId: '0123abc' });
    expect(requests).toEqual([
      {
        operation: 'RunTask',
        body: {
          cluster: 'arn:aws:ecs:us-east-1:1:cluster/agents',
          taskDefinition: 'arn:aws:ecs:us-east-1:1:task-definition/agent:3',
          count: 1,
          clientToken: 'token-1',
          startedBy: 'abc-1-1',
          capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
          enableExecuteCommand: false,
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: ['subnet-a', 'subnet-b'],
              securityGroups: ['sg-1'],
              assignPublicIp: 'ENABLED',
            },
          },
          overrides: {
            cpu: '2048',
            memory: '4096',
            containerOverrides: [
              {
                name: 'agent',
                environment: [
                  { name: 'GRAPHQL_URL', value: 'https://api.test/graphql' },
                  { name: 'DEPLOYMENT', value: 'app-main' },
                ],
              },
            ],
          },
        },
      },
    ]);
  });

  test('tells no capacity from other failures', async () => {
    const failure = (reason: string) => ({ body: { tasks: [], failures: [{ arn: 'x', reason }] } });
    replies = [failure('Capacity is unavailable at this time. Please try again later.'), failure('MISSING')];
    expect(await runner.run(request)).toMatchObject({ outcome: 'no-capacity' });
    expect(await runner.run(request)).toEqual({ outcome: 'failed', reason: 'MISSING' });
  });

  test('takes the task that a conflict names', async () => {
    replies = [
      { status: 400, body: { __type: 'ConflictException', resourceIds: [arn('feed')], message: 'x' } },
    ];
    expect(await runner.run(request)).toEqual({ outcome: 'started', taskId: 'feed' });
  });

  test('says what it was refused for, and no more', async () => {
    replies = [
      { status: 400, body: { __type: 'AccessDeniedException', message: 'User: arn:… is not authorized' } },
    ];
    expect(await runner.run(request)).toEqual({ outcome: 'failed', reason: 'AccessDeniedException' });
  });
});

test('a task that is gone is no error to stop; any other refusal is', async () => {
  const refusal = (message: string) => ({
    status: 400,
    body: { __type: 'InvalidParameterException', message },
  });
  replies = [{ body: {} }, refusal('The referenced task was not found.'), refusal('bad cluster')];
  await runner.stop('t1', 'superseded');
  await runner.stop('t1', 'superseded');
  await expect(runner.stop('t1', 'superseded')).rejects.toThrow('bad cluster');
  expect(requests[0]?.body).toMatchObject({ task: 't1', reason: 'superseded' });
});

test('every page of tasks is listed, without those that have stopped', async () => {
  const task = (id: string, lastStatus: string, overrides = {}) => ({
    taskArn: arn(id),
    lastStatus,
    createdAt: 1_777_000_000,
    ...{ cpu: '1024', memory: '2048', overrides: { containerOverrides: [], ...overrides } },
  });
  replies = [
    { body: { taskArns: [arn('a'), arn('b')], nextToken: 'more' } },
    { body: { tasks: [task('a', 'RUNNING'), task('b', 'STOPPED')] } },
    { body: { taskArns: [arn('c')] } },
    { body: { tasks: [task('c', 'PENDING', { cpu: '4096', memory: '8192' })] } },
  ];
  expect(await runner.list()).toEqual([
    { taskId: 'a', lastStatus: 'RUNNING', createdAt: 1_777_000_000_000, size: { cpu: 1024, memory: 2048 } },
    { taskId: 'c', lastStatus: 'PENDING', createdAt: 1_777_000_000_000, size: { cpu: 4096, memory: 8192 } },
  ]);
  replies = [{ body: { taskArns: [] } }];
  expect(await runner.list()).toEqual([]);
});
