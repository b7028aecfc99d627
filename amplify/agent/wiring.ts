import { Fn } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Configuration } from '../configuration.ts';
import type { ModelReach } from '../core/settings.ts';
import type {
  FileEnvironment,
  KeyEnvironment,
  MessageEnvironment,
  RetryEnvironment,
  SendMessageEnvironment,
  ServeTaskEnvironment,
  SnapshotEnvironment,
  SweepEnvironment,
  TestModelEnvironment,
  WakeEnvironment,
} from '../functions/environment.ts';
import type { Agent } from './agent.ts';
import {
  grantFiles,
  grantImports,
  grantInvoke,
  grantItems,
  grantList,
  grantOwnersFiles,
  grantOwnersKeys,
  grantParameters,
  grantPublish,
  grantQuery,
  grantRun,
  grantSnapshots,
} from './grants.ts';

const models = [
  'Agent',
  'Allowance',
  'ChannelRow',
  'Conversation',
  'Delivery',
  'Message',
  'PushDevice',
  'Schedule',
  'Settings',
  'TaskSession',
  'Usage',
] as const;
export type Tables = Readonly<Record<(typeof models)[number], ITable>>;

type Waker =
  | 'sendMessage'
  | 'telegramWebhook'
  | 'runSchedules'
  | 'retryMessage'
  | 'wakeAgent'
  | 'taskChanged'
  | 'sweepIdle';

/** The functions that may start a task: what each is told, what each may do, and what calls them beside the API. */
export function wireWakers(
  functions: Readonly<Record<Waker, LambdaFunction>>,
  world: {
    /** Told of what came by a channel and is over. */
    deliverMessage: LambdaFunction;
    /** Told of what ended without a task. */
    pushAnswer: LambdaFunction;
    /** Fetches the files of what came by a channel. */
    receiveFiles: LambdaFunction;
    agent: Agent;
    tables: Tables;
    bucket: IBucket;
    api: { arn: string; url: string };
    deployment: string;
    configuration: Pick<
      Configuration,
      'capacityPolicy' | 'limits' | 'caps' | 'taskSizes' | 'longestSessionHours'
    >;
  },
): void {
  const { agent, tables, api } = world;
  const { caps, limits, taskSizes } = world.configuration;
  const { sendMessage, telegramWebhook, runSchedules, retryMessage, wakeAgent, taskChanged, sweepIdle } =
    functions;
  const wake: WakeEnvironment = {
    DEPLOYMENT: world.deployment,
    AGENT_TABLE: tables.Agent.tableName,
    MESSAGE_TABLE: tables.Message.tableName,
    TASK_SESSION_TABLE: tables.TaskSession.tableName,
    SETTINGS_TABLE: tables.Settings.tableName,
    GRAPHQL_URL: api.url,
    CLUSTER_ARN: agent.cluster.clusterArn,
    TASK_DEFINITION_ARN: agent.task.definition.taskDefinitionArn,
    CONTAINER_NAME: agent.task.containerName,
    SUBNET_IDS: Fn.join(',', [...agent.network.subnetIds]),
    SECURITY_GROUP_ID: agent.network.securityGroup.securityGroupId,
    ALLOWANCE_TABLE: tables.Allowance.tableName,
    MESSAGES_PER_MINUTE: limits.messagesPerMinute,
    MESSAGES_PER_HOUR: limits.messagesPerHour,
    MESSAGES_PER_DAY: limits.messagesPerDay,
    TASKS_PER_DAY: limits.tasksPerDay,
    DELIVER_FUNCTION: world.deliverMessage.functionArn,
    PUSH_FUNCTION: world.pushAnswer.functionArn,
    USAGE_TABLE: tables.Usage.tableName,
    DAY_CAP_MICROS: caps.dayMicros,
    MONTH_CAP_MICROS: caps.monthMicros,
    TOTAL_DAY_CAP_MICROS: caps.totalDayMicros,
    TOTAL_MONTH_CAP_MICROS: caps.totalMonthMicros,
    SPENDING_STOPPED: caps.stopped ? 'yes' : 'no',
    TASK_CPU: taskSizes.usual.cpu,
    TASK_MEMORY: taskSizes.usual.memory,
    LARGEST_TASK_CPU: taskSizes.largest.cpu,
    LARGEST_TASK_MEMORY: taskSizes.largest.memory,
    CAPACITY_POLICY: world.configuration.capacityPolicy,
  };
  const message: MessageEnvironment = { ...wake, CONVERSATION_TABLE: tables.Conversation.tableName };
  const send: SendMessageEnvironment = { ...message, BUCKET: world.bucket.bucketName };
  const RECEIVE_FUNCTION = world.receiveFiles.functionArn;
  const retry: RetryEnvironment = { ...message, RECEIVE_FUNCTION };
  const sweep: Omit<SweepEnvironment, 'CONVERSATION_TABLE' | 'ERASE_FUNCTION'> = {
    ...wake,
    RECEIVE_FUNCTION,
    DELIVERY_TABLE: tables.Delivery.tableName,
    LONGEST_SESSION_SECONDS: world.configuration.longestSessionHours * 3600,
  };
  const told = new Map<LambdaFunction, WakeEnvironment>([
    [sendMessage, send],
    [telegramWebhook, message],
    [runSchedules, message],
    [retryMessage, retry],
    [wakeAgent, wake],
    [taskChanged, wake],
    [sweepIdle, sweep],
  ]);

  for (const [target, environment] of told) {
    tell(target, environment);
    grantItems(target, tables.Agent, ['GetItem', 'UpdateItem']);
    grantItems(target, tables.Message, ['GetItem', 'BatchGetItem', 'UpdateItem']);
    grantItems(target, tables.TaskSession, ['GetItem', 'PutItem', 'UpdateItem']);
    grantItems(target, tables.Settings, ['GetItem']);
    grantItems(target, tables.Allowance, ['GetItem', 'UpdateItem']);
    grantItems(target, tables.Usage, ['GetItem']);
    grantPublish(target, api.arn);
    grantInvoke(target, world.deliverMessage);
    grantInvoke(target, world.pushAnswer);
    grantRun(target, agent);
  }
  for (const target of [telegramWebhook, retryMessage, sweepIdle]) grantInvoke(target, world.receiveFiles);
  for (const target of [taskChanged, sweepIdle]) grantItems(target, tables.Usage, ['UpdateItem']);
  for (const target of [sendMessage, telegramWebhook, runSchedules]) {
    grantItems(target, tables.Message, ['PutItem']);
    grantItems(target, tables.Conversation, ['GetItem', 'UpdateItem']);
  }
  grantItems(telegramWebhook, tables.Conversation, ['PutItem']);
  grantFiles(sendMessage, world.bucket, ['GetObject', 'DeleteObjectTagging']);
  grantItems(retryMessage, tables.Conversation, ['GetItem']);
  grantQuery(sweepIdle, tables.Agent, 'byLease');
  grantQuery(sweepIdle, tables.Message, 'byPending');
  grantQuery(sweepIdle, tables.Delivery, 'byDue');
  grantList(sweepIdle, agent);

  new Rule(taskChanged, 'TaskStateChange', {
    description: 'Tasks of the agent cluster',
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: { clusterArn: [agent.cluster.clusterArn] },
    },
    targets: [new LambdaTarget(taskChanged)],
  });
}

