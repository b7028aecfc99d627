import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkText } from '../../../local/app/bot-api/formatted-text.ts';
import { blocksOf } from './markdown.ts';
import { textOf, toEntities } from './runs.ts';
import { maxLength, splitBlocks } from './split.ts';

const rendered = (markdown: string) => splitBlocks(blocksOf(markdown)).map(toEntities);
const only = (markdown: string) => rendered(markdown)[0];
/** What stands under each entity. */
const marked = (markdown: string) => {
  const { text, entities } = only(markdown) ?? { text: '', entities: [] };
  return entities.map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]);
};

describe('Markdown as Telegram shows it', () => {
  test.each([
    [
      '**bold** _italic_ ~~gone~~ `code`',
      [
        ['bold', 'bold'],
        ['italic', 'italic'],
        ['strikethrough', 'gone'],
        ['code', 'code'],
      ],
    ],
    ['# Heading', [['bold', 'Heading']]],
    ['> a quote\n> of two lines', [['blockquote', 'a quote\nof two lines']]],
    [
      '**중요**는 이것이고 **"공개"**는 저것이다',
      [
        ['bold', '중요'],
        ['bold', '"공개"'],
      ],
    ],
    ['[site](https://example.com) and https://example.org', [['text_link', 'site']]],
    [
      '**bold `code` bold**',
      [
        ['bold', 'bold'],
        ['code', 'code'],
        ['bold', 'bold'],
      ],
    ],
    [
      '> quoted `code`',
      [
        ['blockquote', 'quoted code'],
        ['code', 'code'],
      ],
    ],
    [
      '*a **b** c*',
      [
        ['italic', 'a b c'],
        ['bold', 'b'],
      ],
    ],
    ['👋 **안녕**', [['bold', '안녕']]],
  ])('%s', (markdown, expected) => {
    expect(marked(markdown)).toEqual(expected);
  });

  test('blocks of code keep their language and their text', () => {
    expect(only('```py\nif x:\n    y()\n```')).toEqual({
      text: 'if x:\n    y()',
      entities: [{ type: 'pre', language: 'py', offset: 0, length: 13 }],
    });
  });

  test('lists, tasks, tables and links that lead nowhere are readable', () => {
    expect(only('1. one\n2. two\n   - three\n\n- [x] done\n- [ ] open')?.text).toBe(
      '1. one\n2. two\n  • three\n\n☑ done\n☐ open',
    );
    expect(only('| a | 나라 |\n|---|--:|\n| 1 | 2 |')?.text).toBe('a │ 나라\n──┼─────\n1 │    2');
    expect(only('[here](javascript:alert(1))')).toMatchObject({
      text: 'here (javascript:alert(1))',
      entities: [],
    });
  });
});

const letters = fc.constantFrom(
  'a',
  'B',
  '가',
  '나',
  '👋',
  '👨‍👩‍👧',
  ' ',
  '\n',
  '\n\n',
  '*',
  '**',
  '_',
  '`',
  '```',
  '> ',
  '- ',
  '# ',
  '|',
  '[',
  '](https://x.test)',
  '~~',
  '\\',
  '<b>',
  '\t',
  '1. ',
);
const markdown = fc
  .array(fc.oneof({ weight: 3, arbitrary: letters }, fc.string({ maxLength: 40 })), { maxLength: 120 })
  .map((parts) => parts.join(''));
const long = fc.array(markdown, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('\n\n').repeat(3));
const letterless = (text: string) => text.replace(/\s/gu, '');

describe('Whatever is answered', () => {
  test('comes in messages that Telegram takes, and nothing of its text is lost', () => {
    fc.assert(
      fc.property(fc.oneof(markdown, long), (text) => {
        const parts = rendered(text);
        for (const part of parts) {
          expect(part.text.length).toBeGreaterThan(0);
          expect(part.text).toBe(part.text.trim());
          checkText(part.text, part.entities, maxLength);
        }
        const whole = blocksOf(text).map(textOf).join('');
        expect(letterless(parts.map((part) => part.text).join(''))).toBe(letterless(whole));
      }),
      { numRuns: 300 },
    );
  });

  test('is cut at the borders of blocks, and lines of code stay whole', () => {
    const block = (name: string) => `\`\`\`js\n${`${name}();\n`.repeat(250)}\`\`\``;
    const parts = rendered(['first', 'second', 'third'].map(block).join('\n\n'));
    expect(parts.map(({ text }) => text.split('\n')[0])).toEqual(['first();', 'second();', 'third();']);
    const [head, ...rest] = rendered(block('x'.repeat(30)));
    expect(rest.length).toBeGreaterThan(0);
    for (const { text, entities } of [head, ...rest].filter((part) => part !== undefined)) {
      for (const line of text.split('\n')) expect(line).toBe(`${'x'.repeat(30)}();`);
      expect(entities).toEqual([{ type: 'pre', language: 'js', offset: 0, length: text.length }]);
    }
  });

  test('without a single place to cut is cut between letters', () => {
    const parts = rendered('👋'.repeat(5_000));
    expect(parts.map(({ text }) => text).join('')).toBe('👋'.repeat(5_000));
    for (const { text } of parts) expect(text.isWellFormed()).toBe(true);
  });

  test('with more formatting than one message takes goes on in the next', () => {
    const parts = rendered(Array.from({ length: 250 }, (_each, count) => `**w${count}**`).join(' '));
    expect(parts.length).toBeGreaterThan(2);
    for (const { entities } of parts) expect(entities.length).toBeLessThanOrEqual(100);
  });
});
