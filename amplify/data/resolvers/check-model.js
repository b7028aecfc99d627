import { util } from '@aws-appsync/utils';

const providers = ['anthropic', 'openai', 'deepseek', 'openrouter', 'bedrock', 'openai-compatible'];
const maxModelLength = 200;
const maxRate = 10000;

/** Checks a model that a conversation shall have (core/conversation.ts ownModel) and leaves it in the stash; null where none is given. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const own = ctx.args.model ?? null;
  if (own === null) {
    ctx.stash.model = null;
    return null;
  }
  const fault = faultOf(own);
  if (fault) {
    util.error(`settings.invalid: ${fault}`, 'settings.invalid');
  }
  const { provider, model, price } = own;
  ctx.stash.model = price ? { provider, model, price: ratesOf(price) } : { provider, model };
  return null;
}

/** Says what breaks the rules, and how; null when nothing does. */
function faultOf(own) {
  if (!JSON.stringify(own).startsWith('{')) {
    return 'the model is not an object';
  }
  const { provider, model, price } = own;
  if (!providers.includes(provider)) {
    return `provider is none of ${providers.join(', ')}`;
  }
  if (typeof model !== 'string' || model.trim() === '' || model.length > maxModelLength) {
    return `model is no text of 1 to ${maxModelLength} characters`;
  }
  if (price) {
    const { input, output } = price;
    const rates = [input, output, ...Object.values(ratesOf(price))];
    if (rates.some((rate) => typeof rate !== 'number' || rate < 0 || rate > maxRate)) {
      return `a rate of the price is no number from 0 to ${maxRate}`;
    }
  }
  return null;
}

/** Input and output always, what a cache costs where it is given. */
function ratesOf({ input, output, cacheRead, cacheWrite }) {
  const rates = { input, output };
  if ((cacheRead ?? null) !== null) {
    rates.cacheRead = cacheRead;
  }
  if ((cacheWrite ?? null) !== null) {
    rates.cacheWrite = cacheWrite;
  }
  return rates;
}
