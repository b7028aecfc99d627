import { util } from '@aws-appsync/utils';

const caps = ['dayCapCents', 'monthCapCents', 'totalDayCapCents', 'totalMonthCapCents'];
const maxCents = 10000000;

/** Replaces what admins have set by what is given, if it is still what the caller saw. It counts from the next call on. */
export function request(ctx) {
  const { settings, revision } = ctx.args;
  if (!JSON.stringify(settings).startsWith('{')) {
    util.error('settings.invalid: not an object', 'settings.invalid');
  }
  const row = { revision: revision + 1 };
  for (const name of caps) {
    const cap = settings[name] ?? null;
    if (cap !== null) {
      if (typeof cap !== 'number' || cap % 1 !== 0 || cap < 0 || cap > maxCents) {
        util.error(
          `settings.invalid: ${name} is no whole number of cents from 0 to ${maxCents}`,
          'settings.invalid',
        );
      }
      row[name] = cap;
    }
  }
  const stopped = settings.spendingStopped ?? false;
  if (typeof stopped !== 'boolean') {
    util.error('settings.invalid: spendingStopped is neither true nor false', 'settings.invalid');
  }
  if (stopped) {
    row.spendingStopped = true;
  }
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ owner: 'deployment' }),
    attributeValues: util.dynamodb.toMapValues(row),
    condition:
      revision === 0
        ? { expression: 'attribute_not_exists(#revision)', expressionNames: { '#revision': 'revision' } }
        : {
            expression: '#revision = :seen',
            expressionNames: { '#revision': 'revision' },
            expressionValues: util.dynamodb.toMapValues({ ':seen': revision }),
          },
  };
}

export function response(ctx) {
  if (ctx.error && ctx.error.type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error('settings.changed: they were changed elsewhere since they were read', 'settings.changed');
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return true;
}
