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
    expect(fromDraft({ ...draft, model: 'm', baseUrl: 'ftp://x' }, saved)).toBe('baseUrlNeeded');
    expect(
      fromDraft({ ...draft, model: ' m ', baseUrl: ' http://127.0.0.1:11434/v1 ' }, saved),
    ).toMatchObject({
      model: 'm',
      baseUrl: 'http://127.0.0.1:11434/v1',
    });
  });

  test('an address is optional for a provider that has its own', () =>
    expect(fromDraft({ ...toDraft(saved), provider: 'anthropic', model: 'm' }, saved)).toMatchObject({
      baseUrl: null,
    }));
});
