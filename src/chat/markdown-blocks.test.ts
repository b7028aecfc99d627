import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdownBlocks } from './markdown-blocks.ts';

describe('Markdown that streams in', () => {
  test('is cut between paragraphs', () =>
    expect(markdownBlocks('one\n\ntwo\nlines\n\nthree')).toEqual(['one\n\n', 'two\nlines\n\n', 'three']));

  test('is not cut inside of code, lists and quotes', () => {
    for (const whole of [
      '```\na\n\nb\n```',
      '- a\n\n- b\n\n  more',
      '1. a\n\n2. b',
      '> a\n\n> b',
      'a\n\n    code',
    ]) {
      expect(markdownBlocks(whole)).toEqual([whole]);
    }
  });

  test('stays whole when links are defined elsewhere in it', () =>
    expect(markdownBlocks('see [a]\n\nmore\n\n[a]: https://example.com')).toHaveLength(1));

  test('is the same text when it is joined again', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '\n\n', '`', '```', '- ', '> ', ' ', '한') }),
        (text) => {
          expect(markdownBlocks(text).join('')).toBe(text);
        },
      ),
    ));
});
