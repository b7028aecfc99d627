import { expect, test } from 'vitest';
import { readText, shownBytes } from './read-text.ts';
import { isTextFile, languageOfFile } from './text-file.ts';

test.each([
  ['notes.txt', 'text/plain', null],
  ['표.CSV', 'application/octet-stream', null],
  ['page.html', 'text/html', 'html'],
  ['data.json', 'application/json', 'json'],
  ['tool.py', 'application/octet-stream', 'py'],
])('%s (%s) is shown as text', (name, type, language) => {
  expect([isTextFile({ name, type }), languageOfFile(name)]).toEqual([true, language]);
});

test.each([
  ['photo.png', 'image/png'],
  ['paper.pdf', 'application/pdf'],
  ['archive.zip', 'application/zip'],
  ['unknown', 'application/octet-stream'],
])('%s is not', (name, type) => expect(isTextFile({ name, type })).toBe(false));

test('a file is read in UTF-8, and in UTF-16 where it says so', async () => {
  expect(await readText(new Response('안녕 <b>'))).toEqual({ text: '안녕 <b>', isCut: false });
  const utf16 = new Uint8Array([0xff, 0xfe, 0x48, 0x00, 0x69, 0x00]);
  expect(await readText(new Response(utf16))).toEqual({ text: 'Hi', isCut: false });
});

test('no more is read than is shown, and no character is cut in half', async () => {
  let pulled = 0;
  let cancelled = false;
  const stream = new ReadableStream({
    pull: (control) => {
      pulled += 1;
      control.enqueue(new TextEncoder().encode('가'.repeat(30_000)));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const shown = await readText(new Response(stream));
  expect(shown?.isCut).toBe(true);
  expect(shown?.text).toBe('가'.repeat(Math.floor(shownBytes / 3)));
  expect([pulled <= 4, cancelled]).toEqual([true, true]);
});

test('what is no text is not shown as one, and what can’t be read is told', async () => {
  expect(await readText(new Response(new Uint8Array([1, 2, 0, 3])))).toBeNull();
  await expect(readText(new Response('<Error/>', { status: 403 }))).rejects.toThrow('403');
});
