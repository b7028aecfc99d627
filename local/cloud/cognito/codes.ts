import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { codeExpired, codeMismatch, limitExceeded } from './cognito-error.ts';
import type { User } from './users.ts';

export type CodePurpose = 'sign-up' | 'password' | 'email';

/** https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html: codes live 24 hours, to reset a password 1 hour. */
const lifetimeSeconds: Readonly<Record<CodePurpose, number>> = {
  'sign-up': 86_400,
  password: 3600,
  email: 86_400,
};
const windowSeconds = 3600;
const guessesPerWindow = 5;
const codesPerWindow = 10;

interface CodeRecord {
  /** Undefined once the code was used. */
  readonly digest?: string;
  readonly salt: string;
  readonly expires: number;
  readonly failures: readonly number[];
  readonly sent: readonly number[];
}

/** Codes that people get by mail: kept as hashes, usable once, few guesses and few mails an hour. */
export class Codes {
  readonly #database: DatabaseSync;
  readonly #pool: string;

  constructor(database: DatabaseSync, poolId: string) {
    this.#database = database;
    this.#pool = poolId;
  }

  /** A new code of six digits, in place of the last. Throws LimitExceededException. `now` in seconds. */
  issue(user: User, purpose: CodePurpose, now: number): string {
    const last = this.#read(user, purpose);
    const sent = recent(last?.sent, now);
    if (sent.length >= codesPerWindow) throw limitExceeded();
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const salt = randomBytes(16).toString('hex');
    this.#write(user, purpose, {
      digest: digestOf(salt, code),
      salt,
      expires: now + lifetimeSeconds[purpose],
      failures: recent(last?.failures, now),
      sent: [...sent, now],
    });
    return code;
  }

  /** Uses a code up. Throws CodeMismatch-, ExpiredCode- or LimitExceededException. */
  redeem(user: User, purpose: CodePurpose, code: string, now: number): void {
    this.check(user, purpose, code, now);
    const { digest: _, ...used } = this.#read(user, purpose) ?? {
      salt: '',
      expires: 0,
      failures: [],
      sent: [],
    };
    this.#write(user, purpose, { ...used, failures: [] });
  }

  /** The same without using it up; a wrong guess counts. */
  check(user: User, purpose: CodePurpose, code: string, now: number): void {
    const record = this.#read(user, purpose);
    if (record?.digest === undefined) throw codeExpired();
    const failures = recent(record.failures, now);
    if (failures.length >= guessesPerWindow) throw limitExceeded();
    if (record.expires <= now) throw codeExpired();
    const expected = Buffer.from(record.digest, 'hex');
    if (timingSafeEqual(expected, Buffer.from(digestOf(record.salt, code.trim()), 'hex'))) return;
    this.#write(user, purpose, { ...record, failures: [...failures, now] });
    throw codeMismatch();
  }

  #read(user: User, purpose: CodePurpose): CodeRecord | undefined {
    const row = this.#database
      .prepare('SELECT record FROM code WHERE pool = ? AND username = ? AND purpose = ?')
      .get(this.#pool, user.username, purpose);
    return row && JSON.parse(String(row.record));
  }

  #write(user: User, purpose: CodePurpose, record: CodeRecord): void {
    this.#database
      .prepare(
        `INSERT INTO code VALUES (?, ?, ?, ?)
         ON CONFLICT (pool, username, purpose) DO UPDATE SET record = excluded.record`,
      )
      .run(this.#pool, user.username, purpose, JSON.stringify(record));
  }
}

function recent(times: readonly number[] | undefined, now: number): readonly number[] {
  return (times ?? []).filter((time) => time > now - windowSeconds);
}

function digestOf(salt: string, code: string): string {
  return createHash('sha256').update(salt).update(code).digest('hex');
}
