import { crc32 } from 'node:zlib';

/** CRC-32 (of gzip), as the four bytes that S3 shows in base64. */
export function crc32Of(body: Uint8Array): Buffer {
  return word(crc32(body));
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** CRC-32C (of iSCSI). */
export function crc32cOf(body: Uint8Array): Buffer {
  let value = 0xffffffff;
  for (const byte of body) value = (castagnoli[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return word(~value);
}

/** Its 64 bits are kept as two halves: big integers would take a minute where this takes a second. */
const nvme = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  return value;
});
const nvmeHigh = Uint32Array.from(nvme, (value) => Number(value >> 32n));
const nvmeLow = Uint32Array.from(nvme, (value) => Number(value & 0xffffffffn));

/** CRC-64/NVME. */
export function crc64NvmeOf(body: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of body) {
    const index = (low ^ byte) & 0xff;
    low = (((low >>> 8) | (high << 24)) ^ (nvmeLow[index] ?? 0)) >>> 0;
    high = ((high >>> 8) ^ (nvmeHigh[index] ?? 0)) >>> 0;
  }
  return Buffer.concat([word(~high), word(~low)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
