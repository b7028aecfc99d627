import { AwsError, type ConditionContext } from '../service.ts';

type Body = Record<string, unknown>;

/** What one call needs to be allowed: an action on a table or index. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

/** Turns a table's name or ARN into its ARN. */
type ArnOf = (table: string) => string;

const keyAttributes = (item: unknown): string[] => Object.keys((item as Body | undefined) ?? {});

/** Operations that act on one table, and whether they may name an index. */
const single: Record<string, true> = {
  GetItem: true,
  PutItem: true,
  UpdateItem: true,
  DeleteItem: true,
  Query: true,
  Scan: true,
  DescribeTable: true,
  DescribeTimeToLive: true,
};

/**
 * The permissions that an operation needs, as the service authorization reference has them.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * Throws for an operation that is not served.
 */
export function needsOf(operation: string, body: Body, arnOf: ArnOf): Need[] {
  if (single[operation]) {
    const table = arnOf(String(body.TableName));
    const index = typeof body.IndexName === 'string' ? `/index/${body.IndexName}` : '';
    return [
      { action: `dynamodb:${operation}`, resource: table + index, context: contextOf(operation, body) },
    ];
  }
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    return Object.keys((body.RequestItems as Body | undefined) ?? {}).map((table) => ({
      action: `dynamodb:${operation}`,
      resource: arnOf(table),
      context: {},
    }));
  }
  throw new AwsError('UnknownOperationException', `The local cloud's DynamoDB has no ${operation}.`);
}

/** Only what can be known without the table's keys: an absent key makes a statement that needs it not apply. */
function contextOf(operation: string, body: Body): ConditionContext {
  const names = keyAttributes(operation === 'PutItem' ? body.Item : body.Key);
  return {
    ...(names.length ? { 'dynamodb:Attributes': names } : {}),
    ...(typeof body.ReturnValues === 'string' ? { 'dynamodb:ReturnValues': body.ReturnValues } : {}),
    ...(typeof body.Select === 'string' ? { 'dynamodb:Select': body.Select } : {}),
  };
}
