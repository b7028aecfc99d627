import { util } from '@aws-appsync/utils';

/**
 * Leaves nothing of the conversation's row but its keys and that it was deleted (core/erasure.ts): it is listed and
 * found no more, nobody makes it again, and its messages are due to be erased.
 */
export function request(ctx) {
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.id }),
    update: {
      expression:
        'SET #deletedAt = :now, #erasureShard = :shard, #eraseAt = :at REMOVE #title, #activeAt, #createdAt, #pinnedAt, #model',
      expressionNames: {
        '#deletedAt': 'deletedAt',
        '#erasureShard': 'erasureShard',
        '#eraseAt': 'eraseAt',
        '#title': 'title',
        '#activeAt': 'activeAt',
        '#createdAt': 'createdAt',
        '#pinnedAt': 'pinnedAt',
        '#model': 'model',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':now': util.time.nowISO8601(),
        ':shard': 'erasure',
        ':at': util.time.nowEpochMilliSeconds(),
      }),
    },
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
  return {
    owner: ctx.identity.sub,
    kind: 'conversation.deleted',
    conversationId: ctx.args.id,
    messageId: null,
    body: '{}',
  };
}
