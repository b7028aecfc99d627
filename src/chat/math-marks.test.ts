import { describe, expect, test } from 'vitest';
import { unifyMathMarks } from './math-marks.ts';

describe('formulas', () => {
  test.each([
    ['\\(a^2\\) and \\(b\\)', '$$a^2$$ and $$b$$'],
    ['so $x_1 = 2$, then', 'so $$x_1 = 2$$, then'],
    ['\\[\nE = mc^2\n\\]', '\n$$\nE = mc^2\n$$\n'],
    ['$$E = mc^2$$', '$$\nE = mc^2\n$$'],
    ['넓이는 $\\pi r^2$입니다', '넓이는 $$\\pi r^2$$입니다'],
  ])('in %j are read', (text, expected) => expect(unifyMathMarks(text)).toBe(expected));

  test.each([
    'from $5 to $10',
    'about $5/$10 each',
    '$HOME and $PATH',
    'US$5 and US$6',
    'run `echo $A$B` and `\\(x\\)`',
    '```sh\necho $A $B$C \\[x\\]\n```',
    '~~~\n$x$\n~~~',
    '```\nstill open $x$',
    '\\$x$',
  ])('are not seen in %j', (text) => expect(unifyMathMarks(text)).toBe(text));

  test('behind code are read again', () =>
    expect(unifyMathMarks('`a$b` $x$\n```\n$y$\n```\n$z$')).toBe('`a$b` $$x$$\n```\n$y$\n```\n$$z$$'));
});
