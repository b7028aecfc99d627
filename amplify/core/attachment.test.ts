import { describe, expect, test } from 'vitest';
import { cleanName, cleanType, fileKey, maxNameLength } from './attachment.ts';

describe('The name of a file', () => {
  test.each([
    ['보고서 2026.pdf', '보고서 2026.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Users\\ann\\photo.png', 'C__Users_ann_photo.png'],
    ['.env', 'env'],
    ['  a \n b.txt ', 'a _ b.txt'],
    ['invoice\u202Efdp.exe', 'invoice_fdp.exe'],
    ['nul\u0000.txt', 'nul_.txt'],
    ['half \uD83D.txt', 'half \uFFFD.txt'],
    ['...', 'file'],
    ['', 'file'],
  ])('%j is kept as %j', (given, kept) => {
    expect(cleanName(given)).toBe(kept);
  });

  test('is the same however its letters are composed', () => {
    expect(cleanName('한글.txt'.normalize('NFD'))).toBe('한글.txt');
  });

  test('that is too long loses its middle and keeps its ending, and no character is cut', () => {
    const kept = cleanName(`${'👩‍👩‍👧'.repeat(60)}.tar.gz`);
    expect(kept.length).toBeLessThanOrEqual(maxNameLength);
    expect(kept.endsWith('.gz')).toBe(true);
    expect(kept.isWellFormed()).toBe(true);
  });
});

test.each([
  ['image/PNG', 'image/png'],
  ['text/plain; charset=utf-8', 'text/plain'],
  ['', 'application/octet-stream'],
  ['text/html\r\nx-evil: 1', 'application/octet-stream'],
  ['anything', 'application/octet-stream'],
])('the type %j is stored as %j', (given, stored) => {
  expect(cleanType(given)).toBe(stored);
});

test('a file lies below its owner', () => {
  expect(fileKey('ann', 'f1')).toBe('owners/ann/files/f1');
});
