/**
 * What each function reads from its environment. backend.ts sets exactly these (`Record<keyof …Environment, string>`),
 * the handlers parse them once at cold start. AWS_REGION and the credentials come from Lambda itself.
 */
import * as z from 'zod';
import { capacityPolicies, modelReaches } from '../core/settings.ts';

const name = z.string().min(1);
const count = z.coerce.number().int().positive();
const amount = z.coerce.number().int().nonnegative();

/** Functions that may wake an agent. Grants that they need stand beside each name. */
const wake = {
  /** The deployment, as metrics are told apart by. Also handed to the task. */
  DEPLOYMENT: name,
  /** Table of Agent: GetItem, UpdateItem; `index/byLease` Query for sweep-idle. */
  AGENT_TABLE: name,
  /** Table of Message: GetItem, BatchGetItem, PutItem, UpdateItem; `index/byPending` Query for sweep-idle. */
  MESSAGE_TABLE: name,
  /** Table of TaskSession: GetItem, PutItem, UpdateItem. */
  TASK_SESSION_TABLE: name,
  /** Table of Settings: GetItem. */
  SETTINGS_TABLE: name,
  /** Table of Allowance: GetItem, UpdateItem. */
  ALLOWANCE_TABLE: name,
  /** Endpoint of the GraphQL API: appsync:GraphQL on `types/Mutation/fields/systemPublish`. Also handed to the task. */
  GRAPHQL_URL: z.url({ protocol: /^https?$/ }),
  /** ARN of the cluster: ecs:RunTask, StopTask, DescribeTasks, ListTasks under the condition `ecs:cluster`. */
  CLUSTER_ARN: name,
  /** ARN of the task definition with its revision: ecs:RunTask on it, iam:PassRole on its task and execution role. */
  TASK_DEFINITION_ARN: name,
  /** Name of the container that gets GRAPHQL_URL and DEPLOYMENT. */
  CONTAINER_NAME: name,
  /** Ids of the public subnets, separated by commas. */
  SUBNET_IDS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean),
    )
    .refine((ids) => ids.length > 0, 'names no subnet'),
  /** Id of the task's security group (no ingress). */
  SECURITY_GROUP_ID: name,
  /** ARN of deliver-message: lambda:InvokeFunction. It is told of the end of messages that came by a channel. */
  DELIVER_FUNCTION: name,
  /** ARN of push-answer: lambda:InvokeFunction. It is told of messages that end without a task. */
  PUSH_FUNCTION: name,
  /** Table of Usage: GetItem; UpdateItem for task-changed and sweep-idle, which book what tasks cost. */
  USAGE_TABLE: name,
  /** What the deployment allows each owner, and all together, micros. */
  DAY_CAP_MICROS: amount,
  MONTH_CAP_MICROS: amount,
  TOTAL_DAY_CAP_MICROS: amount,
  TOTAL_MONTH_CAP_MICROS: amount,
  /** The deployment's kill switch. */
  SPENDING_STOPPED: z.enum(['yes', 'no']),
  /** A task's size where its owner has chosen none, and the largest that may be chosen: CPU units and MiB. */
  TASK_CPU: count,
  TASK_MEMORY: count,
  LARGEST_TASK_CPU: count,
  LARGEST_TASK_MEMORY: count,
  /** The deployment's policy where the owner has set none. */
  CAPACITY_POLICY: z.enum(capacityPolicies).default('spot-first'),
  /** How much each owner may ask for: core/allowance.ts. */
  MESSAGES_PER_MINUTE: count,
  MESSAGES_PER_HOUR: count,
  MESSAGES_PER_DAY: count,
  TASKS_PER_DAY: count,
};

/** wake-agent and task-changed (rule: ECS Task State Change of the cluster). */
export const wakeEnvironment = z.object(wake);

const message = {
  ...wake,
  /** Table of Conversation: GetItem, UpdateItem. */
  CONVERSATION_TABLE: name,
};

