import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Encrypts values at rest (AES-256-GCM) under a key file that only its owner may read. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(directory: string) {
    const file = join(directory, 'key');
    if (!existsSync(file)) {
      writeFileSync(`${file}.new`, randomBytes(32), { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    }
    this.#key = readFileSync(file);
  }

  /** `label` must be the same to open it: a sealed value can't be moved to another name. */
  seal(text: string, label: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(label));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Throws when the value was not sealed under this key and label. */
  open(sealed: string, label: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(label)).setAuthTag(bytes.subarray(12, 28));
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
  }
}
