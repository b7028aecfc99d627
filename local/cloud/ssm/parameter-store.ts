import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SecretBox } from './secret-box.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** One version of a parameter. */
export interface Parameter {
  readonly name: string;
  readonly version: number;
  readonly type: ParameterType;
  /** Sealed for a SecureString. */
  readonly stored: string;
  readonly details: ParameterDetails;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface ParameterDetails {
  readonly description?: string;
  readonly allowedPattern?: string;
}

/** SSM keeps as many versions of a parameter. */
const keptVersions = 100;

/** Parameters on disk; secure ones are encrypted there. The folder must exist. */
export class ParameterStore {
  readonly #database: DatabaseSync;
  readonly #box: SecretBox;

  constructor(directory: string) {
    this.#box = new SecretBox(directory);
    const path = join(directory, 'parameters.sqlite');
    this.#database = new DatabaseSync(path);
    chmodSync(path, 0o600);
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS parameter_version (
        name TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, stored TEXT NOT NULL, details TEXT NOT NULL,
        modified_at INTEGER NOT NULL, PRIMARY KEY (name, version)) STRICT;
      CREATE TABLE IF NOT EXISTS seed (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`);
  }

  /** The newest version, or the one asked for. */
  get(name: string, version?: number): Parameter | undefined {
    const row = this.#database
      .prepare(
        `SELECT * FROM parameter_version WHERE name = ? AND (? IS NULL OR version = ?)
         ORDER BY version DESC LIMIT 1`,
      )
      .get(name, version ?? null, version ?? null);
    return row && parameterOf(row);
  }

  /** Newest versions of parameters whose name begins with `prefix` and comes after `after`, by name. */
  *list(prefix: string, after: string): Generator<Parameter> {
    const rows = this.#database
      .prepare(
        `SELECT * FROM parameter_version AS p WHERE name >= ? AND name > ?
         AND version = (SELECT max(version) FROM parameter_version WHERE name = p.name) ORDER BY name`,
      )
      .iterate(prefix, after);
    for (const row of rows) {
      const parameter = parameterOf(row);
      if (!parameter.name.startsWith(prefix)) return;
      yield parameter;
    }
  }

  /** Writes a value as the next version. Gives the version. */
  put(name: string, type: ParameterType, value: string, now: Date, details: ParameterDetails = {}): number {
    const version = (this.get(name)?.version ?? 0) + 1;
    const stored = type === 'SecureString' ? this.#box.seal(value, name) : value;
    this.#database
      .prepare('INSERT INTO parameter_version VALUES (?, ?, ?, ?, ?, ?)')
      .run(name, version, type, stored, JSON.stringify(details), now.getTime());
    this.#database
      .prepare('DELETE FROM parameter_version WHERE name = ? AND version <= ?')
      .run(name, version - keptVersions);
    return version;
  }

  /** Removes all versions. False when there was none. */
  delete(name: string): boolean {
    return this.#database.prepare('DELETE FROM parameter_version WHERE name = ?').run(name).changes > 0;
  }

  /**
   * Brings in what templates say. A value that was put since stays until the template's own changes; a parameter
   * that a template had and has no longer goes.
   */
  seed(
    parameters: ReadonlyMap<string, { readonly type: ParameterType; readonly value: string }>,
    now: Date,
  ): void {
    const seeds = new Map(
      this.#database
        .prepare('SELECT name, value FROM seed')
        .all()
        .map(({ name, value }) => [String(name), String(value)]),
    );
    for (const [name, { type, value }] of parameters) {
      if (seeds.get(name) === value) continue;
      this.put(name, type, value, now);
      this.#database
        .prepare('INSERT INTO seed VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
        .run(name, value);
    }
    for (const name of seeds.keys()) {
      if (parameters.has(name)) continue;
      this.delete(name);
      this.#database.prepare('DELETE FROM seed WHERE name = ?').run(name);
    }
  }

  valueOf(parameter: Parameter, decrypt: boolean): string {
    const { type, stored, name } = parameter;
    return type === 'SecureString' && decrypt ? this.#box.open(stored, name) : stored;
  }

  close(): void {
    this.#database.close();
  }
}

function parameterOf(row: Record<string, unknown>): Parameter {
  return {
    name: String(row.name),
    version: Number(row.version),
    type: String(row.type) as ParameterType,
    stored: String(row.stored),
    details: JSON.parse(String(row.details)),
    modifiedAt: Number(row.modified_at),
  };
}
