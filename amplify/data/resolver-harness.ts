/**
 * For tests: runs the fields of the contract as AppSync would, with the local cloud's APPSYNC_JS runtime
 * against real DynamoDB semantics (dynalite, in memory). No policies and no GraphQL: those are the local cloud's.
 */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { callDynamoDb, type DynamoDbCall } from '../../local/cloud/appsync/data-sources/dynamodb.ts';
import { callNone } from '../../local/cloud/appsync/data-sources/none.ts';
import { jsMapping } from '../../local/cloud/appsync/js/mapping.ts';
import type { Json, JsonObject } from '../../local/cloud/appsync/json.ts';
import type { FieldCall, Mapping, MappingContext } from '../../local/cloud/appsync/mapping.ts';
import { runResolver } from '../../local/cloud/appsync/resolver.ts';
import { ResolverError } from '../../local/cloud/appsync/resolver-error.ts';
import type { SubscriptionFilter } from '../../local/cloud/appsync/subscription-filter.ts';
import { fromWireMap, toMapValues, toWireMap } from '../../local/cloud/appsync/util-dynamodb.ts';

// It has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

const apiId = 'api';
export const taskRole = 'the-task-role';

const keys = {
  Conversation: ['owner', 'id'],
  Message: ['owner', 'conversationId#id'],
  Agent: ['owner'],
  TaskSession: ['taskId'],
  Settings: ['owner'],
  Usage: ['owner', 'period'],
  PushDevice: ['owner', 'id'],
} as const;
export type Table = keyof typeof keys;
/** Indexes that users' fields read, each with the owner before its key. */
const indexes: Readonly<Record<string, { name: string; key: string }>> = {
  Conversation: { name: 'byActivity', key: 'activeAt' },
  Message: { name: 'byFiles', key: 'filedAt' },
};

/** Who calls a field. */
export type Caller = { user: string } | { task: string; role?: string };

export interface Outcome {
  readonly result: Json;
  /** What a subscription's resolver set. */
  readonly filter: SubscriptionFilter | undefined;
}

export interface Harness {
  /** Milliseconds since 1970; the resolvers' clock. */
  now: number;
  /** The API's environment variables. */
  environment: Record<string, string>;
  /** What the function behind a Lambda data source answers. Throws to fail. */
  invoke: (payload: JsonObject) => Json;
  /** Resolves a field. Rejects with the ResolverError that clients see. */
  call(caller: Caller, field: string, args?: JsonObject): Promise<Outcome>;
  /** The same, with something happening before a step (its file's path as in the contract) reaches its data source. */
  callWhile(
    caller: Caller,
    field: string,
    args: JsonObject,
    meanwhile: (step: string) => Promise<void>,
  ): Promise<Outcome>;
  put(table: Table, item: JsonObject, sets?: readonly string[]): Promise<void>;
  get(table: Table, key: JsonObject): Promise<JsonObject | null>;
  close(): Promise<void>;
}

interface Step {
  readonly name: string;
  readonly dataSource: string;
  readonly mapping: Mapping;
}

/** The pipeline of each field, as the files of the contract name it. */
export function readFields(): Map<string, { dataSource: string; entry: string }[]> {
  const fields = new Map<string, { dataSource: string; entry: string }[]>();
  for (const file of ['conversation-fields.ts', 'user-fields.ts', 'task-fields.ts', 'resource.ts']) {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    for (const block of source
      .split(/\n {2}(?=\w+: a\s*\n? *\.(?:query|mutation|subscription)\(\))/)
      .slice(1)) {
      const name = block.slice(0, block.indexOf(':'));
      const handlers = [...block.matchAll(/a\.handler\.custom\(\{([^}]*)\}\)/g)].map(([, text = '']) => ({
        dataSource: /dataSource: (?:a\.ref\()?'(\w+)'/.exec(text)?.[1] ?? 'NONE',
        entry: /entry: '([^']+)'/.exec(text)?.[1] ?? '',
      }));
      if (handlers.length > 0) fields.set(name, handlers);
    }
  }
  return fields;
}

