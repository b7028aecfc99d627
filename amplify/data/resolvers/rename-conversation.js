import { util } from '@aws-appsync/utils';

const maxTitleLength = 120;

export function request(ctx) {
  const title = ctx.args.title.trim();
  if (title === '' || title.length > maxTitleLength) {
    util.error(
      `conversation.title_invalid: empty, or longer than ${maxTitleLength}`,
      'conversation.title_invalid',
    );
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub, id: ctx.args.id }),
    update: {
      expression: 'SET #title = :title',
      expressionNames: { '#title': 'title' },
      expressionValues: util.dynamodb.toMapValues({ ':title': title }),
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
