import { util } from '@aws-appsync/utils';

/** Puts a conversation above the others, or back among them. */
export function request(ctx) {
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.id }),
    update: ctx.args.pinned
      ? {
          expression: 'SET #pinnedAt = if_not_exists(#pinnedAt, :now)',
          expressionNames: { '#pinnedAt': 'pinnedAt' },
          expressionValues: util.dynamodb.toMapValues({ ':now': util.time.nowISO8601() }),
        }
      : { expression: 'REMOVE #pinnedAt', expressionNames: { '#pinnedAt': 'pinnedAt' } },
    condition: {
      expression: 'attribute_exists(#owner) AND attribute_not_exists(#ifDeleted)',
      expressionNames: { '#owner': 'owner', '#ifDeleted': 'deletedAt' },
    },
  };
}

export function response(ctx) {
  if (ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error('conversation.not_found: there is no such conversation', 'conversation.not_found');
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