export async function startHarness(): Promise<Harness> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const call: DynamoDbCall = async (operation, body) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=a/20260101/r/dynamodb/aws4_request, SignedHeaders=a, Signature=a',
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { __type?: string; message?: string; Message?: string };
    if (response.ok) return answer;
    throw Object.assign(new Error(answer.message ?? answer.Message), {
      code: answer.__type,
      status: response.status,
    });
  };
  for (const [model, [hash, range]] of Object.entries(keys)) {
    const schema = (second?: string) => [
      { AttributeName: hash, KeyType: 'HASH' },
      ...(second ? [{ AttributeName: second, KeyType: 'RANGE' }] : []),
    ];
    const { name, key: index } = indexes[model] ?? {};
    await call('CreateTable', {
      TableName: tableName(model),
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schema(range),
      AttributeDefinitions: [hash, range, index]
        .filter((name) => name !== undefined)
        .map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      ...(index && {
        GlobalSecondaryIndexes: [
          { IndexName: name, KeySchema: schema(index), Projection: { ProjectionType: 'ALL' } },
        ],
      }),
    } as JsonObject);
    let status = '';
    while (status !== 'ACTIVE') {
      const { Table } = (await call('DescribeTable', { TableName: tableName(model) })) as {
        Table: { TableStatus: string };
      };
      status = Table.TableStatus;
    }
  }

  const pipelines = new Map<string, Step[]>();
  for (const [field, steps] of readFields()) {
    pipelines.set(
      field,
      steps.map(({ dataSource, entry }) => {
        const file = fileURLToPath(new URL(entry, import.meta.url));
        return { name: entry, dataSource, mapping: jsMapping(entry, readFileSync(file, 'utf8')) };
      }),
    );
  }

  const harness: Harness = {
    now: Date.parse('2026-11-23T10:00:00.000Z'),
    environment: {
      TASK_ROLE_NAME: taskRole,
      REGION: 'us-east-1',
      DAY_CAP_MICROS: '5000000',
      MONTH_CAP_MICROS: '50000000',
      TOTAL_DAY_CAP_MICROS: '20000000',
      TOTAL_MONTH_CAP_MICROS: '200000000',
      SPENDING_STOPPED: 'no',
      TASK_CPU: '1024',
      TASK_MEMORY: '2048',
      LARGEST_TASK_CPU: '2048',
      LARGEST_TASK_MEMORY: '4096',
      CAPACITY_POLICY: 'spot-first',
      IDLE_SECONDS: '600',
    },
    invoke: () => {
      throw new Error('no function here');
    },
    call: (caller, field, args = {}) => harness.callWhile(caller, field, args, async () => undefined),
    async callWhile(caller, field, args, meanwhile) {
      const steps = pipelines.get(field);
      if (!steps) throw new Error(`There is no field ${field}`);
      const fieldCall: FieldCall = {
        authType: 'user' in caller ? 'User Pool Authorization' : 'IAM Authorization',
        typeName: 'Mutation',
        fieldName: field,
        now: () => new Date(harness.now),
        log: () => undefined,
        errors: [],
        responseHeaders: new Map(),
        invalidations: [],
      };
      const context: MappingContext = {
        arguments: args,
        stash: {},
        source: null,
        identity: identityOf(caller),
        request: { headers: {}, domainName: null },
        info: {
          fieldName: field,
          parentTypeName: 'Mutation',
          variables: {},
          selectionSetList: [],
          selectionSetGraphQL: '',
        },
        env: { ...harness.environment },
        prev: null,
        result: null,
        error: null,
      };
      // The data source of a step is told apart by its file, so that `meanwhile` knows where it is.
      const functions = steps.map((step) => ({ ...step, dataSource: `${step.name} ${step.dataSource}` }));
      const result = await runResolver(
        { mapping: around, functions },
        context,
        fieldCall,
        async (place, request) => {
          const [step = '', dataSource = ''] = place.split(' ');
          await meanwhile(step);
          if (dataSource === 'NONE') return callNone(request);
          if (['ServeTask', 'DeliverMessage', 'EraseData', 'PushAnswer'].includes(dataSource))
            return invokeFunction(harness, request);
          return callDynamoDb(call, tableName(dataSource), request);
        },
      );
      return { result, filter: fieldCall.subscriptionFilter };
    },
    async put(table, item, sets = []) {
      const wire: Record<string, unknown> = toWireMap(toMapValues(item));
      for (const name of sets) wire[name] = { SS: item[name] };
      await call('PutItem', { TableName: tableName(table), Item: wire as JsonObject });
    },
    async get(table, key) {
      const { Item } = (await call('GetItem', {
        TableName: tableName(table),
        Key: toWireMap(toMapValues(key)),
        ConsistentRead: true,
      })) as { Item?: JsonObject };
      return Item ? (fromWireMap(Item) as JsonObject) : null;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return harness;
}

const tableName = (model: string): string => `${model}-${apiId}-NONE`;

function identityOf(caller: Caller): JsonObject {
  if ('user' in caller) return { sub: caller.user, claims: {} };
  return {
    userArn: `arn:aws:sts::123456789012:assumed-role/${caller.role ?? taskRole}/${caller.task}`,
    accountId: '123456789012',
  };
}

function invokeFunction(harness: Harness, request: Json): Json {
  try {
    return harness.invoke((request as { payload: JsonObject }).payload);
  } catch (error) {
    throw new ResolverError((error as Error).message, 'Lambda:Unhandled');
  }
}

/** The resolver that Amplify puts around every pipeline. */
const around: Mapping = {
  request: (context) => {
    context.stash.awsAppsyncApiId = apiId;
    context.stash.amplifyApiEnvironmentName = 'NONE';
    return { value: {} };
  },
  response: (context) => ({ value: context.prev }),
  raisesDataSourceErrors: () => false,
};
