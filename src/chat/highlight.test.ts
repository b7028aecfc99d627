import { describe, expect, test } from 'vitest';
import { highlight } from './highlight.ts';

describe('code', () => {
  test('keeps every character, whatever its language', async () => {
    const code = 'def f(x):\r\n\t# 주석\n    return "a<b>&" + str(x)\n\n';
    const tokens = await highlight(code, 'py');
    expect(tokens?.map(({ text }) => text).join('')).toBe(code.replace('\r\n', '\n'));
  });
  test('is told apart by what it is', async () => {
    const tokens = await highlight('const a = "b"; // c', 'ts');
    const kindOf = (part: string) => tokens?.find(({ text }) => text.includes(part))?.kind;
    expect([kindOf('const'), kindOf('b'), kindOf('// c')]).toEqual([
      'keyword',
      'string-expression',
      'comment',
    ]);
  });
  test('of one very long line is shown plain, the lines beside it are not', async () => {
    const long = `const data = "${'x'.repeat(3000)}";`;
    const tokens = await highlight(`const a = 1;\n${long}`, 'ts');
    expect(tokens?.find(({ text }) => text.includes('const'))?.kind).toBe('keyword');
    expect(tokens?.find(({ text }) => text.includes(long))?.kind).toBeNull();
  });
  test.each(['brainfuck', 'constructor', ''])('of the language %j is shown plain', async (language) =>
    expect(await highlight('x', language)).toBeNull(),
  );
});
