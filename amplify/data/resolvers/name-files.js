import { runtime, util } from '@aws-appsync/utils';

/** The conversations of the messages that list-files.js found: files of one that was deleted are out of reach with it. */
export function request(ctx) {
  if (ctx.stash.rows.length === 0) {
    runtime.earlyReturn({ items: '[]', nextToken: ctx.stash.nextToken });
  }
  const ids = {};
  ctx.stash.rows.forEach((row) => {
    ids[row.conversationId] = true;
  });
  return {
    operation: 'BatchGetItem',
    tables: {
      [tableOf(ctx)]: {
        keys: Object.keys(ids).map((id) => util.dynamodb.toMapValues({ owner: ctx.identity.sub, id })),
        consistentRead: true,
      },
    },
  };
}

/** core/file-entry.ts. */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const titles = {};
  (ctx.result.data[tableOf(ctx)] ?? []).forEach((conversation) => {
    if (conversation && !conversation.deletedAt) {
      titles[conversation.id] = conversation.title;
    }
  });
  const known = ctx.stash.rows.filter((row) => Object.hasOwn(titles, row.conversationId));
  const items = known.map((row) => ({
    conversationId: row.conversationId,
    messageId: row.id,
    title: titles[row.conversationId],
    at: row.filedAt,
    attachments: row.attachments ?? [],
    files: row.files ?? [],
  }));
  return { items: JSON.stringify(items), nextToken: ctx.stash.nextToken };
}

function tableOf(ctx) {
  return `Conversation-${ctx.stash.awsAppsyncApiId}-${ctx.stash.amplifyApiEnvironmentName}`;
}
