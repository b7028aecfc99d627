import { util } from '@aws-appsync/utils';

const providers = ['anthropic', 'openai', 'deepseek', 'openrouter', 'bedrock', 'openai-compatible'];
const apis = ['anthropic-messages', 'openai-completions', 'openai-responses'];
const capacities = ['spot-only', 'spot-first', 'on-demand'];
const taskSizes = ['512x2048', '1024x2048', '1024x4096', '2048x4096', '2048x8192', '4096x8192'];
const languages = ['en', 'ko'];
const wakeAheads = ['open', 'typing', 'off'];
const thinkingLevels = ['off', 'low', 'medium', 'high'];
const names = [
  'provider',
  'model',
  'baseUrl',
  'api',
  'modelPrice',
  'thinking',
  'idleSeconds',
  'capacity',
  'taskSize',
  'language',
  'wakeAhead',
  'dayCapCents',
  'monthCapCents',
  'spendingStopped',
];
const maxModelLength = 200;
const maxUrlLength = 1000;
const idle = { least: 5, most: 3600 };
const maxCents = 10000000;
const maxRate = 10000;

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const label = '[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const topLabel = '[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const port = '(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';
/** No user name or password: a key belongs into the parameter store. */
const httpUrl = `^https?://((${label}[.])*${topLabel}|(${octet}[.]){3}${octet})(:${port})?(/[a-zA-Z0-9._~%!$&'()*+,;=:@/-]*)?$`;

/** Replaces the caller's settings by those given, if they are still the ones that the caller saw. */
export function request(ctx) {
  const { settings, revision } = ctx.args;
  const fault = faultOf(settings, ctx.env);
  if (fault) {
    util.error(`settings.invalid: ${fault}`, 'settings.invalid');
  }
  const row = { revision: revision + 1 };
  for (const name of names) {
    if (isSet(settings[name])) {
      row[name] = settings[name];
    }
  }
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ owner: ctx.identity.sub }),
    attributeValues: util.dynamodb.toMapValues(row),
    // While everything is erased no settings take the place of the mark that says so.
    condition: {
      expression: `${revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :seen'} AND attribute_not_exists(#erasingSince)`,
      expressionNames: { '#revision': 'revision', '#erasingSince': 'erasingSince' },
      ...(revision === 0 ? {} : { expressionValues: util.dynamodb.toMapValues({ ':seen': revision }) }),
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
  return {
    owner: ctx.identity.sub,
    kind: 'settings.changed',
    conversationId: null,
    messageId: null,
    body: '{}',
  };
}

/** Says which field breaks core/settings.ts, and how; null when none does. */
function faultOf(settings, env) {
  if (!JSON.stringify(settings).startsWith('{')) {
    return 'not an object';
  }
  const { provider, model, baseUrl, idleSeconds, capacity, taskSize, language, wakeAhead } = settings;
  if (isSet(provider) && !providers.includes(provider)) {
    return `provider is none of ${providers.join(', ')}`;
  }
  if (isSet(model) && (typeof model !== 'string' || model === '' || model.length > maxModelLength)) {
    return `model is no text of 1 to ${maxModelLength} characters`;
  }
  if (
    isSet(baseUrl) &&
    (typeof baseUrl !== 'string' || baseUrl.length > maxUrlLength || !util.matches(httpUrl, baseUrl))
  ) {
    return 'baseUrl is no http(s) address of a host, with a port and a path at most';
  }
  if (
    isSet(idleSeconds) &&
    (typeof idleSeconds !== 'number' ||
      idleSeconds % 1 !== 0 ||
      idleSeconds < idle.least ||
      idleSeconds > idle.most)
  ) {
    return `idleSeconds is no whole number from ${idle.least} to ${idle.most}`;
  }
  if (isSet(capacity) && !capacities.includes(capacity)) {
    return `capacity is none of ${capacities.join(', ')}`;
  }
  if (isSet(taskSize) && !isOffered(taskSize, env)) {
    return 'taskSize is no size that this deployment offers';
  }
  if (isSet(language) && !languages.includes(language)) {
    return `language is none of ${languages.join(', ')}`;
  }
  if (isSet(wakeAhead) && !wakeAheads.includes(wakeAhead)) {
    return `wakeAhead is none of ${wakeAheads.join(', ')}`;
  }
  return faultOfSpending(settings);
}

/** By core/task-size.ts. */
function isOffered(taskSize, env) {
  if (!taskSizes.includes(taskSize)) {
    return false;
  }
  const size = taskSize.split('x');
  return (
    parseInt(size[0], 10) <= parseInt(env.LARGEST_TASK_CPU, 10) &&
    parseInt(size[1], 10) <= parseInt(env.LARGEST_TASK_MEMORY, 10)
  );
}

function faultOfSpending({ api, thinking, modelPrice, dayCapCents, monthCapCents, spendingStopped }) {
  if (isSet(thinking) && !thinkingLevels.includes(thinking)) {
    return `thinking is none of ${thinkingLevels.join(', ')}`;
  }
  if (isSet(api) && !apis.includes(api)) {
    return `api is none of ${apis.join(', ')}`;
  }
  for (const cap of [dayCapCents, monthCapCents]) {
    if (isSet(cap) && (typeof cap !== 'number' || cap % 1 !== 0 || cap < 0 || cap > maxCents)) {
      return `a cap is no whole number of cents from 0 to ${maxCents}`;
    }
  }
  if (isSet(spendingStopped) && typeof spendingStopped !== 'boolean') {
    return 'spendingStopped is neither true nor false';
  }
  if (isSet(modelPrice)) {
    const { input, output, cacheRead, cacheWrite } = modelPrice;
    const rates = [input, output, ...[cacheRead, cacheWrite].filter((rate) => isSet(rate))];
    if (rates.some((rate) => typeof rate !== 'number' || rate < 0 || rate > maxRate)) {
      return `a rate of modelPrice is no number from 0 to ${maxRate}`;
    }
  }
  return null;
}

function isSet(value) {
  return value !== null && value !== undefined;
}
