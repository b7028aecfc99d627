import { AwsError, type AwsService, type CloudContext, type HttpReply } from '../service.ts';
import { needsOf } from './access.ts';
import { type Answer, openBackend } from './backend.ts';
import { withoutRedundantParentheses } from './expression.ts';
import { shapeOf, tableDefinition } from './tables.ts';
import { expireItems } from './time-to-live.ts';

const target = 'DynamoDB_20120810.';
const expressions = ['ConditionExpression', 'FilterExpression', 'KeyConditionExpression'];
/** How often expired items are looked for; DynamoDB promises a few days at most. */
const expiryInterval = 10 * 60_000;

/** DynamoDB on disk, each call checked against the synthesised policies. Tables are those of the assembly. */
export async function createDynamoDb(context: CloudContext): Promise<AwsService> {
  const backend = await openBackend(context.dataDirectory);
  const { assembly, iam, region, accountId } = context;
  const definitions = [
    ...assembly.byType('AWS::DynamoDB::Table'),
    ...assembly.byType('Custom::AmplifyDynamoDBTable'),
  ].map(tableDefinition);

  for (const { name, create } of definitions) {
    const { status, body } = await backend.call('DescribeTable', { TableName: name });
    if (status === 200) {
      if (shapeOf(body.Table as Record<string, unknown>) === shapeOf(create)) continue;
      throw new Error(
        `The table ${name} has other keys or indexes than before, and its rows can't be carried over. Start anew with empty data.`,
      );
    }
    const made = await backend.call('CreateTable', create);
    if (made.status !== 200) throw new Error(`The table ${name} can't be made: ${JSON.stringify(made.body)}`);
  }

  const prefix = `arn:aws:dynamodb:${region}:${accountId}:table/`;
  const nameOf = (table: string) => (table.startsWith(prefix) ? table.slice(prefix.length) : table);
  const arnOf = (table: string) => {
    const name = nameOf(table);
    if (!definitions.some((definition) => definition.name === name)) {
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    }
    return prefix + name;
  };

  async function forward(operation: string, body: Record<string, unknown>): Promise<Answer> {
    const prepared = { ...body };
    if (typeof body.TableName === 'string') prepared.TableName = nameOf(body.TableName);
    for (const name of expressions) {
      if (typeof body[name] === 'string') prepared[name] = withoutRedundantParentheses(body[name]);
    }
    delete prepared.ReturnValuesOnConditionCheckFailure;
    const answer = await backend.call(operation, prepared);
    const failed = String(answer.body.__type ?? '').endsWith('ConditionalCheckFailedException');
    if (!failed || body.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD' || !body.Key) return answer;
    const { body: found } = await backend.call('GetItem', {
      TableName: prepared.TableName,
      Key: body.Key,
      ConsistentRead: true,
    });
    return { ...answer, body: { ...answer.body, Item: found.Item } };
  }

  const expire = () =>
    expireItems(backend, definitions, context.now()).catch((error: unknown) =>
      context.log({ service: 'dynamodb', event: 'expiry.failed', error: String(error) }),
    );
  const timer = setInterval(expire, expiryInterval);
  timer.unref();

  return {
    name: 'dynamodb',
    accepts: (request) => String(request.headers['x-amz-target'] ?? '').startsWith(target),
    async handle(request): Promise<HttpReply> {
      const principal = await iam.authenticate(request, 'dynamodb');
      const operation = String(request.headers['x-amz-target']).slice(target.length);
      let body: Record<string, unknown>;
      try {
        body = JSON.parse(request.body.toString() || '{}');
      } catch {
        throw new AwsError('SerializationException', 'the request is not JSON');
      }
      for (const need of needsOf(operation, body, arnOf)) {
        iam.authorize(principal, need.action, need.resource, need.context);
      }
      const answer = await forward(operation, body);
      return {
        status: answer.status,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify(answer.body),
      };
    },
    async close() {
      clearInterval(timer);
      await backend.close();
    },
  };
}
