import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const key = util.dynamodb.toMapValues({ owner: ctx.identity.sub });
  return { operation: 'GetItem', key, consistentRead: true };
}

/** Whoever saved none has none, under revision 0. */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const row = ctx.result ?? { revision: 0 };
  const settings = {
    provider: row.provider ?? null,
    model: row.model ?? null,
    baseUrl: row.baseUrl ?? null,
    idleSeconds: row.idleSeconds ?? null,
    capacity: row.capacity ?? null,
    language: row.language ?? null,
    wakeAhead: row.wakeAhead ?? null,
    api: row.api ?? null,
    modelPrice: row.modelPrice ?? null,
    dayCapCents: row.dayCapCents ?? null,
    monthCapCents: row.monthCapCents ?? null,
    spendingStopped: row.spendingStopped ?? null,
  };
  return JSON.stringify({ settings, revision: row.revision });
}
