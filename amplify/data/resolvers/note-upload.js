import { util } from '@aws-appsync/utils';

/** Files that a message's answers may have in all its attempts. */
const most = 40;

/** Before a task is told where to put a file, the row of its message names it: a deletion finds what was ever put there. */
export function request(ctx) {
  ctx.stash.fileId = util.autoId();
  const { conversationId, id, attempt } = ctx.args;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({
      owner: ctx.stash.owner,
      'conversationId#id': `${conversationId}#${id}`,
    }),
    update: {
      expression: 'SET #uploads = list_append(if_not_exists(#uploads, :none), :ids)',
      expressionNames: { '#uploads': 'uploads' },
      expressionValues: util.dynamodb.toMapValues({ ':none': [], ':ids': [ctx.stash.fileId] }),
    },
    condition: {
      expression:
        '#ifEpoch = :ifEpoch AND #ifAttempt = :ifAttempt AND #ifStatus = :ifStatus AND (attribute_not_exists(#ifUploads) OR size(#ifUploads) < :ifMost)',
      expressionNames: {
        '#ifEpoch': 'epoch',
        '#ifAttempt': 'attempt',
        '#ifStatus': 'status',
        '#ifUploads': 'uploads',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':ifEpoch': ctx.stash.epoch,
        ':ifAttempt': attempt,
        ':ifStatus': 'working',
        ':ifMost': most,
      }),
    },
  };
}

/** A task that holds the message has been given too many places; any other write is a zombie's and bounces. */
export function response(ctx) {
  if (!ctx.error) {
    return null;
  }
  const row = ctx.result;
  const isHolder =
    row && row.epoch === ctx.stash.epoch && row.attempt === ctx.args.attempt && row.status === 'working';
  if (isHolder && (row.uploads ?? []).length >= most) {
    util.error(`attachment.too_many: at most ${most} files a message`, 'attachment.too_many');
  }
  util.error(ctx.error.message, ctx.error.type);
}
