import type { ThinkingLevel } from '../../../amplify/core/settings.ts';
import type { TaskGrant } from '../../../amplify/core/task-grant.ts';

export type ModelGrant = NonNullable<TaskGrant['model']>;
/** What OpenClaw's configuration says about the model: nothing about keys and prices. */
export type ConfiguredModel = Pick<ModelGrant, 'api' | 'baseUrl' | 'model' | 'contextWindow' | 'thinking'>;

/** What OpenClaw is told and nobody else may know. */
export interface GatewaySecrets {
  /** Of its gateway. */
  readonly token: string;
  /** What it shows the proxy instead of a provider key. */
  readonly modelKey: string;
}

export interface GatewaySetup {
  /** Where commands run as OpenClaw's own user, they would inherit what stands in its environment: there undefined. */
  readonly secrets?: GatewaySecrets | undefined;
  /** Folder that the agent works in. */
  readonly workspace: string;
  /** `full` where the operating system keeps the agent apart, `ask` where it does not. */
  readonly execMode: 'full' | 'ask';
  /** null when no model is configured: the gateway then starts with one that nothing answers for. */
  readonly model: ConfiguredModel | null;
  /** Models that conversations may have of their own. One that is not named here works too, with OpenClaw's guesses. */
  readonly otherModels?: readonly string[];
  /** Base URL of a lane of the model proxy. */
  readonly laneUrl: (lane: number) => string;
  /** Lanes 1 to this one; lane 0 is for calls that no turn made. */
  readonly lanes: number;
}

/** Where OpenClaw finds its secrets in its environment: the token's name is its own. */
const secretNames = { token: 'OPENCLAW_GATEWAY_TOKEN', modelKey: 'MODEL_PROXY_KEY' } as const;

/** Tools that make no sense without a person at the machine, or that would change the gateway itself. */
const deniedTools = [
  'gateway',
  'openclaw',
  'plugins',
  'nodes',
  'computer',
  'terminal',
  'mobile_ui',
  'portal',
  'message',
  'conversations_list',
  'conversations_send',
  'conversations_turn',
  'secrets',
  'theme',
  'github_identity_status',
  'tts',
  'agents_list',
  'dashboard',
  'transcripts',
  'skill_workshop',
  'sessions_yield',
  // It runs programs without a shell, so as OpenClaw's own user; and it has no time while the agent sleeps.
  'automations',
];

const defaultContextWindow = {
  'anthropic-messages': 200_000,
  'openai-completions': 128_000,
  'openai-responses': 128_000,
} as const;
const maxTokens = 8_192;
/** What a model thinks counts as written: it must leave room for the answer. */
const maxThinkingTokens = 24_576;

/** The provider id of a lane. Neutral on purpose: a known provider's name makes OpenClaw look for its plugin. */
export const laneProvider = (lane: number): string => `byo${lane}`;

/** A session's model on a lane, as `sessions.patch` takes it. */
export const laneModel = (lane: number, model: string): string => `${laneProvider(lane)}/${model}`;

/** The model id that stands in the configuration when none is granted. */
export const noModel = 'none';

/**
 * OpenClaw guesses what an endpoint understands from its address, and here sees only the proxy's: what it would
 * have found out about OpenAI's own API is therefore said; everything else gets the plainest dialect.
 */
function compatibility(model: ConfiguredModel): Record<string, unknown> {
  if (model.api === 'anthropic-messages') return {};
  const host = new URL(model.baseUrl).hostname;
  const thinks = thinking(model) !== 'off';
  if (host === 'api.openai.com') {
    return {
      supportsPromptCacheKey: true,
      maxTokensField: 'max_completion_tokens',
      ...(thinks && { supportsReasoningEffort: true }),
    };
  }
  return {
    ...(thinks && thinkingDialects[host]),
    maxTokensField: 'max_tokens',
    supportsStore: false,
    supportsDeveloperRole: false,
  };
}

const thinking = (model: ConfiguredModel | null): ThinkingLevel => model?.thinking ?? 'off';

/** How these want to be told how much to think; any other server is not told, and shows what it thinks by itself. */
const thinkingDialects: Record<string, Record<string, unknown>> = {
  'openrouter.ai': { thinkingFormat: 'openrouter', supportsReasoningEffort: true },
  'api.deepseek.com': { thinkingFormat: 'deepseek', supportsReasoningEffort: true },
};

/**
 * OpenClaw's configuration (openclaw.json), as a value. The keys are chosen so that an empty state folder boots
 * without migrations: tool policy stands below the agent, never at the top level. And nothing stands in it that is
 * another at each start, but for the secrets where they can be nowhere else: OpenClaw notes in its state with which
 * configuration it has migrated, and with another one it goes through all of its migrations again.
 */
