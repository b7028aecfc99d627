import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ToolCard } from '../../amplify/core/message.ts';
import { answerParts } from './answer-parts.ts';

const tool = (at: number, id = `t${at}`): ToolCard => ({
  id,
  name: 'exec',
  title: 'ls',
  status: 'done',
  at,
  startedAt: '2026-01-01T00:00:00.000Z',
});
const shape = (text: string, tools: ToolCard[]) =>
  answerParts(text, tools).map((part) =>
    part.kind === 'text' ? part.text : part.tools.map(({ id }) => id).join('+'),
  );

describe('an answer with tools', () => {
  test('stands in the order in which it came', () =>
    expect(shape('First.\n\nThen.', [tool(8, 'a'), tool(8, 'b')])).toEqual(['First.\n\n', 'a+b', 'Then.']));

  test('shows a tool that comes before any text first', () =>
    expect(shape('Done.', [tool(0)])).toEqual(['t0', 'Done.']));

  test('shows a tool whose place is not reached yet at the end', () =>
    expect(shape('Wait', [tool(99)])).toEqual(['Wait', 't99']));

  test('never cuts a block of code', () =>
    expect(shape('```sh\nls\npwd\n```\nend', [tool(9)])).toEqual(['```sh\nls\npwd\n```\n', 't9', 'end']));

  test('loses no text and no tool, wherever the tools are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '`', '```\n', '~~~', ' ') }),
        fc.array(fc.nat({ max: 40 })),
        (text, places) => {
          const tools = places.sort((a, b) => a - b).map((at, index) => tool(at, `t${index}`));
          const parts = answerParts(text, tools);
          const joined = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
          expect(joined.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
          expect(parts.flatMap((part) => (part.kind === 'tools' ? part.tools : []))).toEqual(tools);
          expect(new Set(parts.map(({ key }) => key)).size).toBe(parts.length);
        },
      ),
    );
  });
});
