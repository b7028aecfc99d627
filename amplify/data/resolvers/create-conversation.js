import { util } from '@aws-appsync/utils';

const maxTitleLength = 120;
const uuid7 = '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';

/**
 * Makes a conversation under the client's id. The same id again gives the one that is there, unchanged.
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
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.id }),
    update: {
      expression:
        'SET #title = if_not_exists(#title, :title), #createdAt = if_not_exists(#createdAt, :now), #activeAt = if_not_exists(#activeAt, :now)',
      expressionNames: { '#title': 'title', '#createdAt': 'createdAt', '#activeAt': 'activeAt' },
      expressionValues: util.dynamodb.toMapValues({ ':title': title, ':now': util.time.nowISO8601() }),
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
