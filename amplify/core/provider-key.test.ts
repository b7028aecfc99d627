import { describe, expect, test } from 'vitest';
import { checkKey, keyFor, viewOfKey } from './provider-key.ts';

const stored = JSON.stringify({
  provider: 'anthropic',
  key: 'sk-ant-0123456789',
  savedAt: '2026-11-25T12:00:00.000Z',
});

describe('A stored key', () => {
  test('goes to the provider that it was entered for, and to no other', () => {
    expect(keyFor('anthropic', stored)).toBe('sk-ant-0123456789');
    expect(keyFor('openai-compatible', stored)).toBeNull();
    expect(keyFor('anthropic', null)).toBeNull();
  });

  test('that an operator stored as plain text belongs to the provider that is chosen', () => {
    expect(keyFor('deepseek', 'sk-plain-text-key')).toBe('sk-plain-text-key');
    expect(viewOfKey('sk-plain-text-key')).toEqual({ provider: null, savedAt: null, ending: '-key' });
  });

  test('is shown by its last four characters, a short one not at all', () => {
    expect(viewOfKey(stored)).toMatchObject({ provider: 'anthropic', ending: '6789' });
    expect(viewOfKey('short')).toMatchObject({ ending: '' });
    expect(viewOfKey(null)).toBeNull();
  });
});

describe('A pasted key', () => {
  test('loses what surrounds it', () => expect(checkKey('  sk-abc\n')).toBe('sk-abc'));
  test.each(['', '   ', 'two words', '키', 'a\nb', 'x'.repeat(2001)])('is none when it is %j', (text) => {
    expect(() => checkKey(text)).toThrow('key.invalid');
  });
});
