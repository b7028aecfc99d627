import { describe, expect, test } from 'vitest';
import { modelDefault } from '../../amplify/core/settings.ts';
import { chooseModel, providersAtHand, removeKeys } from './model-choice.ts';

describe('the model for a local run', () => {
  test('is the scripted demo when the environment has no key', () => {
    expect(chooseModel(undefined, {})).toBe('demo');
    expect(chooseModel(undefined, { ANTHROPIC_API_KEY: ' ' })).toBe('demo');
  });

  test.each([
    ['ANTHROPIC_API_KEY', 'anthropic'],
    ['OPENAI_API_KEY', 'openai'],
    ['DEEPSEEK_API_KEY', 'deepseek'],
    ['OPENROUTER_API_KEY', 'openrouter'],
  ])('comes from %s', (name, provider) => {
    const choice = modelDefault.parse(chooseModel(undefined, { [name]: 'k' }));
    expect(choice).toMatchObject({ provider, apiKey: 'k' });
  });

  test('is another one of the provider when its variable or --model names it', () => {
    const environment = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_MODEL: 'claude-x', MODEL_PRICE: '1,2' };
    expect(chooseModel(undefined, environment)).toMatchObject({ model: 'claude-x' });
    expect(chooseModel('anthropic/claude-y', environment)).toMatchObject({ model: 'claude-y' });
    const router = { OPENROUTER_API_KEY: 'k', MODEL_PRICE: '0.1,0.3' };
    expect(chooseModel('openrouter/meta/llama', router)).toMatchObject({ model: 'meta/llama' });
  });

  test('is a server of one’s own when a base URL is given, with or without a key', () => {
    const ollama = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'llama3.3' };
    expect(chooseModel(undefined, ollama)).toEqual({
      provider: 'openai-compatible',
      model: 'llama3.3',
      baseUrl: 'http://127.0.0.1:11434/v1',
      apiKey: null,
      price: { input: 0, output: 0 },
    });
    expect(chooseModel(undefined, { ...ollama, OPENAI_API_KEY: 'k' })).toMatchObject({
      provider: 'openai-compatible',
      apiKey: 'k',
    });
  });

  test('has a price before it is called: the list’s, the one given, or none for a server on this machine', () => {
    expect(chooseModel('anthropic', { ANTHROPIC_API_KEY: 'k' })).not.toHaveProperty('price');
    const away = { OPENAI_BASE_URL: 'https://models.example.com/v1', OPENAI_MODEL: 'm' };
    expect(() => chooseModel(undefined, away)).toThrow('No price of m is known');
    expect(chooseModel(undefined, { ...away, MODEL_PRICE: '0.5,1.5' })).toMatchObject({
      price: { input: 0.5, output: 1.5 },
    });
    expect(() => chooseModel(undefined, { ...away, MODEL_PRICE: 'cheap' })).toThrow(
      'MODEL_PRICE is no price',
    );
  });

  test('is the demo when that is asked for, whatever keys are there', () => {
    expect(chooseModel('demo', { ANTHROPIC_API_KEY: 'k' })).toBe('demo');
  });

  test('says what is missing, and never the key', () => {
    expect(() => chooseModel('openai', {})).toThrow('no key for openai');
    expect(() => chooseModel('nobody', {})).toThrow('no provider nobody');
    expect(() => chooseModel(undefined, { OPENAI_BASE_URL: 'localhost', OPENAI_API_KEY: 'sk-1' })).toThrow(
      /^(?!.*sk-1).*OPENAI_BASE_URL/,
    );
    expect(() => chooseModel(undefined, { OPENAI_BASE_URL: 'http://127.0.0.1/v1' })).toThrow('Which model');
  });

  test('names the others that could have been chosen', () => {
    expect(providersAtHand({ OPENROUTER_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' })).toEqual([
      'anthropic',
      'openrouter',
    ]);
  });

  test('leaves no key in the environment that children get', () => {
    const environment = { OPENAI_API_KEY: 'k', DEEPSEEK_API_KEY: 'k', OPENAI_MODEL: 'm' };
    removeKeys(environment);
    expect(environment).toEqual({ OPENAI_MODEL: 'm' });
  });
});
