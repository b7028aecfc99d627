import { stringify, v5 } from 'uuid';

/** Any constant will do; it sets these ids apart from other uses of SHA-1. */
const namespace = '9e3a8d52-6c0f-4c7e-9d55-1b5b1f0f6a11';

/**
 * The id of what an update made: always the same for the same update, so that a replay is the same message.
 * A UUID of version 7 whose time is the update's and which sorts by `sequence` within one millisecond
 * (40 bits of it); the rest comes from `purpose`, e.g. the channel and what is made.
 */
export function idOfUpdate(purpose: string, update: { sequence: number; sentAt: number }): string {
  const { sequence, sentAt } = update;
  const hash = v5(`${purpose}#${sequence}`, namespace, new Uint8Array(16));
  const number = BigInt(sequence) & 0xff_ffff_ffffn;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, (BigInt(sentAt) << 16n) | 0x7000n | (number >> 28n));
  view.setUint32(8, 0x8000_0000 | Number((number >> 0n) & 0xfff_ffffn));
  bytes.set(hash.slice(12), 12);
  return stringify(bytes);
}
