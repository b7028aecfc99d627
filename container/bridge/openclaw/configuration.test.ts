import { describe, expect, it } from 'vitest';
import { type ConfiguredModel, gatewayConfiguration } from './configuration.ts';

/** A model of a lane as OpenClaw reads it. */
interface Model {
  id: string;
  reasoning: boolean;
  maxTokens: number;
  compat: Record<string, unknown>;
}

function configured(model: Partial<ConfiguredModel>, otherModels: string[] = []) {
  const configuration = gatewayConfiguration({
    ...{ port: 1, token: 't', workspace: '/w', execMode: 'ask', lanes: 1, modelKey: 'k', otherModels },
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
