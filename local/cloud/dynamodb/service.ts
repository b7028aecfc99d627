import { AwsError, type AwsService, type CloudContext, type HttpReply } from '../service.ts';
import { type Catalogue, needsOf } from './access.ts';
import { deletionProtection } from './deletion-protection.ts';
import { openEngine } from './engine.ts';
import { withPlainExpressions } from './expression.ts';
import { type Body, isFailure } from './model.ts';
import { ensureTable, tableDefinition } from './tables.ts';
import { expireItems } from './time-to-live.ts';

const target = 'DynamoDB_20120810.';
/** How often expired items are looked for; DynamoDB promises a few days at most. */
const expiryInterval = 10 * 60_000;

/** DynamoDB, and what a host may ask of it. */
export interface DynamoDb extends AwsService {
  /** Deletes what has expired by now, without waiting for the next sweep. */
  expire(): Promise<void>;
}

/** DynamoDB on disk, each call checked against the synthesised policies. Tables are those of the assembly. */
export async function createDynamoDb(context: CloudContext): Promise<DynamoDb> {
  const { assembly, iam, region, accountId } = context;
  const engine = await openEngine(context.dataDirectory, { region, accountId }, context.now);
  const definitions = [
    ...assembly.byType('AWS::DynamoDB::Table'),
    ...assembly.byType('Custom::AmplifyDynamoDBTable'),
  ].map(tableDefinition);
  for (const definition of definitions) await ensureTable(definition, engine.store);

  const protection = deletionProtection(assembly);
  const describedTable = async (body: Body): Promise<Body> => {
    const Table = ((await engine.call('DescribeTable', { TableName: body.TableName })).Table ?? {}) as Body;
    return { ...Table, DeletionProtectionEnabled: protection.has(String(body.TableName)) };
  };
  const prefix = `arn:aws:dynamodb:${region}:${accountId}:table/`;
  const nameOf = (table: string) => (table.startsWith(prefix) ? table.slice(prefix.length) : table);
  const catalogue: Catalogue = {
    store: engine.store,
    arnOf: (table) => prefix + catalogue.definitionOf(table).name,
    definitionOf(table) {
      const definition = definitions.find(({ name }) => name === nameOf(table));
      if (definition === undefined)
        throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
      return definition;
    },
  };
  const timeToLiveOf = (table: string): Body => {
    const { timeToLive } = catalogue.definitionOf(table);
    const state =
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive };
    return { TimeToLiveDescription: state };
  };

  const expire = () => expireItems(engine, definitions, context.now());
  const timer = setInterval(() => {
    expire().catch((error: unknown) =>
      context.log({ service: 'dynamodb', event: 'expiry.failed', error: String(error) }),
    );
  }, expiryInterval);
  timer.unref();

  return {
    name: 'dynamodb',
    accepts: (request) => String(request.headers['x-amz-target'] ?? '').startsWith(target),
    async handle(request): Promise<HttpReply> {
      const principal = await iam.authenticate(request, 'dynamodb');
      const operation = String(request.headers['x-amz-target']).slice(target.length);
      const body = plain(readBody(request.body), nameOf);
      try {
        const needs = needsOf(operation, body, catalogue);
        if (needs === undefined) {
          throw new AwsError('UnknownOperationException', `The local cloud's DynamoDB has no ${operation}.`);
        }
        for (const { action, resource, context: conditions } of needs) {
          iam.authorize(principal, action, resource, conditions);
        }
        if (operation === 'DescribeTimeToLive') return reply(200, timeToLiveOf(String(body.TableName)));
        if (operation === 'DescribeTable') return reply(200, { Table: await describedTable(body) });
        if (operation === 'UpdateTable') {
          protection.update(String(body.TableName), body);
          return reply(200, { TableDescription: await describedTable(body) });
        }
        return reply(200, await engine.call(operation, body));
      } catch (error) {
        if (isFailure(error)) return reply(error.statusCode, error.body);
        throw error;
      }
    },
    expire,
    async close() {
      clearInterval(timer);
      await engine.close();
    },
  };
}

function readBody(body: Buffer): Body {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'the request is not JSON');
  }
}

/** Tables may be named by their ARN, and expressions hold parentheses that dynalite does not take: below here neither is so. */
function plain(body: Body, nameOf: (table: string) => string): Body {
  const { TableName, RequestItems, TransactItems } = body as {
    TableName?: unknown;
    RequestItems?: Body;
    TransactItems?: unknown;
  };
  return {
    ...withPlainExpressions(body),
    ...(typeof TableName === 'string' ? { TableName: nameOf(TableName) } : {}),
    ...(RequestItems && typeof RequestItems === 'object'
      ? {
          RequestItems: Object.fromEntries(
            Object.entries(RequestItems).map(([name, value]) => [nameOf(name), value]),
          ),
        }
      : {}),
    ...(Array.isArray(TransactItems)
      ? {
          TransactItems: TransactItems.map((item: Record<string, Body>) =>
            Object.fromEntries(Object.entries(item).map(([kind, inner]) => [kind, plain(inner, nameOf)])),
          ),
        }
      : {}),
  };
}

function reply(status: number, body: Body): HttpReply {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}
