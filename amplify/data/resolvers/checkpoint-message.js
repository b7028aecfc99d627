import { util } from '@aws-appsync/utils';

/**
 * Stores what is given of a partial answer. `approval` null takes it away; one that waits is news. `toolsRan` is never
 * taken back.
 */
export function request(ctx) {
  const { conversationId, id, attempt, approval, toolsRan } = ctx.args;
  const sets = [];
  const names = {};
  const values = {};
  for (const name of ['seq', 'answer', 'tools', 'approval', 'thinking', 'thinkingMs', 'transcript']) {
    const value = ctx.args[name];
    if (value !== null && value !== undefined) {
      sets.push(`#${name} = :${name}`);
      names[`#${name}`] = name;
      values[`:${name}`] = value;
    }
  }
  if (toolsRan) {
    sets.push('#toolsRan = :toolsRan');
    names['#toolsRan'] = 'toolsRan';
    values[':toolsRan'] = true;
  }
  const isCleared = Object.hasOwn(ctx.args, 'approval') && approval === null;
  if (isCleared) {
    names['#approval'] = 'approval';
  }
  if (sets.length === 0 && !isCleared) {
    util.error('event.malformed: a checkpoint of nothing', 'event.malformed');
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({
      owner: ctx.stash.owner,
      'conversationId#id': `${conversationId}#${id}`,
    }),
    update: {
      expression: `${sets.length > 0 ? `SET ${sets.join(', ')}` : ''}${isCleared ? ' REMOVE #approval' : ''}`,
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    condition: {
      expression: '#ifEpoch = :ifEpoch AND #ifAttempt = :ifAttempt AND #ifStatus = :ifStatus',
      expressionNames: { '#ifEpoch': 'epoch', '#ifAttempt': 'attempt', '#ifStatus': 'status' },
      expressionValues: util.dynamodb.toMapValues({
        ':ifEpoch': ctx.stash.epoch,
        ':ifAttempt': attempt,
        ':ifStatus': 'working',
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { approval } = ctx.args;
  ctx.stash.isNews = approval && !approval.decision && ctx.result.channel === 'web';
  return true;
}
