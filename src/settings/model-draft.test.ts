import { describe, expect, test } from 'vitest';
import { fromDraft, toDraft } from './model-draft.ts';

const saved = { provider: null, capacity: 'spot-only' as const, language: 'ko' as const };

describe('the form of the model', () => {
  test('gives back what it was given, with what it does not show', () =>
    expect(fromDraft(toDraft(saved), saved)).toMatchObject({
      capacity: 'spot-only',
      language: 'ko',
      provider: null,
    }));

  test('follows the deployment’s model when no provider is named', () => {
    const draft = { ...toDraft(saved), provider: '' as const, model: 'left over', baseUrl: 'left over' };
    expect(fromDraft(draft, saved)).toMatchObject({ provider: null, model: null, baseUrl: null });
  });

  test('asks for the model and for the address where they are needed', () => {
    const draft = { ...toDraft(saved), provider: 'openai-compatible' as const };
    expect(fromDraft(draft, saved)).toBe('modelNeeded');
    expect(fromDraft({ ...draft, model: 'm' }, saved)).toBe('baseUrlNeeded');
    expect(fromDraft({ ...draft, model: 'm', baseUrl: 'ftp://x', priceIn: '1', priceOut: '2' }, saved)).toBe(
      'baseUrlNeeded',
    );
    expect(
      fromDraft(
        { ...draft, model: ' m ', baseUrl: ' http://127.0.0.1:11434/v1 ', priceIn: '0', priceOut: '0' },
        saved,
      ),
    ).toMatchObject({
      model: 'm',
      baseUrl: 'http://127.0.0.1:11434/v1',
    });
  });

  test('an address is optional for a provider that has its own', () =>
    expect(
      fromDraft({ ...toDraft(saved), provider: 'anthropic', model: 'claude-sonnet-5-5' }, saved),
    ).toMatchObject({
      baseUrl: null,
    }));

  test('names the dialect only where there is a choice, and keeps how much is thought', () => {
    const draft = {
      ...toDraft({ api: 'openai-responses', thinking: 'low' }),
      model: 'm',
      priceIn: '1',
      priceOut: '1',
    };
    const own = { ...draft, provider: 'openai-compatible' as const, baseUrl: 'https://models.test/v1' };
    expect(fromDraft(own, saved)).toMatchObject({ api: 'openai-responses', thinking: 'low' });
    expect(fromDraft({ ...own, api: '', thinking: 'off' }, saved)).toMatchObject({
      api: null,
      thinking: null,
    });
    expect(fromDraft({ ...draft, provider: 'anthropic' as const }, saved)).toMatchObject({ api: null });
    expect(fromDraft({ ...draft, provider: '' as const }, saved)).toMatchObject({
      api: null,
      thinking: 'low',
    });
  });

  test('asks for the price of a model that has none listed, and takes the one that is entered', () => {
    const draft = { ...toDraft(saved), provider: 'anthropic' as const, model: 'claude-unheard-of' };
    expect(fromDraft(draft, saved)).toBe('priceNeeded');
    expect(fromDraft({ ...draft, priceIn: '3', priceOut: '' }, saved)).toBe('priceNeeded');
    expect(fromDraft({ ...draft, priceIn: 'x', priceOut: '1' }, saved)).toBe('priceNeeded');
    expect(fromDraft({ ...draft, priceIn: '3', priceOut: '0,5' }, saved)).toMatchObject({
      modelPrice: { input: 3, output: 0.5 },
    });
  });
});
