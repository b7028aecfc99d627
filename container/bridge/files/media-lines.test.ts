import { expect, test } from 'vitest';
import { MediaLines } from './media-lines.ts';

const found = (...pieces: string[]) => {
  const lines = new MediaLines();
  for (const piece of pieces) lines.add(piece);
  lines.end();
  return lines.paths;
};

test('files are found in lines of their own, however the text is cut into pieces', () => {
  expect(found('Here it is.\nMED', 'IA:./out/a b.p', 'ng\nand\n  MEDIA: `보고서.pdf`')).toEqual([
    './out/a b.png',
    '보고서.pdf',
  ]);
});

test.each([
  ['within a sentence', 'Write MEDIA:./a.png to send it'],
  ['an example in a block of code', '```\nMEDIA:./a.png\n```'],
  ['on the web', 'MEDIA:https://example.com/a.png'],
  ['empty', 'MEDIA:'],
])('what is %s is none', (_, text) => {
  expect(found(text)).toEqual([]);
});

test('a file that is named twice is one file', () => {
  expect(found('MEDIA:a.png\nMEDIA:a.png')).toEqual(['a.png']);
});

test('a block of code that a call of the model left open does not hide what the next one hands over', () => {
  const lines = new MediaLines();
  lines.add('```\nMEDIA:./a.png');
  lines.end();
  lines.add('MEDIA:./b.png');
  lines.end();
  expect(lines.paths).toEqual(['./b.png']);
});
