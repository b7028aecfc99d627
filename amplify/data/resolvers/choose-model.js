import { util } from '@aws-appsync/utils';

/** After check-model.js: the conversation's own model, or none any more. */
export function request(ctx) {
  const { model } = ctx.stash;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.id }),
    update: {
      expression: model ? 'SET #model = :model' : 'REMOVE #model',
      expressionNames: { '#model': 'model' },
      ...(model && { expressionValues: util.dynamodb.toMapValues({ ':model': model }) }),
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
  return ctx.result;
}
