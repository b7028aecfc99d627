import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type {
  DeliverEnvironment,
  LinkEnvironment,
  MessageEnvironment,
  ReceiveEnvironment,
  WebhookEnvironment,
} from '../functions/environment.ts';
import type { Agent } from './agent.ts';
import { grantFiles, grantInvoke, grantItems, grantParameter, grantPublish } from './grants.ts';
import { type Tables, tell } from './wiring.ts';

interface World {
  readonly agent: Agent;
  readonly tables: Tables;
  readonly bucket: IBucket;
  readonly api: { readonly arn: string; readonly url: string };
  /** `/serverless-openclaw/<deployment>`. */
  readonly parameterPrefix: string;
}

/**
 * What brings channels in and out, beside what the webhook shares with send-message (wireWakers). The bot's token is
 * read by the functions that deliver and that fetch files, the webhook's secret by the webhook, and either by nothing
 * else.
 * Gives the address that the channel calls.
 */
export function wireChannels(
  functions: Readonly<
    Record<'telegramWebhook' | 'deliverMessage' | 'receiveFiles' | 'linkChannel', LambdaFunction>
  >,
  { agent, tables, bucket, api, parameterPrefix }: World,
): { webhookUrl: string } {
  const { telegramWebhook, deliverMessage, receiveFiles, linkChannel } = functions;

  const webhook: Omit<WebhookEnvironment, keyof MessageEnvironment> = {
    CHANNEL_TABLE: tables.ChannelRow.tableName,
    DELIVERY_TABLE: tables.Delivery.tableName,
    PARAMETER_PREFIX: parameterPrefix,
    RECEIVE_FUNCTION: receiveFiles.functionArn,
  };
  tell(telegramWebhook, webhook);
  grantItems(telegramWebhook, tables.ChannelRow, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
  grantItems(telegramWebhook, tables.Delivery, ['GetItem', 'PutItem']);
  grantParameter(telegramWebhook, parameterPrefix, ['telegram/webhook-secret', 'telegram/profile']);

  const deliver: DeliverEnvironment = {
    AGENT_TABLE: tables.Agent.tableName,
    MESSAGE_TABLE: tables.Message.tableName,
    TASK_SESSION_TABLE: tables.TaskSession.tableName,
    CHANNEL_TABLE: tables.ChannelRow.tableName,
    DELIVERY_TABLE: tables.Delivery.tableName,
    BUCKET: bucket.bucketName,
    PARAMETER_PREFIX: parameterPrefix,
  };
  tell(deliverMessage, deliver);
  for (const table of [tables.Agent, tables.Message, tables.TaskSession]) {
    grantItems(deliverMessage, table, ['GetItem']);
  }
  grantItems(deliverMessage, tables.ChannelRow, ['GetItem', 'UpdateItem']);
  grantItems(deliverMessage, tables.Delivery, ['GetItem', 'PutItem']);
  grantFiles(deliverMessage, bucket, ['GetObject']);
  grantParameter(deliverMessage, parameterPrefix, ['telegram/bot']);
  new Rule(deliverMessage, 'TaskOnItsWay', {
    description: 'Tasks of the agent cluster before they can speak for themselves',
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: { clusterArn: [agent.cluster.clusterArn], lastStatus: ['PROVISIONING', 'PENDING'] },
    },
    targets: [new LambdaTarget(deliverMessage)],
  });

  const receive: ReceiveEnvironment = {
    MESSAGE_TABLE: tables.Message.tableName,
    BUCKET: bucket.bucketName,
    GRAPHQL_URL: api.url,
    DELIVER_FUNCTION: deliverMessage.functionArn,
    PARAMETER_PREFIX: parameterPrefix,
  };
  tell(receiveFiles, receive);
  grantItems(receiveFiles, tables.Message, ['GetItem', 'UpdateItem']);
  grantFiles(receiveFiles, bucket, ['PutObject', 'DeleteObject']);
  grantParameter(receiveFiles, parameterPrefix, ['telegram/bot']);
  grantPublish(receiveFiles, api.arn);
  grantInvoke(receiveFiles, deliverMessage);

  const link: LinkEnvironment = {
    CHANNEL_TABLE: tables.ChannelRow.tableName,
    PARAMETER_PREFIX: parameterPrefix,
    GRAPHQL_URL: api.url,
  };
  tell(linkChannel, link);
  grantItems(linkChannel, tables.ChannelRow, ['GetItem', 'PutItem', 'DeleteItem']);
  grantParameter(linkChannel, parameterPrefix, ['telegram/profile']);
  grantPublish(linkChannel, api.arn);

  // Public, because Telegram signs nothing: the handler asks for the secret before it looks at anything.
  const { url } = telegramWebhook.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  return { webhookUrl: url };
}
