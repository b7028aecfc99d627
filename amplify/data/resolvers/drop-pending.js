import { runtime, util } from '@aws-appsync/utils';

/**
 * Ends a pipeline: takes the keys in `stash.drop` out of what waits, if nobody rang since `wakeSeq`: a message that
 * was final may have been started anew. A key that stays is dropped by the next pull.
 */
export function request(ctx) {
  const { drop } = ctx.stash;
  if (!drop || drop.wakeSeq === null) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const { owner, keys, wakeSeq } = drop;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner }),
    update: {
      expression: 'DELETE #pending :keys',
      expressionNames: { '#pending': 'pending' },
      expressionValues: { ':keys': util.dynamodb.toStringSet(keys) },
    },
    condition: {
      expression: '#wakeSeq = :wakeSeq',
      expressionNames: { '#wakeSeq': 'wakeSeq' },
      expressionValues: util.dynamodb.toMapValues({ ':wakeSeq': wakeSeq }),
    },
  };
}

/** What came before is done and must not look undone: a key that stays is dropped by the next pull. */
export function response(ctx) {
  return ctx.prev.result;
}
