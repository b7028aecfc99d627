import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type {
  ManageSchedulesEnvironment,
  MessageEnvironment,
  RunSchedulesEnvironment,
} from '../functions/environment.ts';
import { grantItems, grantPublish, grantQuery } from './grants.ts';
import { type Tables, tell } from './wiring.ts';

/**
 * The function that keeps owners' schedules, and the one that sends what is due, beside what it shares with
 * send-message (wireWakers).
 */
export function wireSchedules(
  { manageSchedules, runSchedules }: Readonly<Record<'manageSchedules' | 'runSchedules', LambdaFunction>>,
  { tables, api }: { tables: Tables; api: { arn: string; url: string } },
): void {
  const managing: ManageSchedulesEnvironment = {
    SCHEDULE_TABLE: tables.Schedule.tableName,
    CONVERSATION_TABLE: tables.Conversation.tableName,
    GRAPHQL_URL: api.url,
  };
  tell(manageSchedules, managing);
  grantItems(manageSchedules, tables.Schedule, ['Query', 'GetItem', 'PutItem', 'DeleteItem']);
  grantItems(manageSchedules, tables.Conversation, ['GetItem']);
  grantPublish(manageSchedules, api.arn);

  const running: Omit<RunSchedulesEnvironment, keyof MessageEnvironment> = {
    SCHEDULE_TABLE: tables.Schedule.tableName,
    CHANNEL_TABLE: tables.ChannelRow.tableName,
    DELIVERY_TABLE: tables.Delivery.tableName,
  };
  tell(runSchedules, running);
  grantQuery(runSchedules, tables.Schedule, 'byNext');
  grantItems(runSchedules, tables.Schedule, ['GetItem', 'PutItem', 'DeleteItem']);
  grantQuery(runSchedules, tables.ChannelRow, 'byOwner');
  grantItems(runSchedules, tables.ChannelRow, ['GetItem']);
  grantItems(runSchedules, tables.Delivery, ['PutItem']);
}
