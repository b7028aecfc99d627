import { util } from '@aws-appsync/utils';

/** After check-snapshot.js: moves the pointer to a newer snapshot while the task goes on. */
export function request(ctx) {
  const { snapshot } = ctx.args;
  if (!snapshot) {
    util.error('snapshot.unreadable: there is no pointer', 'snapshot.unreadable');
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner: ctx.stash.owner }),
    update: {
      expression: 'SET #snapshot = :snapshot, #previous = :previous',
      expressionNames: { '#snapshot': 'snapshot', '#previous': 'previousSnapshots' },
      expressionValues: util.dynamodb.toMapValues({
        ':snapshot': snapshot,
        ':previous': ctx.stash.previousSnapshots,
      }),
    },
    condition: {
      expression:
        '#ifEpoch = :ifEpoch AND #ifTaskId = :ifTaskId AND (attribute_not_exists(#ifPointer) OR #ifPointer.#ifEpoch < :ifEpoch OR #ifPointer.#ifEpoch = :ifEpoch AND #ifPointer.#ifSeq <= :ifSeq)',
      expressionNames: {
        '#ifEpoch': 'epoch',
        '#ifTaskId': 'taskId',
        '#ifPointer': 'snapshot',
        '#ifSeq': 'seq',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':ifEpoch': ctx.stash.epoch,
        ':ifTaskId': ctx.stash.taskId,
        ':ifSeq': snapshot.seq,
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return true;
}