export function gatewayConfiguration(setup: GatewaySetup): Record<string, unknown> {
  const { model } = setup;
  const modelId = model?.model ?? noModel;
  const api = model?.api ?? 'openai-completions';
  const level = thinking(model);
  const seesImages =
    model?.api === 'anthropic-messages' || (model && new URL(model.baseUrl).hostname === 'api.openai.com');
  const contextWindow = model?.contextWindow ?? defaultContextWindow[api];
  const provider = (lane: number) => ({
    baseUrl: setup.laneUrl(lane) + (api === 'anthropic-messages' ? '' : '/v1'),
    apiKey: setup.secrets?.modelKey ?? { source: 'env', provider: 'default', id: secretNames.modelKey },
    api,
    models: [...new Set([modelId, ...(setup.otherModels ?? [])])].map((id) => ({
      id,
      name: id,
      reasoning: level !== 'off',
      input: seesImages ? ['text', 'image'] : ['text'],
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
      contextWindow,
      maxTokens: Math.min(level === 'off' ? maxTokens : maxThinkingTokens, Math.floor(contextWindow / 4)),
      compat: model ? compatibility(model) : {},
    })),
  });
  const lanes = Array.from({ length: setup.lanes + 1 }, (_, lane) => lane);
  return {
    gateway: {
      mode: 'local',
      bind: 'loopback',
      auth: { mode: 'token', ...(setup.secrets && { token: setup.secrets.token }) },
      controlUi: { enabled: false },
      terminal: { enabled: false },
      cliAgents: { enabled: false },
      reload: { mode: 'off' },
    },
    agents: {
      defaults: {
        workspace: setup.workspace,
        model: { primary: laneModel(0, modelId) },
        skipBootstrap: true,
        heartbeat: { every: '0m' },
        ...(level !== 'off' && { thinkingDefault: level }),
      },
      entries: {
        main: {
          tools: {
            exec: { mode: setup.execMode },
            fs: { workspaceOnly: true },
            elevated: { enabled: false },
            deny: deniedTools,
          },
        },
      },
    },
    models: {
      mode: 'replace',
      catalogRefresh: { enabled: false },
      providers: Object.fromEntries(lanes.map((lane) => [laneProvider(lane), provider(lane)])),
    },
    update: { checkOnStart: false },
    telemetry: { enabled: false },
    discovery: { mdns: { mode: 'off' } },
    browser: { enabled: false },
    desktop: { host: { enabled: false } },
    plugins: { enabled: false },
    // Hooks are code that OpenClaw loads from the workspace, where its tools write.
    hooks: { internal: { enabled: false } },
    skills: { load: { watch: false } },
  };
}

export interface GatewayPaths {
  readonly configuration: string;
  readonly state: string;
  readonly home: string;
  readonly temporary: string;
  readonly cache: string;
}

/** Where OpenClaw and its tools find programs. */
export const programPath = (nodeFolder: string): string =>
  [nodeFolder, '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/**
 * OpenClaw's whole environment: nothing of the bridge's own is passed on. `kept`: where its commands run through a shell
 * that keeps this environment from them.
 */
export function gatewayEnvironment(
  paths: GatewayPaths,
  nodeFolder: string,
  kept?: { readonly shell: string; readonly secrets: GatewaySecrets },
): Record<string, string> {
  return {
    ...(kept && {
      SHELL: kept.shell,
      [secretNames.token]: kept.secrets.token,
      [secretNames.modelKey]: kept.secrets.modelKey,
    }),
    PATH: programPath(nodeFolder),
    HOME: paths.home,
    TMPDIR: paths.temporary,
    LANG: 'C.UTF-8',
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: paths.cache,
    // Without it OpenClaw starts a second process only to set the cache's place.
    OPENCLAW_PACKAGED_COMPILE_CACHE_RESPAWNED: '1',
    OPENCLAW_STATE_DIR: paths.state,
    OPENCLAW_CONFIG_PATH: paths.configuration,
    OPENCLAW_SKIP_CHANNELS: '1',
    OPENCLAW_SKIP_CRON: '1',
    OPENCLAW_DISABLE_BUNDLED_PLUGINS: '1',
    OPENCLAW_NO_RESPAWN: '1',
    OPENCLAW_DISABLE_BONJOUR: '1',
    OPENCLAW_NO_AUTO_UPDATE: '1',
    OPENCLAW_EXEC_SHELL_SNAPSHOT: '0',
  };
}
