import { util } from '@aws-appsync/utils';

/** Hands a task's question to the function serve-task, with the owner that authorize-task.js found. */
export function request(ctx) {
  return {
    operation: 'Invoke',
    payload: {
      field: ctx.info.fieldName,
      owner: ctx.stash.owner,
      epoch: ctx.stash.epoch,
      taskId: ctx.stash.taskId,
      fileId: ctx.stash.fileId,
      arguments: ctx.args,
    },
  };
}

/** A fault of ours comes as `<code>: <detail>`: its code is the error's type. */
export function response(ctx) {
  if (ctx.error) {
    const code = ctx.error.message.split(':')[0];
    util.error(ctx.error.message, util.matches('^[a-z]+([.][a-z_]+)?$', code) ? code : ctx.error.type);
  }
  return typeof ctx.result === 'string' ? ctx.result : JSON.stringify(ctx.result);
}
