import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Hex MD5 without quotes. */
  readonly etag: string;
  readonly contentType: string;
  /** User metadata (`x-amz-meta-*`, without the prefix) and checksums, as JSON. */
  readonly metadata: string;
  readonly modifiedAt: number;
  readonly blob: string;
}

/**
 * Objects on disk. Bytes are written and flushed under a new name first; the row that points to them is what makes
 * an object exist, so a kill leaves the object before or the object after, never half of one.
 */
export class ObjectStore {
  readonly #database: DatabaseSync;
  readonly #blobs: string;

  constructor(directory: string) {
    this.#blobs = join(directory, 'blobs');
    mkdirSync(this.#blobs, { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(join(directory, 'objects.sqlite'));
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS object (
        bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, contentType TEXT NOT NULL,
        metadata TEXT NOT NULL, modifiedAt INTEGER NOT NULL, blob TEXT NOT NULL, PRIMARY KEY (bucket, key))`);
  }

  find(bucket: string, key: string): StoredObject | undefined {
    return this.#database
      .prepare('SELECT * FROM object WHERE bucket = ? AND key = ?')
      .get(bucket, key) as unknown as StoredObject | undefined;
  }

  read(object: StoredObject): Buffer {
    return readFileSync(join(this.#blobs, object.blob));
  }

  put(object: Omit<StoredObject, 'size' | 'etag' | 'blob'>, body: Buffer): StoredObject {
    const before = this.find(object.bucket, object.key);
    const blob = randomUUID();
    const file = openSync(join(this.#blobs, blob), 'w', 0o600);
    try {
      writeSync(file, body);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    const stored = { ...object, size: body.length, etag: createHash('md5').update(body).digest('hex'), blob };
    this.#database
      .prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        stored.bucket,
        stored.key,
        stored.size,
        stored.etag,
        stored.contentType,
        stored.metadata,
        stored.modifiedAt,
        stored.blob,
      );
    if (before) this.#drop(before);
    return stored;
  }

  delete(bucket: string, key: string): void {
    const before = this.find(bucket, key);
    if (!before) return;
    this.#database.prepare('DELETE FROM object WHERE bucket = ? AND key = ?').run(bucket, key);
    this.#drop(before);
  }

  /** Objects by key, after `after`. */
  list(bucket: string, prefix: string, after: string, limit: number): StoredObject[] {
    return this.#database
      .prepare(
        'SELECT * FROM object WHERE bucket = ? AND substr(key, 1, ?) = ? AND key > ? ORDER BY key LIMIT ?',
      )
      .all(bucket, [...prefix].length, prefix, after, limit) as unknown as StoredObject[];
  }

  close(): void {
    this.#database.close();
  }

  #drop(object: StoredObject): void {
    rmSync(join(this.#blobs, object.blob), { force: true });
  }
}
