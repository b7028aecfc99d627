import { runtime, util } from '@aws-appsync/utils';

/**
 * Ends a pipeline: takes the keys in `stash.drop` out of what waits. With `wakeSeq`, only if nobody rang since
 * then (a message that was final may have been started anew).
 */
export function request(ctx) {
  const { drop } = ctx.stash;
  if (!drop) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const { owner, keys, wakeSeq } = drop;
  const isBound = wakeSeq !== undefined;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ owner }),
    update: {
      expression: 'DELETE #pending :keys',
      expressionNames: { '#pending': 'pending' },
      expressionValues: { ':keys': util.dynamodb.toStringSet(keys) },
    },
    condition: isBound
      ? {
          expression: '#wakeSeq = :wakeSeq',
          expressionNames: { '#wakeSeq': 'wakeSeq' },
          expressionValues: util.dynamodb.toMapValues({ ':wakeSeq': wakeSeq }),
        }
      : { expression: 'attribute_exists(#owner)', expressionNames: { '#owner': 'owner' } },
  };
}

/** What came before is done and must not look undone: a key that stays is dropped by the next pull. */
export function response(ctx) {
  return ctx.prev.result;
}
