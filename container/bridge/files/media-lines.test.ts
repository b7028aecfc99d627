import { expect, test } from 'vitest';
import { MediaLines } from './media-lines.ts';

const found = (...calls: string[]) => {
  const lines = new MediaLines();
  for (const text of calls) lines.add(text);
  return lines.paths;
};

test('files are found in lines of their own', () => {
  expect(found('Here it is.\nMEDIA:./out/a b.png\nand\n  MEDIA: `보고서.pdf`')).toEqual([
    './out/a b.png',
    '보고서.pdf',
  ]);
});

test.each([
  ['within a sentence', 'Write MEDIA:./a.png to send it'],
  ['an example in a block of code', '```\nMEDIA:./a.png\n```'],
  ['on the web', 'MEDIA:https://example.com/a.png'],
  ['empty', 'MEDIA:'],
  ['a long line of next to nothing', `MEDIA:a${' '.repeat(100_000)}\`b`],
])('what is %s is none', (_, text) => {
  expect(found(text)).toEqual([]);
});

test('a file that is named twice is one file', () => {
  expect(found('MEDIA:a.png\nMEDIA:a.png')).toEqual(['a.png']);
});

test('a block of code that a call of the model left open does not hide what the next one hands over', () => {
  expect(found('```\nMEDIA:./a.png', 'MEDIA:./b.png')).toEqual(['./b.png']);
});
