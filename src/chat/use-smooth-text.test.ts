import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextLength } from './use-smooth-text.ts';

test('text that is shown bit by bit comes to its end and never shows half a character', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      let length = 0;
      for (let frames = 0; length < text.length; frames += 1) {
        const next = nextLength(text, length);
        expect(next).toBeGreaterThan(length);
        expect(text.slice(0, next).isWellFormed() || !text.isWellFormed()).toBe(true);
        expect(frames).toBeLessThan(text.length + 1);
        length = next;
      }
    }),
  ));
