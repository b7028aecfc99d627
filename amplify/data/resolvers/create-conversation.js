import { util } from '@aws-appsync/utils';

const maxTitleLength = 120;
const uuid7 = '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';

/**
 * After check-model.js: makes a conversation under the client's id. The same id again gives the one that is there, unchanged.
 * An empty title is filled by the first message. One that was deleted is not made again.
 */
export function request(ctx) {
  const title = ctx.args.title.trim();
  if (!util.matches(uuid7, ctx.args.id)) {
    util.error('conversation.id_invalid: not a UUID version 7', 'conversation.id_invalid');
  }
  if (title.length > maxTitleLength) {
    util.error(`conversation.title_invalid: longer than ${maxTitleLength}`, 'conversation.title_invalid');
  }
  const now = util.time.nowISO8601();
  const row = { title, createdAt: now, activeAt: now };
  if (ctx.stash.model) {
    row.model = ctx.stash.model;
  }
  const names = Object.keys(row);
  const expressionNames = {};
  const expressionValues = {};
  for (const name of names) {
    expressionNames[`#${name}`] = name;
    expressionValues[`:${name}`] = row[name];
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.id }),
    update: {
      expression: `SET ${names.map((name) => `#${name} = if_not_exists(#${name}, :${name})`).join(', ')}`,
      expressionNames,
      expressionValues: util.dynamodb.toMapValues(expressionValues),
    },
    condition: {
      expression: 'attribute_not_exists(#ifDeleted)',
      expressionNames: { '#ifDeleted': 'deletedAt' },
    },
  };
}

export function response(ctx) {
  if (ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error('conversation.not_found: it was deleted', 'conversation.not_found');
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