/** What send-message, retry-message and the webhook share. */
export const messageEnvironment = z.object(message);

/** ARN of receive-files: lambda:InvokeFunction. It fetches what a channel keeps. */
const receiveFunction = name;

/** retry-message. */
export const retryEnvironment = z.object({ ...message, RECEIVE_FUNCTION: receiveFunction });

/** send-message. */
export const sendMessageEnvironment = z.object({
  ...message,
  /** Bucket of files: s3:GetObject and s3:DeleteObjectTagging on owners' files. */
  BUCKET: name,
});

/** serve-files. */
export const fileEnvironment = z.object({
  /** Table of Message: GetItem, UpdateItem. */
  MESSAGE_TABLE: name,
  /** Table of Conversation: GetItem. */
  CONVERSATION_TABLE: name,
  /** Bucket of files: s3:GetObject, PutObject, PutObjectTagging, DeleteObject on owners' files. */
  BUCKET: name,
});

/** `/serverless-openclaw/<deployment>`, below which each function may read its own parameters. */
const parameterPrefix = z.string().regex(/^\/.+[^/]$/, 'begins with a slash and ends without one');
/** Table of ChannelRow: GetItem, PutItem, UpdateItem, DeleteItem. */
const channelTable = name;

/** sweep-idle. */
export const sweepEnvironment = z.object({
  ...wake,
  /** A task may be up for this long, seconds. */
  LONGEST_SESSION_SECONDS: z.coerce.number().int().positive(),
  /** Table of Delivery: `index/byDue` Query. */
  DELIVERY_TABLE: name,
  /** Table of Conversation: `index/byErasure` Query, as of SETTINGS_TABLE. */
  CONVERSATION_TABLE: name,
  /** ARN of erase-data: lambda:InvokeFunction. */
  ERASE_FUNCTION: name,
  RECEIVE_FUNCTION: receiveFunction,
});

/** erase-data. It reads and deletes rows of every table that owners have rows in: core/owned.ts. */
export const eraseEnvironment = z.object({
  /** Query, DeleteItem; GetItem and PutItem to end an agent, UpdateItem to stop a message. */
  AGENT_TABLE: name,
  /** Query, DeleteItem. */
  ALLOWANCE_TABLE: name,
  /** `index/byOwner` Query, DeleteItem. */
  CHANNEL_TABLE: name,
  /** Query, GetItem, UpdateItem, DeleteItem. */
  CONVERSATION_TABLE: name,
  /** Query, DeleteItem. */
  DELIVERY_TABLE: name,
  /** Query, DeleteItem. */
  DEVICE_TABLE: name,
  /** Query, UpdateItem, DeleteItem. */
  MESSAGE_TABLE: name,
  /** Query, DeleteItem. */
  SCHEDULE_TABLE: name,
  /** GetItem, PutItem, UpdateItem, DeleteItem. */
  SETTINGS_TABLE: name,
  /** `index/byOwner` Query, DeleteItem. */
  TASK_SESSION_TABLE: name,
  /** Query, DeleteItem. */
  USAGE_TABLE: name,
  /** Bucket of files and snapshots: s3:ListBucket and s3:DeleteObject on owners' files. */
  BUCKET: name,
  /** ssm:DeleteParameter on `<it>/owners/*` keys. */
  PARAMETER_PREFIX: parameterPrefix,
  /** ARN of the cluster: ecs:StopTask under the condition `ecs:cluster`. */
  CLUSTER_ARN: name,
  /** ARN of deliver-message: lambda:InvokeFunction. */
  DELIVER_FUNCTION: name,
  /** Endpoint of the GraphQL API: appsync:GraphQL on `types/Mutation/fields/systemPublish`. */
  GRAPHQL_URL: z.url({ protocol: /^https?$/ }),
});

