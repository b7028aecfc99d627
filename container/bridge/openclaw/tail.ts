/** Keeps the last lines of an output for an error report, without the given secrets. */
export class Tail {
  readonly #secrets: readonly string[];
  readonly #limit: number;
  #lines: string[] = [];
  #rest = '';

  constructor(secrets: readonly string[], limit = 20) {
    this.#secrets = secrets.filter((secret) => secret.length > 0);
    this.#limit = limit;
  }

  /** Takes a piece of output; gives the lines that it completed. */
  add(chunk: string): string[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    const clean = lines.filter((line) => line.trim()).map((line) => this.#clean(line));
    this.#lines = [...this.#lines, ...clean].slice(-this.#limit);
    return clean;
  }

  text(): string {
    return [...this.#lines, ...(this.#rest ? [this.#clean(this.#rest)] : [])].join('\n');
  }

  #clean(line: string): string {
    let result = line;
    for (const secret of this.#secrets) result = result.replaceAll(secret, '[secret]');
    return result.slice(0, 500);
  }
}
