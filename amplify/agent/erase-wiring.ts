import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type OwnedModel, ownedModels, ownedRowsOf } from '../core/owned.ts';
import type { EraseEnvironment } from '../functions/environment.ts';
import type { Agent } from './agent.ts';
import {
  grantErasingFiles,
  grantInvoke,
  grantItems,
  grantOwnersKeys,
  grantPublish,
  grantQuery,
  grantStop,
} from './grants.ts';
import { type Tables, tell } from './wiring.ts';

/** What erasing does with single rows beside deleting them. */
const alsoCalls: Partial<Record<OwnedModel, readonly string[]>> = {
  Agent: ['GetItem', 'PutItem', 'UpdateItem'],
  Conversation: ['GetItem', 'UpdateItem'],
  Message: ['UpdateItem'],
};

/** The function that erases what its owner deleted, and the sweeper, which has it go on. */
export function wireErasing(
  { eraseData, sweepIdle }: Readonly<Record<'eraseData' | 'sweepIdle', LambdaFunction>>,
  world: {
    agent: Agent;
    tables: Tables;
    bucket: IBucket;
    api: { arn: string; url: string };
    deliverMessage: LambdaFunction;
    parameterPrefix: string;
  },
): void {
  const { agent, tables, bucket, api, deliverMessage, parameterPrefix } = world;
  const environment: EraseEnvironment = {
    AGENT_TABLE: tables.Agent.tableName,
    ALLOWANCE_TABLE: tables.Allowance.tableName,
    CHANNEL_TABLE: tables.ChannelRow.tableName,
    CONVERSATION_TABLE: tables.Conversation.tableName,
    DELIVERY_TABLE: tables.Delivery.tableName,
    DEVICE_TABLE: tables.PushDevice.tableName,
    MESSAGE_TABLE: tables.Message.tableName,
    SCHEDULE_TABLE: tables.Schedule.tableName,
    SETTINGS_TABLE: tables.Settings.tableName,
    TASK_SESSION_TABLE: tables.TaskSession.tableName,
    USAGE_TABLE: tables.Usage.tableName,
    BUCKET: bucket.bucketName,
    PARAMETER_PREFIX: parameterPrefix,
    CLUSTER_ARN: agent.cluster.clusterArn,
    DELIVER_FUNCTION: deliverMessage.functionArn,
    GRAPHQL_URL: api.url,
  };
  tell(eraseData, environment);
  for (const model of ownedModels) {
    const { index } = ownedRowsOf(model);
    const query = index ? [] : ['Query'];
    grantItems(eraseData, tables[model], [...query, ...(alsoCalls[model] ?? []), 'DeleteItem']);
    if (index) grantQuery(eraseData, tables[model], index);
  }
  grantItems(eraseData, tables.Settings, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
  grantErasingFiles(eraseData, bucket);
  grantOwnersKeys(eraseData, parameterPrefix, ['DeleteParameter']);
  grantStop(eraseData, agent);
  grantPublish(eraseData, api.arn);
  grantInvoke(eraseData, deliverMessage);

  tell(sweepIdle, {
    CONVERSATION_TABLE: tables.Conversation.tableName,
    ERASE_FUNCTION: eraseData.functionArn,
  });
  for (const table of [tables.Conversation, tables.Settings]) grantQuery(sweepIdle, table, 'byErasure');
  grantInvoke(sweepIdle, eraseData);
}
