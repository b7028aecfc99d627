import { util } from '@aws-appsync/utils';

export function request(ctx) {
  const key = util.dynamodb.toMapValues({ owner: ctx.identity.sub });
  return { operation: 'GetItem', key, consistentRead: true };
}

/** Whoever saved none has none, under revision 0. With what the deployment does then: core/settings-view.ts. */
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
    taskSize: row.taskSize ?? null,
    thinking: row.thinking ?? null,
    api: row.api ?? null,
    modelPrice: row.modelPrice ?? null,
    dayCapCents: row.dayCapCents ?? null,
    monthCapCents: row.monthCapCents ?? null,
    spendingStopped: row.spendingStopped ?? null,
  };
  const { env } = ctx;
  const deployment = {
    idleSeconds: parseInt(env.IDLE_SECONDS, 10),
    capacity: env.CAPACITY_POLICY,
    sizes: {
      usual: { cpu: parseInt(env.TASK_CPU, 10), memory: parseInt(env.TASK_MEMORY, 10) },
      largest: { cpu: parseInt(env.LARGEST_TASK_CPU, 10), memory: parseInt(env.LARGEST_TASK_MEMORY, 10) },
    },
    region: env.REGION,
  };
  return JSON.stringify({ settings, revision: row.revision, deployment });
}
