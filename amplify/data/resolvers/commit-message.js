import { util } from '@aws-appsync/utils';

const finals = ['answered', 'failed', 'stopped', 'interrupted'];

/** Makes a message final. The same commit again (its answer was lost on the way) is the same commit. */
export function request(ctx) {
  const { conversationId, id, attempt, status } = ctx.args;
  if (!finals.includes(status)) {
    util.error(`event.malformed: a message ends as ${finals.join(', ')}`, 'event.malformed');
  }
  const sets = ['#status = :status', '#finishedAt = :finishedAt'];
  const names = {
    '#status': 'status',
    '#finishedAt': 'finishedAt',
    '#pendingShard': 'pendingShard',
    '#approval': 'approval',
    '#stopRequested': 'stopRequested',
  };
  const values = { ':status': status, ':finishedAt': util.time.nowISO8601() };
  for (const name of [
    'seq',
    'answer',
    'tools',
    'files',
    'error',
    'usage',
    'model',
    'thinking',
    'thinkingMs',
  ]) {
    const value = ctx.args[name];
    if (value !== null && value !== undefined) {
      sets.push(`#${name} = :${name}`);
      names[`#${name}`] = name;
      values[`:${name}`] = value;
    }
  }
  if (ctx.args.files && ctx.args.files.length > 0) {
    sets.push('#filedAt = if_not_exists(#filedAt, :finishedAt)');
    names['#filedAt'] = 'filedAt';
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({
      owner: ctx.stash.owner,
      'conversationId#id': `${conversationId}#${id}`,
    }),
    update: {
      expression: `SET ${sets.join(', ')} REMOVE #pendingShard, #approval, #stopRequested`,
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
  const isAgain =
    ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException' && isSame(ctx.result, ctx);
  if (ctx.error && !isAgain) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.drop = {
    owner: ctx.stash.owner,
    keys: [`${ctx.args.conversationId}#${ctx.args.id}`],
    wakeSeq: ctx.stash.wakeSeq,
  };
  return ctx.result;
}

function isSame(row, ctx) {
  const { attempt, status, seq, answer } = ctx.args;
  return (
    row &&
    row.epoch === ctx.stash.epoch &&
    row.attempt === attempt &&
    row.status === status &&
    row.seq === seq &&
    row.answer === answer
  );
}
