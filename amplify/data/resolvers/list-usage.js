import { util } from '@aws-appsync/utils';

/** A month of the caller's usage (core/usage.ts): its row, those of its conversations, and the caps. */
export function request(ctx) {
  const { month, nextToken } = ctx.args;
  if (!util.matches('^20[0-9]{2}-(0[1-9]|1[0-2])$', month)) {
    util.error('event.malformed: month is no month such as 2026-11', 'event.malformed');
  }
  return {
    operation: 'Query',
    query: {
      expression: '#owner = :owner AND begins_with(#period, :month)',
      expressionNames: { '#owner': 'owner', '#period': 'period' },
      expressionValues: util.dynamodb.toMapValues({ ':owner': ctx.identity.sub, ':month': month }),
    },
    limit: 500,
    nextToken,
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { caps, deploymentCaps, totalReached } = ctx.stash;
  return JSON.stringify({
    rows: ctx.result.items,
    nextToken: ctx.result.nextToken ?? null,
    caps,
    deployment: deploymentCaps,
    totalReached,
    isAdmin: (ctx.identity.groups ?? []).includes('admins'),
    region: ctx.env.REGION,
  });
}
