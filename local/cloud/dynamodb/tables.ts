import type { Resource } from '../service.ts';

/** A table as CreateTable takes it, and its time-to-live attribute. */
export interface TableDefinition {
  readonly name: string;
  readonly timeToLive: string | undefined;
  readonly create: Record<string, unknown>;
}

type Properties = Record<string, unknown>;

/** `keySchema` → `KeySchema`, all the way down: Amplify's custom resource writes its properties in camel case. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal);
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
      pascal(inner),
    ]),
  );
}

/** Reads `AWS::DynamoDB::Table` and `Custom::AmplifyDynamoDBTable`. */
export function tableDefinition(resource: Resource): TableDefinition {
  const properties = pascal(resource.properties) as Properties;
  const indexes = (list: unknown) =>
    ((list as Properties[] | undefined) ?? []).map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
  const global = indexes(properties.GlobalSecondaryIndexes);
  const local = indexes(properties.LocalSecondaryIndexes);
  const ttl = properties.TimeToLiveSpecification as { AttributeName?: string; Enabled?: unknown } | undefined;
  return {
    name: resource.physicalId,
    timeToLive: ttl?.AttributeName && String(ttl.Enabled) === 'true' ? ttl.AttributeName : undefined,
    create: {
      TableName: resource.physicalId,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...(global.length ? { GlobalSecondaryIndexes: global } : {}),
      ...(local.length ? { LocalSecondaryIndexes: local } : {}),
    },
  };
}

/** What of two definitions can't differ on an existing table. */
export const shapeOf = (table: Record<string, unknown>): string => {
  const sorted = (list: unknown, key: string) =>
    [...((list as Record<string, unknown>[] | undefined) ?? [])].sort((a, b) =>
      String(a[key]).localeCompare(String(b[key])),
    );
  const index = ({ IndexName, KeySchema, Projection }: Record<string, unknown>) => ({
    IndexName,
    KeySchema,
    Projection,
  });
  return JSON.stringify([
    table.KeySchema,
    sorted(table.AttributeDefinitions, 'AttributeName'),
    sorted(table.GlobalSecondaryIndexes, 'IndexName').map(index),
    sorted(table.LocalSecondaryIndexes, 'IndexName').map(index),
  ]);
};
