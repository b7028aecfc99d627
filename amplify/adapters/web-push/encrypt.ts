import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** A browser's keys as it gives them: RFC 8291, base64url. */
export interface BrowserKeys {
  p256dh: string;
  auth: string;
}

/** Whether browsers can be spoken to with this key: it is a point on the curve. */
export function isPublicKey(p256dh: string): boolean {
  const own = createECDH('prime256v1');
  own.generateKeys();
  try {
    return own.computeSecret(Buffer.from(p256dh, 'base64url')).length === 32;
  } catch {
    return false;
  }
}

/** Padding and record are as small as they can be: a message is one record. */
const recordSize = 4096;
/** The longest message that fits into it, bytes: push services take no more. */
export const longestMessage = recordSize - 16 - 1 - 86;

const derive = (salt: Uint8Array, key: Uint8Array, info: string | Uint8Array, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length));

/**
 * Encrypts a message for one browser, with a key made for this message alone: RFC 8291, in the encoding `aes128gcm` of RFC 8188.
 * `given`: key and salt, for the RFC's own example. Throws for keys that are none, and a message that does not fit.
 */
export function encryptFor(
  { p256dh, auth }: BrowserKeys,
  message: Uint8Array,
  given?: { privateKey: Uint8Array; salt: Uint8Array },
): Buffer {
  if (message.length > longestMessage) throw new RangeError(`${message.length} bytes are too many to push`);
  const sender = createECDH('prime256v1');
  if (given) sender.setPrivateKey(given.privateKey);
  else sender.generateKeys();
  const senderKey = sender.getPublicKey();
  const browserKey = Buffer.from(p256dh, 'base64url');
  const salt = given?.salt ?? randomBytes(16);

  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browserKey, senderKey]);
  const shared = derive(Buffer.from(auth, 'base64url'), sender.computeSecret(browserKey), info, 32);
  const key = derive(salt, shared, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(salt, shared, 'Content-Encoding: nonce\0', 12);

  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(recordSize);
  return Buffer.concat([
    salt,
    size,
    Buffer.of(senderKey.length),
    senderKey,
    cipher.update(message),
    // The delimiter of a last record.
    cipher.update(Buffer.of(2)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}
