import { randomBytes, randomInt } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** KSUID counts seconds from 2014-05-13T16:53:20Z. */
const KSUID_EPOCH_SECONDS = 1_400_000_000;

/** A ULID: 48 bits of milliseconds and 80 random bits, 26 characters that sort by time. */
export function ulid(now: Date): string {
  let time = now.getTime();
  let stamp = '';
  for (let position = 0; position < 10; position += 1) {
    stamp = CROCKFORD.charAt(time % 32) + stamp;
    time = Math.floor(time / 32);
  }
  return stamp + Array.from({ length: 16 }, () => CROCKFORD.charAt(randomInt(32))).join('');
}

/** A KSUID: 32 bits of seconds and 128 random bits in base 62, 27 characters that sort by time. */
export function ksuid(now: Date): string {
  const stamp = Buffer.alloc(4);
  stamp.writeUInt32BE(Math.floor(now.getTime() / 1000) - KSUID_EPOCH_SECONDS);
  let number = BigInt(`0x${Buffer.concat([stamp, randomBytes(16)]).toString('hex')}`);
  let text = '';
  while (text.length < 27) {
    text = BASE62.charAt(Number(number % 62n)) + text;
    number /= 62n;
  }
  return text;
}