/** The function by which users' pages reach their files. */
export function wireServeFiles(target: LambdaFunction, world: { tables: Tables; bucket: IBucket }): void {
  const { tables, bucket } = world;
  const environment: FileEnvironment = {
    MESSAGE_TABLE: tables.Message.tableName,
    CONVERSATION_TABLE: tables.Conversation.tableName,
    BUCKET: bucket.bucketName,
  };
  tell(target, environment);
  grantItems(target, tables.Message, ['GetItem', 'UpdateItem']);
  grantItems(target, tables.Conversation, ['GetItem']);
  grantFiles(target, bucket, ['GetObject', 'PutObject', 'PutObjectTagging', 'DeleteObject']);
}

/** The function by which owners see, restore and keep what their agent has saved. */
export function wireServeSnapshots(target: LambdaFunction, world: { tables: Tables; bucket: IBucket }): void {
  const { tables, bucket } = world;
  const environment: SnapshotEnvironment = {
    AGENT_TABLE: tables.Agent.tableName,
    BUCKET: bucket.bucketName,
  };
  tell(target, environment);
  grantItems(target, tables.Agent, ['GetItem', 'UpdateItem']);
  grantSnapshots(target, bucket, ['GetObject']);
  grantImports(target, bucket);
}

/** The function that answers tasks: the one that reads keys and presigns. */
export function wireServeTask(
  target: LambdaFunction,
  world: {
    tables: Tables;
    bucket: IBucket;
    parameterPrefix: string;
    idleSeconds: number;
    modelReach: ModelReach;
  },
): void {
  const { tables, bucket, parameterPrefix } = world;
  const environment: ServeTaskEnvironment = {
    AGENT_TABLE: tables.Agent.tableName,
    CONVERSATION_TABLE: tables.Conversation.tableName,
    MESSAGE_TABLE: tables.Message.tableName,
    SETTINGS_TABLE: tables.Settings.tableName,
    BUCKET: bucket.bucketName,
    PARAMETER_PREFIX: parameterPrefix,
    IDLE_SECONDS: String(world.idleSeconds),
    MODEL_ADDRESSES: world.modelReach,
  };
  tell(target, environment);
  grantItems(target, tables.Agent, ['GetItem']);
  grantItems(target, tables.Message, ['GetItem', 'Query']);
  grantItems(target, tables.Settings, ['GetItem']);
  grantQuery(target, tables.Conversation, 'byActivity');
  grantOwnersFiles(target, bucket);
  grantParameters(target, parameterPrefix);
}

/** The function that keeps owners' keys, and the one that tries a model with them. */
export function wireKeys(
  functions: Readonly<Record<'manageKey' | 'testModel', LambdaFunction>>,
  world: { parameterPrefix: string; modelReach: ModelReach },
): void {
  const { manageKey, testModel } = functions;
  const { parameterPrefix } = world;
  const keeping: KeyEnvironment = { PARAMETER_PREFIX: parameterPrefix };
  tell(manageKey, keeping);
  grantOwnersKeys(manageKey, parameterPrefix, ['GetParameter', 'PutParameter', 'DeleteParameter']);
  const trying: TestModelEnvironment = {
    PARAMETER_PREFIX: parameterPrefix,
    MODEL_ADDRESSES: world.modelReach,
  };
  tell(testModel, trying);
  grantOwnersKeys(testModel, parameterPrefix, ['GetParameter']);
}

/** Picks the tables by the names of their models. Throws when one is not there. */
export function tablesOf(all: Readonly<Record<string, ITable>>): Tables {
  const pick = (name: string): ITable => {
    const table = all[name];
    if (!table) throw new Error(`There is no table of ${name}`);
    return table;
  };
  return Object.fromEntries(models.map((name) => [name, pick(name)])) as Tables;
}

/** Sets variables of a function's environment. */
export function tell(target: LambdaFunction, environment: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(environment)) target.addEnvironment(name, String(value));
}
