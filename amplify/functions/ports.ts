import type * as z from 'zod';
import { appsyncPublisher } from '../adapters/appsync.ts';
import { dynamoAllowances } from '../adapters/dynamo-allowances.ts';
import { dynamoConversations } from '../adapters/dynamo-conversations.ts';
import { dynamoDocument } from '../adapters/dynamo-document.ts';
import { dynamoLeases } from '../adapters/dynamo-leases.ts';
import { dynamoMessages } from '../adapters/dynamo-messages.ts';
import { dynamoSettings } from '../adapters/dynamo-settings.ts';
import { dynamoTaskSessions } from '../adapters/dynamo-task-sessions.ts';
import { dynamoUsage } from '../adapters/dynamo-usage.ts';
import { ecsTaskRunner } from '../adapters/ecs.ts';
import { lambdaCourier } from '../adapters/lambda-courier.ts';
import type { EventPublisher } from '../core/ports.ts';
import { awsPricesOf, taskSecondUsd } from '../core/price.ts';
import type { MessagePorts } from '../core/use-cases/accept-message.ts';
import type { WakePorts } from '../core/use-cases/wake-ports.ts';
import type { messageEnvironment, wakeEnvironment } from './environment.ts';
import { log, ownerHash } from './log.ts';

/** Publishes with the function's own role. */
export const publisherOf = (url: string): EventPublisher =>
  appsyncPublisher({ url, region: process.env.AWS_REGION ?? '' });

/** The ports of a function that may wake an agent. */
export function wakePorts(
  environment: z.output<typeof wakeEnvironment>,
  document = dynamoDocument(),
): WakePorts {
  return {
    leases: dynamoLeases(document, environment.AGENT_TABLE),
    messages: dynamoMessages(document, environment.MESSAGE_TABLE),
    sessions: dynamoTaskSessions(document, environment.TASK_SESSION_TABLE),
    settings: dynamoSettings(document, environment.SETTINGS_TABLE),
    allowances: dynamoAllowances(document, environment.ALLOWANCE_TABLE),
    runner: ecsTaskRunner({
      clusterArn: environment.CLUSTER_ARN,
      taskDefinitionArn: environment.TASK_DEFINITION_ARN,
      containerName: environment.CONTAINER_NAME,
      subnetIds: environment.SUBNET_IDS,
      securityGroupId: environment.SECURITY_GROUP_ID,
      graphqlUrl: environment.GRAPHQL_URL,
      deployment: environment.DEPLOYMENT,
    }),
    publisher: publisherOf(environment.GRAPHQL_URL),
    courier: lambdaCourier(environment.DELIVER_FUNCTION),
    pushCourier: lambdaCourier(environment.PUSH_FUNCTION),
    now: Date.now,
    log,
    ownerHash,
    policy: environment.CAPACITY_POLICY,
    limits: {
      messagesPerMinute: environment.MESSAGES_PER_MINUTE,
      messagesPerHour: environment.MESSAGES_PER_HOUR,
      messagesPerDay: environment.MESSAGES_PER_DAY,
      tasksPerDay: environment.TASKS_PER_DAY,
    },
    usage: dynamoUsage(document, environment.USAGE_TABLE),
    caps: {
      dayMicros: environment.DAY_CAP_MICROS,
      monthMicros: environment.MONTH_CAP_MICROS,
      totalDayMicros: environment.TOTAL_DAY_CAP_MICROS,
      totalMonthMicros: environment.TOTAL_MONTH_CAP_MICROS,
      stopped: environment.SPENDING_STOPPED === 'yes',
    },
    sizes: {
      usual: { cpu: environment.TASK_CPU, memory: environment.TASK_MEMORY },
      largest: { cpu: environment.LARGEST_TASK_CPU, memory: environment.LARGEST_TASK_MEMORY },
    },
    secondUsd: (capacity, size) =>
      taskSecondUsd(awsPricesOf(process.env.AWS_REGION ?? '').prices, size, capacity),
  };
}

/** The ports of a function that takes messages. */
export function messagePorts(
  environment: z.output<typeof messageEnvironment>,
  document = dynamoDocument(),
): MessagePorts {
  return {
    ...wakePorts(environment, document),
    conversations: dynamoConversations(document, environment.CONVERSATION_TABLE),
  };
}