/** telegram-webhook. */
export const webhookEnvironment = z.object({
  ...messageEnvironment.shape,
  CHANNEL_TABLE: channelTable,
  /** Table of Delivery: GetItem, PutItem. */
  DELIVERY_TABLE: name,
  /** ssm:GetParameter on `<it>/telegram/webhook-secret` and `<it>/telegram/profile`. */
  PARAMETER_PREFIX: parameterPrefix,
  RECEIVE_FUNCTION: receiveFunction,
});

/** receive-files. */
export const receiveEnvironment = z.object({
  /** Table of Message: GetItem, UpdateItem. */
  MESSAGE_TABLE: name,
  /** Bucket of files: s3:PutObject and s3:DeleteObject on owners' files. */
  BUCKET: name,
  /** Endpoint of the GraphQL API: appsync:GraphQL on `types/Mutation/fields/systemPublish`. */
  GRAPHQL_URL: z.url({ protocol: /^https?$/ }),
  /** ARN of deliver-message: lambda:InvokeFunction. */
  DELIVER_FUNCTION: name,
  /** ssm:GetParameter on `<it>/telegram/bot`. */
  PARAMETER_PREFIX: parameterPrefix,
});

/** run-schedules. */
export const runSchedulesEnvironment = z.object({
  ...messageEnvironment.shape,
  /** Table of Schedule: `index/byNext` Query, GetItem, PutItem, DeleteItem. */
  SCHEDULE_TABLE: name,
  /** Table of ChannelRow: `index/byOwner` Query, GetItem. */
  CHANNEL_TABLE: name,
  /** Table of Delivery: PutItem. */
  DELIVERY_TABLE: name,
});

/** manage-schedules. */
export const manageSchedulesEnvironment = z.object({
  /** Table of Schedule: Query, GetItem, PutItem, DeleteItem. */
  SCHEDULE_TABLE: name,
  /** Table of Conversation: GetItem. */
  CONVERSATION_TABLE: name,
  /** Endpoint of the GraphQL API: appsync:GraphQL on `types/Mutation/fields/systemPublish`. */
  GRAPHQL_URL: z.url({ protocol: /^https?$/ }),
});

/** deliver-message. */
export const deliverEnvironment = z.object({
  /** Table of Agent: GetItem. */
  AGENT_TABLE: name,
  /** Table of Message: GetItem. */
  MESSAGE_TABLE: name,
  /** Table of TaskSession: GetItem. */
  TASK_SESSION_TABLE: name,
  CHANNEL_TABLE: channelTable,
  /** Table of Delivery: GetItem, PutItem. */
  DELIVERY_TABLE: name,
  /** Bucket of files: s3:GetObject on owners' files. */
  BUCKET: name,
  /** ssm:GetParameter on `<it>/telegram/bot`. */
  PARAMETER_PREFIX: parameterPrefix,
});

/** link-channel. */
export const linkEnvironment = z.object({
  CHANNEL_TABLE: channelTable,
  /** ssm:GetParameter on `<it>/telegram/profile`. */
  PARAMETER_PREFIX: parameterPrefix,
  /** Endpoint of the GraphQL API: appsync:GraphQL on `types/Mutation/fields/systemPublish`. */
  GRAPHQL_URL: z.url({ protocol: /^https?$/ }),
});

/** Table of PushDevice. */
const deviceTable = name;

/** manage-push. */
export const managePushEnvironment = z.object({
  /** Query, PutItem, DeleteItem. */
  DEVICE_TABLE: deviceTable,
  /** ssm:GetParameter on `<it>/web-push/profile`. */
  PARAMETER_PREFIX: parameterPrefix,
});

/** push-answer. */
export const pushEnvironment = z.object({
  /** Query, DeleteItem. */
  DEVICE_TABLE: deviceTable,
  /** Table of Message: GetItem. */
  MESSAGE_TABLE: name,
  /** Table of Conversation: GetItem. */
  CONVERSATION_TABLE: name,
  /** ssm:GetParameter on `<it>/web-push/access`. */
  PARAMETER_PREFIX: parameterPrefix,
  /** Where a browser's push service may be. */
  PUSH_ADDRESSES: z.enum(modelReaches).default('public'),
});

