import { describe, expect, test } from 'vitest';
import { sendsMessage } from './enter-key.ts';

const enter = { key: 'Enter', shiftKey: false, keyCode: 13, isComposing: false };

describe('Enter', () => {
  test('sends', () => expect(sendsMessage(enter)).toBe(true));
  test('with Shift begins a new line', () => expect(sendsMessage({ ...enter, shiftKey: true })).toBe(false));
  test('while a Korean syllable is composed does not send', () =>
    expect(sendsMessage({ ...enter, isComposing: true })).toBe(false));
  test('that ends a composition in Safari does not send', () =>
    expect(sendsMessage({ ...enter, keyCode: 229 })).toBe(false));
  test('is the only key that sends', () =>
    expect(sendsMessage({ ...enter, key: 'a', keyCode: 65 })).toBe(false));
});
