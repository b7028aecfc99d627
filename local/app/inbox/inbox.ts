import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A mail or text message that the deployed app would have sent. */
export interface Mail {
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The confirmation code in it, where there is one. */
  readonly code?: string;
}

/** How many are kept. */
const limit = 100;

const codeIn = (text: string): string | undefined => /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0];

/** The mails of this machine's app, newest first, kept in a file. */
export class Inbox {
  readonly #file: string;
  readonly #watchers = new Set<(mail: Mail) => void>();
  #mails: readonly Mail[];

  constructor(file: string) {
    this.#file = file;
    this.#mails = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  }

  get mails(): readonly Mail[] {
    return this.#mails;
  }

  add(mail: { to: string; subject: string; text: string }, at: Date): Mail {
    const code = codeIn(mail.text);
    const kept: Mail = { at: at.toISOString(), ...mail, ...(code ? { code } : {}) };
    this.#mails = [kept, ...this.#mails].slice(0, limit);
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#mails), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    for (const watcher of this.#watchers) watcher(kept);
    return kept;
  }

  /** Calls for each new mail until the returned function is called. */
  watch(watcher: (mail: Mail) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
