import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SecretBox } from './secret-box.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Sealed for a SecureString. */
  readonly stored: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** Parameters on disk; secure ones are encrypted there. */
export class ParameterStore {
  readonly #database: DatabaseSync;
  readonly #box: SecretBox;

  constructor(directory: string) {
    this.#box = new SecretBox(directory);
    this.#database = new DatabaseSync(join(directory, 'parameters.sqlite'));
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS parameter (
        name TEXT PRIMARY KEY, type TEXT NOT NULL, stored TEXT NOT NULL, version INTEGER NOT NULL, modifiedAt INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS seed (name TEXT PRIMARY KEY, value TEXT NOT NULL)`);
  }

  get(name: string): Parameter | undefined {
    return this.#database.prepare('SELECT * FROM parameter WHERE name = ?').get(name) as unknown as
      | Parameter
      | undefined;
  }

  /** Parameters whose name begins with `prefix`, by name, after `after`. */
  list(prefix: string, after: string, limit: number): Parameter[] {
    return this.#database
      .prepare('SELECT * FROM parameter WHERE substr(name, 1, ?) = ? AND name > ? ORDER BY name LIMIT ?')
      .all(prefix.length, prefix, after, limit) as unknown as Parameter[];
  }

  /** Writes a value as the next version. Gives the version. */
  put(name: string, type: ParameterType, value: string, now: Date): number {
    const version = (this.get(name)?.version ?? 0) + 1;
    const stored = type === 'SecureString' ? this.#box.seal(value) : value;
    this.#database
      .prepare(
        `INSERT INTO parameter VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
         SET type = excluded.type, stored = excluded.stored, version = excluded.version, modifiedAt = excluded.modifiedAt`,
      )
      .run(name, type, stored, version, now.getTime());
    return version;
  }

  delete(name: string): boolean {
    return this.#database.prepare('DELETE FROM parameter WHERE name = ?').run(name).changes > 0;
  }

  /** Writes what a template says, but only when the template changed: a value that was put since stays. */
  seed(name: string, type: ParameterType, value: string, now: Date): void {
    const before = this.#database.prepare('SELECT value FROM seed WHERE name = ?').get(name);
    if (before?.value === value) return;
    this.put(name, type, value, now);
    this.#database
      .prepare('INSERT INTO seed VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value);
  }

  valueOf(parameter: Parameter, decrypt: boolean): string {
    return parameter.type === 'SecureString' && decrypt ? this.#box.open(parameter.stored) : parameter.stored;
  }

  close(): void {
    this.#database.close();
  }
}
