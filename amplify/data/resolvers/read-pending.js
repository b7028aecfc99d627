import { runtime, util } from '@aws-appsync/utils';

/** Rows can be large and an answer of AppSync can't: the oldest come first, the others with a later pull. */
const most = 25;

/** What waits, by the keys on the lease that renew-lease.js has just read. No index is involved. */
export function request(ctx) {
  const byAge = (ctx.stash.lease.pending ?? []).map((key) => {
    const [conversationId, id] = key.split('#');
    return `${id}#${conversationId}`;
  });
  byAge.sort();
  const keys = byAge.slice(0, most).map((aged) => {
    const [id, conversationId] = aged.split('#');
    return `${conversationId}#${id}`;
  });
  if (keys.length === 0) {
    runtime.earlyReturn({ items: [] });
  }
  ctx.stash.keys = keys;
  return {
    operation: 'BatchGetItem',
    tables: {
      [tableOf(ctx)]: {
        keys: keys.map((key) =>
          util.dynamodb.toMapValues({ owner: ctx.stash.owner, 'conversationId#id': key }),
        ),
        consistentRead: true,
      },
    },
  };
}

/** Keys whose message turns out to be final, or gone, are dropped from the lease, unless somebody rang meanwhile. */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { data, unprocessedKeys } = ctx.result;
  const rows = (data[tableOf(ctx)] ?? []).filter((row) => row);
  const unread = unprocessedKeys ? (unprocessedKeys[tableOf(ctx)] ?? []) : [];
  const open = rows.filter((row) => row.status === 'queued' || row.status === 'working');
  const openKeys = open.map((row) => keyOf(row));
  const readKeys = unread.length === 0 ? ctx.stash.keys : rows.map((row) => keyOf(row));
  const keys = readKeys.filter((key) => !openKeys.includes(key));
  if (keys.length > 0) {
    ctx.stash.drop = { owner: ctx.stash.owner, keys, wakeSeq: ctx.stash.lease.wakeSeq };
  }
  const byTime = {};
  for (const row of open) {
    byTime[`${row.acceptedAt} ${row.id} ${row.conversationId}`] = row;
  }
  const times = Object.keys(byTime);
  times.sort();
  // What only tasks see of a message (pull-result.js).
  ctx.stash.turns = times.map((time) => ({
    toolsRan: byTime[time].toolsRan ?? false,
    claims: byTime[time].claims ?? 0,
    ownModel: byTime[time].ownModel ?? null,
    joinsInMs: joinsIn(byTime[time]),
  }));
  return { items: times.map((time) => byTime[time]) };
}

/** For how long more of an album may still come, by this clock: a task's own may be wrong. */
function joinsIn(row) {
  const until = row.joinsUntil ? util.time.parseISO8601ToEpochMilliSeconds(row.joinsUntil) : 0;
  return Math.max(0, until - util.time.nowEpochMilliSeconds());
}

/** The resolver around this function knows which deployment it belongs to. */
function tableOf(ctx) {
  return `Message-${ctx.stash.awsAppsyncApiId}-${ctx.stash.amplifyApiEnvironmentName}`;
}

function keyOf(row) {
  return `${row.conversationId}#${row.id}`;
}
