import { describe, expect, it, test } from 'vitest';
import { type ConfiguredModel, gatewayConfiguration, gatewayEnvironment } from './configuration.ts';

/** A model of a lane as OpenClaw reads it. */
interface Model {
  id: string;
  reasoning: boolean;
  maxTokens: number;
  compat: Record<string, unknown>;
}

function configured(model: Partial<ConfiguredModel>, otherModels: string[] = []) {
  const configuration = gatewayConfiguration({
    ...{ workspace: '/w', execMode: 'ask', lanes: 1, otherModels },
    laneUrl: (lane) => `http://127.0.0.1/${lane}`,
    model: { api: 'openai-completions', baseUrl: 'https://models.test/v1', model: 'm', ...model },
  }) as {
    agents: { defaults: Record<string, unknown> };
    models: { providers: Record<string, { models: Model[] }> };
  };
  return {
    defaults: configuration.agents.defaults,
    models: configuration.models.providers.byo1?.models ?? [],
  };
}

describe('what OpenClaw is told of the model', () => {
  it('names each that a conversation may have of its own once, and the granted one first', () => {
    expect(configured({}, ['other', 'm']).models.map(({ id }) => id)).toEqual(['m', 'other']);
  });

  it('asks it to think when that is set, with room for the answer, and in the words of its server', () => {
    const { defaults, models } = configured({ thinking: 'low' });
    expect(defaults.thinkingDefault).toBe('low');
    expect(models[0]).toMatchObject({ reasoning: true, maxTokens: 24_576 });
    expect(models[0]?.compat).not.toHaveProperty('supportsReasoningEffort');
    const at = (baseUrl: string) => configured({ thinking: 'low', baseUrl }).models[0]?.compat;
    expect(at('https://api.openai.com/v1')).toMatchObject({ supportsReasoningEffort: true });
    expect(at('https://openrouter.ai/api/v1')).toMatchObject({ thinkingFormat: 'openrouter' });
    expect(at('https://api.deepseek.com/v1')).toMatchObject({ thinkingFormat: 'deepseek' });
  });

  it.each([undefined, null, 'off'] as const)('asks it for nothing else where it is %s', (thinking) => {
    const { defaults, models } = configured({ ...(thinking !== undefined && { thinking }) });
    expect(defaults).not.toHaveProperty('thinkingDefault');
    expect(models[0]).toMatchObject({ reasoning: false, maxTokens: 8_192 });
  });
});

const setup = {
  workspace: '/agent/workspace',
  execMode: 'full' as const,
  model: null,
  laneUrl: (lane: number) => `http://127.0.0.1:18790/lane/${lane}`,
  lanes: 1,
  otherModels: [],
};
const folder = '/agent/x';
const paths = { configuration: folder, state: folder, home: folder, temporary: folder, cache: folder };
const secrets = { token: 'the-token', modelKey: 'the-key' };

test('secrets stand in the environment, and in the configuration only the names under which they are found', () => {
  const environment = gatewayEnvironment(paths, '/usr/bin', { shell: '/agent/shell', secrets });
  const { gateway, models } = gatewayConfiguration(setup) as {
    gateway: { auth: unknown };
    models: { providers: Record<string, { apiKey: { id: string } }> };
  };
  expect(gateway.auth).toEqual({ mode: 'token' });
  expect(environment.OPENCLAW_GATEWAY_TOKEN).toBe('the-token');
  for (const { apiKey } of Object.values(models.providers)) {
    expect(apiKey).toEqual({ source: 'env', provider: 'default', id: expect.any(String) });
    expect(environment[apiKey.id]).toBe('the-key');
  }
});

test('where commands would inherit the environment, secrets stand in the configuration and nowhere else', () => {
  expect(JSON.stringify(gatewayEnvironment(paths, '/usr/bin'))).not.toContain('the-');
  const configuration = JSON.stringify(gatewayConfiguration({ ...setup, secrets }));
  expect(configuration).toContain('"token":"the-token"');
  expect(configuration).toContain('"apiKey":"the-key"');
});
