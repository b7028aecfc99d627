import type { ConditionContext } from '../service.ts';
import { parse } from './dynalite.ts';
import type { Attributes, AttributeValue, Body, Parsed, Store } from './model.ts';
import type { TableDefinition } from './tables.ts';
import { transactItems } from './transaction.ts';

/** What one call needs to be allowed: an action on a table or index. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

export interface Catalogue {
  readonly store: Store;
  /** ARN of a table that the template defines. Throws when there is none. */
  arnOf(table: string): string;
  definitionOf(table: string): TableDefinition;
}

const onItems = ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'] as const;
type ItemOperation = (typeof onItems)[number];
const transactions: Readonly<Record<string, readonly [ItemOperation, string]>> = {
  Put: ['PutItem', 'dynamodb:PutItem'],
  Update: ['UpdateItem', 'dynamodb:UpdateItem'],
  Delete: ['DeleteItem', 'dynamodb:DeleteItem'],
  ConditionCheck: ['DeleteItem', 'dynamodb:ConditionCheckItem'],
  Get: ['GetItem', 'dynamodb:GetItem'],
};

/**
 * The permissions that an operation needs, as the service authorization reference has them, or undefined for an
 * operation that is not served. Throws a Failure for a request that can't be read.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function needsOf(operation: string, body: Body, catalogue: Catalogue): readonly Need[] | undefined {
  const served = onItems.find((each) => each === operation);
  if (served !== undefined) return [itemNeed(served, `dynamodb:${operation}`, body, catalogue)];
  switch (operation) {
    case 'DescribeTable':
    case 'DescribeTimeToLive':
    case 'UpdateTable':
      return [
        { action: `dynamodb:${operation}`, resource: catalogue.arnOf(String(body.TableName)), context: {} },
      ];
    case 'ListTables':
      return [{ action: 'dynamodb:ListTables', resource: '*', context: {} }];
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return batchNeeds(operation, body, catalogue);
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return transactItems(body).map(({ kind, body: inner }) => {
        const [like, action] = transactions[kind] ?? (['GetItem', `dynamodb:${kind}`] as const);
        const need = itemNeed(like, action, inner, catalogue);
        return { ...need, context: { ...need.context, 'dynamodb:EnclosingOperation': operation } };
      });
    default:
      return undefined;
  }
}

function itemNeed(operation: ItemOperation, action: string, body: Body, catalogue: Catalogue): Need {
  const table = catalogue.arnOf(String(body.TableName));
  const request = parse(operation, body, catalogue.store);
  const { shape } = catalogue.definitionOf(String(body.TableName));
  const index = [...(shape.GlobalSecondaryIndexes ?? []), ...(shape.LocalSecondaryIndexes ?? [])].find(
    (each) => each.IndexName === request.IndexName,
  );
  const hash = (index ?? shape).KeySchema.find((part) => part.KeyType === 'HASH')?.AttributeName ?? '';
  const leading =
    request.KeyConditions?.[hash]?.AttributeValueList?.[0] ?? (request.Key ?? request.Item)?.[hash];
  const attributes = namedAttributes(request);
  const selects = ['GetItem', 'Query', 'Scan'].includes(operation);
  const all = request.IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
  const specific = request._projection ?? request.AttributesToGet;
  return {
    action,
    resource: request.IndexName === undefined ? table : `${table}/index/${request.IndexName}`,
    context: {
      ...(leading === undefined ? {} : { 'dynamodb:LeadingKeys': [textOf(leading)] }),
      ...(attributes.length > 0 ? { 'dynamodb:Attributes': attributes } : {}),
      ...(selects ? { 'dynamodb:Select': request.Select ?? (specific ? 'SPECIFIC_ATTRIBUTES' : all) } : {}),
      ...(request.ReturnValues === undefined ? {} : { 'dynamodb:ReturnValues': request.ReturnValues }),
    },
  };
}

function batchNeeds(
  operation: 'BatchGetItem' | 'BatchWriteItem',
  body: Body,
  catalogue: Catalogue,
): readonly Need[] {
  const tables = parse(operation, body, catalogue.store).RequestItems ?? {};
  return Object.entries(tables).map(([table, requests]) => {
    const { shape } = catalogue.definitionOf(table);
    const hash = shape.KeySchema.find((part) => part.KeyType === 'HASH')?.AttributeName ?? '';
    const subjects =
      operation === 'BatchGetItem'
        ? (requests as { Keys: readonly Attributes[] }).Keys
        : (requests as readonly { PutRequest?: Parsed; DeleteRequest?: Parsed }[]).map(
            ({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {},
          );
    const leading = subjects.flatMap((subject) =>
      subject[hash] === undefined ? [] : [textOf(subject[hash])],
    );
    return {
      action: `dynamodb:${operation}`,
      resource: catalogue.arnOf(table),
      context: {
        'dynamodb:LeadingKeys': [...new Set(leading)],
        'dynamodb:Attributes': [...new Set(subjects.flatMap((subject) => Object.keys(subject)))],
      },
    };
  });
}

/** Every top-level attribute that a request names. */
function namedAttributes(request: Parsed): readonly string[] {
  const heads = [...(request._projection?.paths ?? []), ...(request._updates?.paths ?? [])].map(([head]) =>
    String(head),
  );
  return [
    ...new Set([
      ...Object.keys(request.Key ?? request.Item ?? {}),
      ...Object.keys(request.KeyConditions ?? {}),
      ...Object.keys(request._condition?.pathHeads ?? {}),
      ...Object.keys(request._filter?.pathHeads ?? {}),
      ...(request.AttributesToGet ?? []),
      ...heads,
    ]),
  ];
}

function textOf(value: AttributeValue): string {
  return String(Object.values(value)[0]);
}
