import { modelPriceOf } from '../../amplify/core/model-price.ts';
import type { EnteredPrice, ModelDefault, Provider } from '../../amplify/core/settings.ts';
import { providers } from '../../amplify/core/settings.ts';
import { Fault } from './bootstrap/fault.mjs';

/** Providers whose key is all that is needed. Bedrock needs an address too and is set up in the settings. */
type Keyed = Exclude<Provider, 'bedrock' | 'openai-compatible'>;

/**
 * Each provider's variables and the model taken when none is named: what OpenClaw 2026.9.6's own documentation uses
 * (docs/providers/*.md of the package; read, not called: no key was at hand).
 */
const keyed: Record<Keyed, { key: string; model: string; named: string }> = {
  anthropic: { key: 'ANTHROPIC_API_KEY', model: 'claude-sonnet-5', named: 'ANTHROPIC_MODEL' },
  openai: { key: 'OPENAI_API_KEY', model: 'gpt-6-astra', named: 'OPENAI_MODEL' },
  deepseek: { key: 'DEEPSEEK_API_KEY', model: 'deepseek-v4-pro', named: 'DEEPSEEK_MODEL' },
  openrouter: { key: 'OPENROUTER_API_KEY', model: 'anthropic/claude-sonnet-5', named: 'OPENROUTER_MODEL' },
};

/** The deployment's model, or `demo` for the scripted one. */
export type ModelChoice = ModelDefault | 'demo';

const isProvider = (name: string): name is Provider => providers.some((each) => each === name);
const isKeyed = (name: Provider): name is Keyed => name in keyed;
const setting = (environment: NodeJS.ProcessEnv, name: string) => environment[name]?.trim() || undefined;

/** Providers that the environment has what it takes for, in the order in which they are preferred. */
export function providersAtHand(environment: NodeJS.ProcessEnv): Provider[] {
  const has = (name: string) => setting(environment, name) !== undefined;
  return providers.filter((name) => {
    if (name === 'openai-compatible') return has('OPENAI_BASE_URL');
    if (name === 'bedrock') return false;
    // OPENAI_API_KEY beside a base URL is that server's key.
    return has(keyed[name].key) && !(name === 'openai' && has('OPENAI_BASE_URL'));
  });
}

function modelOf(
  provider: Provider,
  named: string | undefined,
  environment: NodeJS.ProcessEnv,
): ModelDefault {
  if (isKeyed(provider)) {
    const apiKey = setting(environment, keyed[provider].key);
    if (!apiKey) {
      throw new Fault(`There is no key for ${provider}.`, `Set ${keyed[provider].key} in the environment.`);
    }
    const model = named ?? setting(environment, keyed[provider].named) ?? keyed[provider].model;
    return { provider, model, apiKey, ...priceOf(provider, model, undefined, environment) };
  }
  const baseUrl = setting(environment, 'OPENAI_BASE_URL');
  const model = named ?? setting(environment, 'OPENAI_MODEL');
  if (!baseUrl || !URL.canParse(baseUrl) || !/^https?:/.test(baseUrl)) {
    throw new Fault(
      'OPENAI_BASE_URL is no http(s) address.',
      'Give the address of a server that speaks OpenAI’s API, e.g. http://127.0.0.1:11434/v1 for Ollama.',
    );
  }
  if (!model) {
    throw new Fault(`Which model of ${baseUrl}?`, 'Set OPENAI_MODEL, e.g. OPENAI_MODEL=llama3.3.');
  }
  const apiKey = setting(environment, 'OPENAI_API_KEY') ?? null;
  return { provider, model, baseUrl, apiKey, ...priceOf(provider, model, baseUrl, environment) };
}

/**
 * What a model costs that no price list names: MODEL_PRICE, or nothing where it runs on this machine. Throws a Fault
 * where it can't be known: spending caps would mean nothing.
 */
function priceOf(
  provider: Provider,
  model: string,
  baseUrl: string | undefined,
  environment: NodeJS.ProcessEnv,
): { price?: EnteredPrice } {
  const given = setting(environment, 'MODEL_PRICE');
  if (given !== undefined) {
    const [, input, output] = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(given) ?? [];
    if (input !== undefined && output !== undefined) {
      return { price: { input: Number(input), output: Number(output) } };
    }
    throw new Fault(`MODEL_PRICE is no price: ${given}`, `Write it as ${priceForm}.`);
  }
  if (modelPriceOf(provider, model, undefined)) return {};
  const host = baseUrl && new URL(baseUrl).hostname;
  if (host && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)) return { price: { input: 0, output: 0 } };
  throw new Fault(`No price of ${model} is known, so no spending cap could hold.`, `Set ${priceForm}.`);
}

const priceForm = 'MODEL_PRICE=input,output in US dollars for a million tokens, e.g. MODEL_PRICE=0.5,1.5';

/**
 * The model by the command line's choice (`demo`, `anthropic`, `openai/gpt-…`) or by the keys in the environment;
 * the demo model when there is none. Throws a Fault for a choice that lacks something.
 */
export function chooseModel(choice: string | undefined, environment: NodeJS.ProcessEnv): ModelChoice {
  if (choice === 'demo') return 'demo';
  if (choice === undefined) {
    const [first] = providersAtHand(environment);
    return first ? modelOf(first, undefined, environment) : 'demo';
  }
  const [name = '', ...rest] = choice.split('/');
  if (!isProvider(name)) {
    throw new Fault(`There is no provider ${name}.`, `Choose demo, ${providers.join(', ')}.`);
  }
  // A model's own name may hold slashes: openrouter/anthropic/claude-….
  return modelOf(name, rest.join('/') || undefined, environment);
}

/** Takes the keys out of an environment, so that no child of ours is given them. */
export function removeKeys(environment: NodeJS.ProcessEnv): void {
  for (const { key } of Object.values(keyed)) delete environment[key];
}
