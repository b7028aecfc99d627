import { expect, test } from 'vitest';
import { compressionOf, isTarHeader } from './state-file.ts';

/** A header as GNU tar writes it. */
function header(change: (bytes: Uint8Array) => void = () => {}): Uint8Array {
  const bytes = new Uint8Array(512);
  const write = (text: string, at: number) => bytes.set(new TextEncoder().encode(text), at);
  write('.openclaw/', 0);
  write('ustar  ', 257);
  write('        ', 148);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  change(bytes);
  return bytes;
}

test('a tar is known by the checksum of its first header', () => {
  expect(isTarHeader(header())).toBe(true);
  expect(isTarHeader(header((bytes) => bytes.set([0x41], 0)))).toBe(false);
  expect(isTarHeader(header().subarray(0, 511))).toBe(false);
  expect(isTarHeader(new Uint8Array(512))).toBe(false);
});

test('zstd and gzip are known by their first bytes, nothing else is', () => {
  const of = (...bytes: number[]) => compressionOf(Uint8Array.from(bytes));
  expect(of(0x28, 0xb5, 0x2f, 0xfd, 4)).toBe('zstd');
  expect(of(0x1f, 0x8b, 8)).toBe('gzip');
  expect(of(0x50, 0x4b, 3, 4)).toBeNull();
  expect(of(0x28, 0xb5)).toBeNull();
  expect(of()).toBeNull();
});
