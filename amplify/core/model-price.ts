import { type Micros, roundUp } from './price.ts';
import type { EnteredPrice, Provider } from './settings.ts';

/** US dollars for a million tokens of each kind; the same number is micros for one token. */
export interface TokenRates {
  readonly input: number;
  readonly output: number;
  /** Input that is read from the provider's cache. */
  readonly cacheRead: number;
  /** Input that is written to the provider's cache. */
  readonly cacheWrite: number;
  /** Written to stay an hour, where that costs more. */
  readonly cacheWriteLong: number;
}

export interface ModelPrice extends TokenRates {
  /** A call with more input than this is billed at these rates, all of it. */
  readonly long?: TokenRates & { readonly above: number };
  /** When it was read, ISO date; absent for a price that somebody entered. */
  readonly asOf?: string;
  readonly source?: string;
}

const rates = (
  input: number,
  output: number,
  cacheRead: number,
  cacheWrite = input,
  cacheWriteLong = cacheWrite,
): TokenRates => ({ input, output, cacheRead, cacheWrite, cacheWriteLong });

/** Anthropic: writing costs 1.25 times the input for five minutes, twice for an hour. */
const claude = (input: number, output: number, cacheRead: number): TokenRates =>
  rates(input, output, cacheRead, input * 1.25, input * 2);

interface PriceList {
  readonly asOf: string;
  readonly source: string;
  readonly models: Readonly<Record<string, TokenRates & Pick<ModelPrice, 'long'>>>;
}

/** OpenAI: above 272,000 tokens of input everything read costs twice, everything written one and a half times. */
function gpt(input: number, output: number, cacheRead: number): TokenRates & Pick<ModelPrice, 'long'> {
  const short = rates(input, output, cacheRead, input * 1.25);
  const long = rates(input * 2, output * 1.5, cacheRead * 2, input * 2.5);
  return { ...short, long: { ...long, above: 272_000 } };
}

const lists: Partial<Record<Provider, PriceList>> = {
  anthropic: {
    asOf: '2026-11-25',
    source: 'https://platform.claude.com/docs/en/about-claude/pricing',
    models: {
      'claude-fable-5-1': claude(10, 50, 0.25),
      'claude-fable-5': claude(10, 50, 1),
      'claude-opus-5-5': claude(4, 20, 0.2),
      'claude-opus-5': claude(5, 25, 0.5),
      'claude-opus-4-8': claude(5, 25, 0.5),
      'claude-opus-4-7': claude(5, 25, 0.5),
      'claude-opus-4-6': claude(5, 25, 0.5),
      'claude-opus-4-5': claude(5, 25, 0.5),
      'claude-sonnet-5-5': claude(2, 10, 0.1),
      'claude-sonnet-5': claude(2, 10, 0.2),
      'claude-sonnet-4-6': claude(3, 15, 0.3),
      'claude-sonnet-4-5': claude(3, 15, 0.3),
      'claude-haiku-5-5': {
        ...claude(0.1, 0.5, 0.01),
        long: { ...claude(0.5, 2.5, 0.05), above: 100_000 },
      },
      'claude-haiku-4-5': claude(1, 5, 0.1),
    },
  },
  openai: {
    asOf: '2026-11-25',
    source: 'https://developers.openai.com/api/docs/pricing',
    models: {
      'gpt-6-astra': gpt(10, 50, 1),
      'gpt-6.1-sol': gpt(2, 10, 0.1),
      'gpt-6-sol': gpt(2, 10, 0.2),
      'gpt-6-luna': gpt(0.1, 0.5, 0.01),
    },
  },
  // At the peak rate: half of it is billed at night (Chinese time) and at weekends.
  deepseek: {
    asOf: '2026-11-25',
    source: 'https://api-docs.deepseek.com/quick_start/pricing',
    models: {
      'deepseek-flash': rates(0.3, 1.2, 0.006),
      'deepseek-v4-flash': rates(0.3, 1.2, 0.006),
      'deepseek-v4-pro': rates(1.32, 3.96, 0.044),
    },
  },
};

/** The providers' price lists as they are shown: date, address, models. */
export const modelPriceLists = lists;

/** A model's name as the lists have it: without the date of its release. */
const plainName = (model: string): string => model.toLowerCase().replace(/-(20\d{6}|20\d\d-\d\d-\d\d)$/, '');

function listed(provider: Provider, model: string): ModelPrice | null {
  const list = lists[provider];
  const found = list?.models[plainName(model)];
  return list && found ? { ...found, asOf: list.asOf, source: list.source } : null;
}

/** `anthropic/claude-sonnet-5.5`: OpenRouter takes the provider's own price, and writes versions with a dot. */
function listedAtOpenRouter(model: string): ModelPrice | null {
  const [vendor = '', name = ''] = model.split('/');
  if (vendor === 'anthropic') return listed('anthropic', name.replace(/(\d)\.(\d)/g, '$1-$2'));
  return vendor === 'openai' || vendor === 'deepseek' ? listed(vendor, name) : null;
}

/** What was entered goes before what is listed. Null for a model that has no price: it needs one entered. */
export function modelPriceOf(
  provider: Provider,
  model: string,
  entered: EnteredPrice | null | undefined,
): ModelPrice | null {
  if (entered) {
    const { input, output } = entered;
    return rates(input, output, entered.cacheRead ?? input, entered.cacheWrite ?? input);
  }
  return provider === 'openrouter' ? listedAtOpenRouter(model) : listed(provider, model);
}

/** Tokens of one call, by what they are billed as. */
export interface BilledTokens {
  /** Neither read from nor written to a cache. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWriteLong: number;
  /** Reasoning included. */
  readonly output: number;
}

/** What a call costs, rounded up. */
export function costOf(price: ModelPrice, tokens: BilledTokens): Micros {
  const read = tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWriteLong;
  const at: TokenRates = price.long && read > price.long.above ? price.long : price;
  const micros =
    tokens.input * at.input +
    tokens.cacheRead * at.cacheRead +
    tokens.cacheWrite * at.cacheWrite +
    tokens.cacheWriteLong * at.cacheWriteLong +
    tokens.output * at.output;
  return roundUp(micros);
}

/** The most that a call can cost: all of its input at the dearest rate, and as much output as it may ask for. */
export function worstCostOf(price: ModelPrice, most: { input: number; output: number }): Micros {
  const at: TokenRates = price.long && most.input > price.long.above ? price.long : price;
  const dearest = Math.max(at.input, at.cacheRead, at.cacheWrite, at.cacheWriteLong);
  return roundUp(most.input * dearest + most.output * at.output);
}
