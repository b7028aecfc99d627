import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  AwsError,
  type AwsService,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
  type Principal,
} from '../service.ts';
import { type CapacityByProvider, unavailable } from './capacity.ts';
import { catalogueOf } from './catalogue.ts';
import { type ImageFor, imageFromDockerfile } from './image.ts';
import { Lifecycle } from './lifecycle.ts';
import { newTask } from './new-task.ts';
import { placementOf } from './placement.ts';
import { parseRunTask } from './run-task-input.ts';
import { type Task, taskIdOf } from './task.ts';
import { TaskCredentials } from './task-credentials.ts';
import { containerOf } from './task-definition.ts';
import { TaskMetadata } from './task-metadata.ts';
import { type TaskRecord, TaskStore } from './task-store.ts';

const target = 'AmazonEC2ContainerServiceV20141113.';

/** ECS, and what its host may do to it. */
export interface Ecs extends AwsService {
  /** Sets faults of capacity, for tasks whose `startedBy` begins so; what is not named stays. */
  setCapacity(capacity: CapacityByProvider, startedBy?: string): void;
  /** A Spot notice: the event, SIGTERM, SIGKILL after the stop timeout. Throws for a task that is not on Spot. */
  interruptSpot(taskArn: string): void;
  /** Tasks that have not stopped. */
  tasks(): readonly Task[];
  /** Host pid of a running task's outermost process. */
  pidOf(taskArn: string): number | undefined;
}

/**
 * ECS for Fargate tasks: RunTask, StopTask, DescribeTasks, ListTasks. Containers are processes of this machine.
 * `graceSeconds`: how long tasks may take to leave when the cloud closes.
 */
