import type { ModelDefault, Provider } from '../../amplify/core/settings.ts';
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
  openrouter: { key: 'OPENROUTER_API_KEY', model: 'openrouter/auto', named: 'OPENROUTER_MODEL' },
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
    return { provider, model, apiKey };
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
  return { provider, model, baseUrl, apiKey: setting(environment, 'OPENAI_API_KEY') ?? null };
}

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
