import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costOf, modelPriceLists, modelPriceOf, worstCostOf } from './model-price.ts';
import { providers } from './settings.ts';

const nothing = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0, output: 0 };

describe('A model’s price', () => {
  test('is found by its name, with or without the date of its release', () => {
    const price = modelPriceOf('anthropic', 'claude-sonnet-5-5', null);
    expect(price).toMatchObject({ input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5, cacheWriteLong: 4 });
    expect(modelPriceOf('anthropic', 'claude-haiku-4-5-20251001', null)).toMatchObject({ input: 1 });
    expect(modelPriceOf('openai', 'GPT-6.1-Sol-2026-09-29', null)).toMatchObject({ output: 10 });
  });

  test('says when and where it was read', () => {
    for (const list of Object.values(modelPriceLists)) {
      expect(list.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(list.source).toMatch(/^https:/);
    }
    expect(modelPriceOf('deepseek', 'deepseek-flash', null)).toMatchObject({ asOf: '2026-11-25' });
  });

  test('is the vendor’s own at OpenRouter', () => {
    expect(modelPriceOf('openrouter', 'anthropic/claude-opus-5.5', null)).toMatchObject({ input: 4 });
    expect(modelPriceOf('openrouter', 'openai/gpt-6.1-sol', null)).toMatchObject({ input: 2 });
    expect(modelPriceOf('openrouter', 'openrouter/auto', null)).toBeNull();
  });

  test('has to be entered for a model that no list has, and then counts', () => {
    for (const provider of providers) expect(modelPriceOf(provider, 'nobody-knows', null)).toBeNull();
    // Of another provider: the same name is another thing to pay for.
    expect(modelPriceOf('openai-compatible', 'gpt-6-luna', null)).toBeNull();
    const entered = { input: 1.5, output: 6 };
    expect(modelPriceOf('openai-compatible', 'local', entered)).toMatchObject({
      input: 1.5,
      cacheRead: 1.5,
      cacheWrite: 1.5,
      output: 6,
    });
    expect(modelPriceOf('openai', 'gpt-6-luna', { input: 0, output: 0 })).toMatchObject({ input: 0 });
  });
});

describe('The cost of a call', () => {
  const sonnet = modelPriceOf('anthropic', 'claude-sonnet-5-5', null);
  const haiku = modelPriceOf('anthropic', 'claude-haiku-5-5', null);
  if (!sonnet || !haiku) throw new Error('The lists lack what this test needs');

  test('counts each kind of token at its own rate', () => {
    const tokens = { input: 1000, cacheRead: 10_000, cacheWrite: 400, cacheWriteLong: 100, output: 500 };
    expect(costOf(sonnet, tokens)).toBe(2000 + 1000 + 1000 + 400 + 5000);
  });

  test('is rounded up to a millionth of a dollar, and not above a whole one', () => {
    expect(costOf(haiku, { ...nothing, input: 1 })).toBe(1);
    expect(costOf(haiku, { ...nothing, input: 3 })).toBe(1);
    expect(costOf(haiku, { ...nothing, input: 10, output: 4 })).toBe(3);
  });

  test('of a long prompt is billed at the long rate, all of it', () => {
    expect(costOf(haiku, { ...nothing, input: 100_000, output: 1000 })).toBe(10_500);
    expect(costOf(haiku, { ...nothing, input: 100_001, output: 1000 })).toBe(52_501);
    expect(costOf(haiku, { ...nothing, cacheRead: 100_001, output: 1000 })).toBe(7501);
  });

  test('is never above the worst case that was reserved for it', () => {
    const models = Object.entries(modelPriceLists).flatMap(([, list]) => Object.values(list.models));
    const count = fc.integer({ min: 0, max: 500_000 });
    const kinds = { input: count, cacheRead: count, cacheWrite: count, cacheWriteLong: count, output: count };
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.record(kinds), (price, tokens) => {
        const input = tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWriteLong;
        expect(costOf(price, tokens)).toBeLessThanOrEqual(
          worstCostOf(price, { input, output: tokens.output }),
        );
      }),
    );
  });
});
