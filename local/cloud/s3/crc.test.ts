import { expect, test } from 'vitest';
import { crc32cOf, crc32Of, crc64NvmeOf } from './crc.ts';

// The check values of the CRC catalogue: https://reveng.sourceforge.io/crc-catalogue/all.htm
test.each([
  [crc32Of, 'cbf43926'],
  [crc32cOf, 'e3069283'],
  [crc64NvmeOf, 'ae8b14860a799888'],
])('%o of 123456789 is the catalogue’s', (crc, expected) => {
  expect(crc(Buffer.from('123456789')).toString('hex')).toBe(expected);
});
