import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ModelReach } from '../core/settings.ts';
import type { ManagePushEnvironment, PushEnvironment } from '../functions/environment.ts';
import { grantItems, grantParameter } from './grants.ts';
import { type Tables, tell } from './wiring.ts';

/**
 * The function that keeps owners' browsers, and the one that pushes to them: only that one reads the deployment's key
 * for it, and neither writes a message.
 */
export function wirePush(
  functions: Readonly<Record<'managePush' | 'pushAnswer', LambdaFunction>>,
  world: { tables: Tables; parameterPrefix: string; reach: ModelReach },
): void {
  const { managePush, pushAnswer } = functions;
  const { tables, parameterPrefix } = world;

  const managing: ManagePushEnvironment = {
    DEVICE_TABLE: tables.PushDevice.tableName,
    PARAMETER_PREFIX: parameterPrefix,
  };
  tell(managePush, managing);
  grantItems(managePush, tables.PushDevice, ['Query', 'PutItem', 'DeleteItem']);
  grantParameter(managePush, parameterPrefix, ['web-push/profile']);

  const pushing: PushEnvironment = {
    DEVICE_TABLE: tables.PushDevice.tableName,
    MESSAGE_TABLE: tables.Message.tableName,
    CONVERSATION_TABLE: tables.Conversation.tableName,
    PARAMETER_PREFIX: parameterPrefix,
    PUSH_ADDRESSES: world.reach,
  };
  tell(pushAnswer, pushing);
  grantItems(pushAnswer, tables.PushDevice, ['Query', 'DeleteItem']);
  for (const table of [tables.Message, tables.Conversation]) grantItems(pushAnswer, table, ['GetItem']);
  grantParameter(pushAnswer, parameterPrefix, ['web-push/access']);
}
