import { util } from '@aws-appsync/utils';

const decisions = ['allow-once', 'deny'];

/** A user's yes or no to the command that waits. The first one stands; the same again changes nothing. */
export function request(ctx) {
  const { conversationId, id, approvalId, decision } = ctx.args;
  if (!decisions.includes(decision)) {
    util.error(`approval.not_found: a decision is one of ${decisions.join(', ')}`, 'approval.not_found');
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({
      owner: ctx.identity.sub,
      'conversationId#id': `${conversationId}#${id}`,
    }),
    update: {
      expression: 'SET #approval.#decision = :decision',
      expressionNames: { '#approval': 'approval', '#decision': 'decision' },
      expressionValues: util.dynamodb.toMapValues({ ':decision': decision }),
    },
    condition: {
      expression:
        '#ifStatus = :ifWorking AND #ifApproval.#ifId = :ifId AND (attribute_not_exists(#ifApproval.#ifDecision) OR #ifApproval.#ifDecision = :ifDecision)',
      expressionNames: {
        '#ifStatus': 'status',
        '#ifApproval': 'approval',
        '#ifId': 'id',
        '#ifDecision': 'decision',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':ifWorking': 'working',
        ':ifId': approvalId,
        ':ifDecision': decision,
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error('approval.not_found: nothing waits for this decision', 'approval.not_found');
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return {
    owner: ctx.identity.sub,
    kind: 'message.approval',
    conversationId: ctx.result.conversationId,
    messageId: ctx.result.id,
    body: JSON.stringify({ attempt: ctx.result.attempt, approval: ctx.result.approval }),
  };
}