export function createEcs(
  context: CloudContext,
  options: { imageFor?: ImageFor; graceSeconds?: number } = {},
): Ecs {
  const catalogue = catalogueOf(context.assembly);
  const store = new TaskStore(context.dataDirectory);
  const credentials = new TaskCredentials(context);
  const metadata = new TaskMetadata(context);
  const lifecycle = new Lifecycle(
    context,
    store,
    { credentials, metadata },
    options.imageFor ?? imageFromDockerfile,
  );
  lifecycle.recover();

  const definitionOf = (task: Task) => catalogue.taskDefinition(task.taskDefinitionArn);

  function mayPass(principal: Principal, roleArn: string | undefined): void {
    if (!roleArn) return;
    context.iam.authorize(principal, 'iam:PassRole', roleArn, {
      'iam:PassedToService': 'ecs-tasks.amazonaws.com',
    });
    const source = { 'aws:SourceArn': `arn:aws:ecs:${context.region}:${context.accountId}:*` };
    if (!context.iam.trusts(roleArn, 'ecs-tasks.amazonaws.com', source)) {
      throw new AwsError(
        'ClientException',
        `ECS was unable to assume the role '${roleArn}' that was provided for this task.`,
      );
    }
  }

  function runTask(principal: Principal, body: unknown): unknown {
    const input = parseRunTask(body);
    const cluster = catalogue.cluster(input.cluster);
    const definition = catalogue.taskDefinition(input.taskDefinition);
    context.iam.authorize(principal, 'ecs:RunTask', definition.arn, { 'ecs:cluster': cluster.arn });
    if (input.tags.length) {
      context.iam.authorize(principal, 'ecs:TagResource', `${cluster.arn.replace(':cluster/', ':task/')}/*`, {
        'ecs:CreateAction': 'RunTask',
      });
    }
    mayPass(principal, definition.properties.TaskRoleArn);
    mayPass(principal, definition.properties.ExecutionRoleArn);
    const container = containerOf(definition);
    const unknown = input.overrides.containerOverrides.find((each) => each.name !== container.Name);
    if (unknown !== undefined) {
      throw new AwsError(
        'InvalidParameterException',
        `Override for container named ${unknown.name} is not a container in the TaskDefinition.`,
      );
    }
    catalogue.checkNetwork(input.networkConfiguration.awsvpcConfiguration);
    const placement = placementOf(input, cluster);
    const { clientToken, ...rest } = input;
    const parameters = createHash('sha256').update(JSON.stringify(rest)).digest('hex');
    const known = clientToken ? store.byClientToken(clientToken) : [];
    if (known.some((record) => record.parameters !== parameters)) throw conflict(known);
    if (known.length) return { tasks: known.map((record) => record.task), failures: [] };
    if (lifecycle.closing) throw new AwsError('ServerException', 'The local cloud is closing.', 500);
    const tasks: Task[] = [];
    const failures: { reason: string }[] = [];
    for (const provider of placement) {
      if (lifecycle.capacity.of(provider ?? 'FARGATE', input.startedBy) === 'none') {
        failures.push({ reason: unavailable });
        continue;
      }
      const task = newTask(input, { clusterArn: cluster.arn, definition, provider, context });
      const record: TaskRecord = { task, parameters, ...(clientToken ? { clientToken } : {}) };
      // The reply shows the task as it was made; what follows is told by events.
      tasks.push(structuredClone(task));
      lifecycle.start(record, definition);
    }
    return { tasks, failures };
  }

  function found(principal: Principal, action: string, clusterName: string | undefined, name: string) {
    const cluster = catalogue.cluster(clusterName ?? 'default');
    const arn = name.startsWith('arn:') ? name : `${cluster.arn.replace(':cluster/', ':task/')}/${name}`;
    context.iam.authorize(principal, action, arn, { 'ecs:cluster': cluster.arn });
    const record = store.get(arn);
    return record && record.task.clusterArn === cluster.arn ? record : undefined;
  }

  const stopInput = z.strictObject({
    cluster: z.string().optional(),
    task: z.string(),
    reason: z.string().max(255).optional(),
  });
  const describeInput = z.strictObject({
    cluster: z.string().optional(),
    tasks: z.array(z.string()).min(1).max(100),
    include: z.array(z.literal('TAGS')).optional(),
  });
  const listInput = z.strictObject({
    cluster: z.string().optional(),
    desiredStatus: z.enum(['RUNNING', 'PENDING', 'STOPPED']).default('RUNNING'),
    family: z.string().optional(),
    startedBy: z.string().optional(),
    maxResults: z.number().int().min(1).max(100).default(100),
    nextToken: z.string().optional(),
  });

  const operations: Record<string, (principal: Principal, body: unknown) => unknown> = {
    RunTask: runTask,
    StopTask(principal, body) {
      const input = parse(stopInput, body);
      const record = found(principal, 'ecs:StopTask', input.cluster, input.task);
      if (!record) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
      lifecycle.stop(
        record,
        definitionOf(record.task),
        'UserInitiated',
        input.reason ?? 'Task stopped by user',
      );
      return { task: record.task };
    },
    DescribeTasks(principal, body) {
      const input = parse(describeInput, body);
      const results = input.tasks.map((name) => ({
        name,
        record: found(principal, 'ecs:DescribeTasks', input.cluster, name),
      }));
      const shown = (task: Task) => (input.include ? task : { ...task, tags: [] });
      return {
        tasks: results.flatMap(({ record }) => (record ? [shown(record.task)] : [])),
        failures: results.flatMap(({ name, record }) => (record ? [] : [{ arn: name, reason: 'MISSING' }])),
      };
    },
    ListTasks(principal, body) {
      const input = parse(listInput, body);
      const cluster = catalogue.cluster(input.cluster ?? 'default');
      context.iam.authorize(principal, 'ecs:ListTasks', '*', { 'ecs:cluster': cluster.arn });
      const arns = store
        .all()
        .map((record) => record.task)
        .filter((task) => task.clusterArn === cluster.arn && task.desiredStatus === input.desiredStatus)
        .filter((task) => !input.startedBy || task.startedBy === input.startedBy)
        .filter((task) => !input.family || task.taskDefinitionArn.includes(`/${input.family}:`))
        .map((task) => task.taskArn)
        .sort();
      const start = input.nextToken ? arns.findIndex((arn) => arn > (input.nextToken ?? '')) : 0;
      const page = start < 0 ? [] : arns.slice(start, start + input.maxResults);
      const more = start >= 0 && start + input.maxResults < arns.length;
      return { taskArns: page, ...(more ? { nextToken: page.at(-1) } : {}) };
    },
  };

  return {
    name: 'ecs',
    accepts: (request) =>
      credentials.accepts(request.rawPath) ||
      metadata.accepts(request.rawPath) ||
      String(request.headers['x-amz-target'] ?? '').startsWith(target),
    async handle(request: HttpRequest): Promise<HttpReply> {
      if (credentials.accepts(request.rawPath)) return credentials.reply(request.rawPath);
      if (metadata.accepts(request.rawPath)) return metadata.reply(request.rawPath);
      const name = String(request.headers['x-amz-target']).slice(target.length);
      const principal = await context.iam.authenticate(request, 'ecs');
      const operation = operations[name];
      if (!operation)
        throw new AwsError('UnknownOperationException', `The local cloud's ECS has no ${name}.`);
      store.forgetStoppedBefore(context.now().getTime() / 1000 - 3600);
      return json(200, operation(principal, JSON.parse(request.body.toString() || '{}')));
    },
    setCapacity: (capacity, startedBy) => lifecycle.capacity.set(capacity, startedBy),
    interruptSpot(taskArn) {
      const record = store.get(taskArn);
      if (record?.task.capacityProviderName !== 'FARGATE_SPOT') {
        throw new Error(`${taskIdOf(taskArn)} is no task on FARGATE_SPOT`);
      }
      lifecycle.stop(
        record,
        definitionOf(record.task),
        'SpotInterruption',
        'Your Spot Task was interrupted.',
      );
    },
    tasks: () => store.all().flatMap(({ task }) => (task.lastStatus === 'STOPPED' ? [] : [task])),
    pidOf: (taskArn) => lifecycle.pidOf(taskArn),
    async close() {
      await lifecycle.close(options.graceSeconds ?? 30);
      store.close();
    },
  };
}

/** A client token was used before with other parameters: the reply names the tasks that it stands for. */
function conflict(known: readonly TaskRecord[]): AwsError {
  return new AwsError(
    'ConflictException',
    'The provided client token is already in use with other parameters.',
    400,
    { resourceIds: known.map((record) => record.task.taskArn) },
  );
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
  throw new AwsError('InvalidParameterException', faults.join('; '));
}

function json(status: number, body: unknown): HttpReply {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}