/** serve-snapshots. */
export const snapshotEnvironment = z.object({
  /** Table of Agent: GetItem, UpdateItem. */
  AGENT_TABLE: name,
  /**
   * Bucket of snapshots: s3:GetObject on owners' snapshots; s3:PutObject, PutObjectTagging and DeleteObjectTagging on
   * those that owners import.
   */
  BUCKET: name,
});

/** serve-task. */
export const serveTaskEnvironment = z.object({
  /** Table of Agent: GetItem. */
  AGENT_TABLE: name,
  /** Table of Conversation: `index/byActivity` Query. */
  CONVERSATION_TABLE: name,
  /** Table of Message: GetItem, Query. */
  MESSAGE_TABLE: name,
  /** Table of Settings: GetItem. */
  SETTINGS_TABLE: name,
  /**
   * Bucket of files and snapshots: s3:GetObject and s3:PutObject on `owners/*` (what its presigned URLs may do);
   * s3:DeleteObject and s3:ListBucket for snapshots only.
   */
  BUCKET: name,
  /** `/serverless-openclaw/<deployment>`: ssm:GetParameter on `<it>/model-default` and `<it>/owners/*`. */
  PARAMETER_PREFIX: parameterPrefix,
  /** Where a model may answer. */
  MODEL_ADDRESSES: z.enum(modelReaches).default('public'),
  /** Idle time where the owner has set none, seconds. */
  IDLE_SECONDS: z.coerce.number().int().min(5).max(3600).default(600),
});

/** manage-key. */
export const keyEnvironment = z.object({
  /** ssm:GetParameter, PutParameter and DeleteParameter on `<it>/owners/*` keys. */
  PARAMETER_PREFIX: parameterPrefix,
});

/** test-model. */
export const testModelEnvironment = z.object({
  /** ssm:GetParameter on `<it>/owners/*` keys. */
  PARAMETER_PREFIX: parameterPrefix,
  /** Where a model may answer. */
  MODEL_ADDRESSES: z.enum(modelReaches).default('public'),
});

/** What CDK has to set, by name; names with a default may be left out. */
export type WakeEnvironment = z.input<typeof wakeEnvironment>;
export type SweepEnvironment = z.input<typeof sweepEnvironment>;
export type EraseEnvironment = z.input<typeof eraseEnvironment>;
export type MessageEnvironment = z.input<typeof messageEnvironment>;
export type SendMessageEnvironment = z.input<typeof sendMessageEnvironment>;
export type FileEnvironment = z.input<typeof fileEnvironment>;
export type WebhookEnvironment = z.input<typeof webhookEnvironment>;
export type RetryEnvironment = z.input<typeof retryEnvironment>;
export type RunSchedulesEnvironment = z.input<typeof runSchedulesEnvironment>;
export type ManageSchedulesEnvironment = z.input<typeof manageSchedulesEnvironment>;
export type ReceiveEnvironment = z.input<typeof receiveEnvironment>;
export type DeliverEnvironment = z.input<typeof deliverEnvironment>;
export type LinkEnvironment = z.input<typeof linkEnvironment>;
export type ManagePushEnvironment = z.input<typeof managePushEnvironment>;
export type PushEnvironment = z.input<typeof pushEnvironment>;
export type KeyEnvironment = z.input<typeof keyEnvironment>;
export type TestModelEnvironment = z.input<typeof testModelEnvironment>;
export type SnapshotEnvironment = z.input<typeof snapshotEnvironment>;
export type ServeTaskEnvironment = z.input<typeof serveTaskEnvironment>;

/** Parses an environment. Throws one error that names every faulty variable, and no value. */
export function parseEnvironment<Shape extends z.ZodType>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Shape> {
  const result = shape.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const variable = issue.path.join('.');
    return environment[variable] === undefined ? `${variable} is missing` : `${variable}: ${issue.message}`;
  });
  throw new Error(`Environment: ${faults.join('; ')}`);
}
