import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Blob, Blobs } from './blobs.ts';
import type { Checksum } from './checksum.ts';
import type { Tags } from './tags.ts';

/** What is said of an object beside its bytes. */
export interface ObjectInfo {
  /** `content-type`, `cache-control` … as they are to be given back. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-amz-meta-*`, without the prefix. */
  readonly user: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  readonly tags?: Tags;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly info: ObjectInfo;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly blob: string;
}

/** An upload in parts. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly info: ObjectInfo;
  /** What its parts' checksums are made with, and what becomes of them; JSON-able. */
  readonly checksum?: Pick<Checksum, 'algorithm' | 'type'>;
  readonly startedAt: number;
}

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly checksum?: Checksum;
  readonly modifiedAt: number;
  readonly blob: string;
}

const schema = `
  CREATE TABLE IF NOT EXISTS stored (
    bucket TEXT NOT NULL, key TEXT NOT NULL, blob TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (bucket, key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, record TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS part (
    upload TEXT NOT NULL REFERENCES upload ON DELETE CASCADE, number INTEGER NOT NULL, blob TEXT NOT NULL,
    record TEXT NOT NULL, PRIMARY KEY (upload, number)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deployment (id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL) STRICT;
`;

/**
 * Objects and uploads on disk. Bytes are written and flushed first; the row that names them is what makes an
 * object exist, so a kill leaves the object before or the object after, never half of one.
 */
export class ObjectStore {
  readonly blobs: Blobs;
  readonly #database: DatabaseSync;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 's3.sqlite');
    this.#database = new DatabaseSync(path);
    chmodSync(path, 0o600);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    this.#database.exec(schema);
    this.blobs = new Blobs(directory);
    const rows = this.#database.prepare('SELECT blob FROM stored UNION SELECT blob FROM part').all();
    this.blobs.removeAllBut(new Set(rows.map(({ blob }) => String(blob))));
  }

  find(bucket: string, key: string): StoredObject | undefined {
    const row = this.#database
      .prepare('SELECT record FROM stored WHERE bucket = ? AND key = ?')
      .get(bucket, key);
    return row && JSON.parse(String(row.record));
  }

  /** Makes an object of a blob, in place of an older one. */
  put(object: Omit<StoredObject, 'blob' | 'size'>, blob: Blob): StoredObject {
    const before = this.find(object.bucket, object.key);
    const stored: StoredObject = { ...object, size: blob.size, blob: blob.name };
    this.#database
      .prepare(
        `INSERT INTO stored VALUES (?, ?, ?, ?)
         ON CONFLICT (bucket, key) DO UPDATE SET blob = excluded.blob, record = excluded.record`,
      )
      .run(stored.bucket, stored.key, stored.blob, JSON.stringify(stored));
    if (before) this.blobs.remove(before.blob);
    return stored;
  }

  /** Changes what is said of an object whose bytes stay. */
  describe(object: StoredObject): void {
    this.#database
      .prepare('UPDATE stored SET record = ? WHERE bucket = ? AND key = ? AND blob = ?')
      .run(JSON.stringify(object), object.bucket, object.key, object.blob);
  }

  delete(bucket: string, key: string): void {
    const before = this.find(bucket, key);
    if (!before) return;
    this.#database.prepare('DELETE FROM stored WHERE bucket = ? AND key = ?').run(bucket, key);
    this.blobs.remove(before.blob);
  }

  /** Objects whose key begins with `prefix` and comes after `after`, in the order of their UTF-8 bytes. */
  *list(bucket: string, prefix: string, after = ''): Generator<StoredObject> {
    const rows = this.#database
      .prepare('SELECT record FROM stored WHERE bucket = ? AND key >= ? AND key > ? ORDER BY key')
      .iterate(bucket, prefix, after);
    for (const row of rows) {
      const object: StoredObject = JSON.parse(String(row.record));
      if (!object.key.startsWith(prefix)) return;
      yield object;
    }
  }

  addUpload(upload: Upload): void {
    this.#database
      .prepare('INSERT INTO upload VALUES (?, ?, ?)')
      .run(upload.id, upload.bucket, JSON.stringify(upload));
  }

  upload(id: string): Upload | undefined {
    const row = this.#database.prepare('SELECT record FROM upload WHERE id = ?').get(id);
    return row && JSON.parse(String(row.record));
  }

  uploads(bucket: string): Upload[] {
    return this.#database
      .prepare('SELECT record FROM upload WHERE bucket = ?')
      .all(bucket)
      .map(({ record }) => JSON.parse(String(record)));
  }

  putPart(upload: Upload, part: Part): void {
    const before = this.parts(upload).find(({ number }) => number === part.number);
    this.#database
      .prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)')
      .run(upload.id, part.number, part.blob, JSON.stringify(part));
    if (before) this.blobs.remove(before.blob);
  }

  /** By number. */
  parts(upload: Upload): Part[] {
    return this.#database
      .prepare('SELECT record FROM part WHERE upload = ? ORDER BY number')
      .all(upload.id)
      .map(({ record }) => JSON.parse(String(record)));
  }

  /** Forgets an upload with its parts. False when it was forgotten before. */
  removeUpload(upload: Upload): boolean {
    const parts = this.parts(upload);
    const { changes } = this.#database.prepare('DELETE FROM upload WHERE id = ?').run(upload.id);
    for (const { blob } of parts) this.blobs.remove(blob);
    return changes > 0;
  }

  /** What was deployed last under this id. */
  deployed(id: string): string | undefined {
    const row = this.#database.prepare('SELECT fingerprint FROM deployment WHERE id = ?').get(id);
    return row && String(row.fingerprint);
  }

  setDeployed(id: string, fingerprint: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO deployment VALUES (?, ?)').run(id, fingerprint);
  }

  close(): void {
    this.#database.close();
  }
}
