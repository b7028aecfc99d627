import { expect, test } from 'vitest';
import { turnModel } from './turn-model.ts';

const price = { input: 9, output: 9, cacheRead: 9, cacheWrite: 9, cacheWriteLong: 9 };
const grant = { provider: 'anthropic' as const, model: 'claude-sonnet-5-5', price };

test('a conversation without a model of its own is answered by the granted one', () => {
  expect(turnModel(grant, null)).toEqual({ name: 'claude-sonnet-5-5', price });
  expect(turnModel(null, { provider: 'anthropic', model: 'claude-opus-5-5' })).toBeNull();
});

test('a conversation’s own model counts at its listed price, or at the one that was entered for it', () => {
  const own = { provider: 'anthropic' as const, model: 'claude-opus-5-5' };
  expect(turnModel(grant, own)).toMatchObject({ name: 'claude-opus-5-5', price: { input: 4, output: 20 } });
  const entered = { ...own, price: { input: 1, output: 2 } };
  expect(turnModel(grant, entered)).toMatchObject({ price: { input: 1, output: 2 } });
});

test('one without a price is not called, whatever the granted one costs', () => {
  expect(turnModel(grant, { provider: 'anthropic', model: 'claude-unheard-of' })).toEqual({
    name: 'claude-unheard-of',
    price: null,
  });
});

test('one of a provider that the task has no key of does not count, nor does any beside the deployment’s own model', () => {
  const own = { provider: 'openai' as const, model: 'gpt-6-sol', price: { input: 0, output: 0 } };
  expect(turnModel(grant, own)).toEqual({ name: 'claude-sonnet-5-5', price });
  expect(turnModel({ ...grant, provider: null }, { ...own, provider: 'anthropic' })).toEqual({
    name: 'claude-sonnet-5-5',
    price,
  });
});
