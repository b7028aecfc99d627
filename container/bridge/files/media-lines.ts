/** More of them in one answer are not looked at. */
const most = 50;

/**
 * Finds what a model hands over: OpenClaw tells models to name each file in a line of its own, `MEDIA:<path>`, and takes
 * these lines out of what people read. Lines inside a block of code are an example of it, not a file.
 */
export class MediaLines {
  #rest = '';
  #fenced = false;
  readonly #paths = new Set<string>();

  /** The next piece of the text. */
  add(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    // A line without an end is of no use: nothing that is longer is a path.
    this.#rest = (lines.pop() ?? '').slice(0, 4_096);
    for (const line of lines) this.#take(line);
  }

  /** The text of this call of the model is over. */
  end(): void {
    this.#take(this.#rest);
    this.#rest = '';
    this.#fenced = false;
  }

  /** Paths as the model wrote them, each once. Addresses on the web are none. */
  get paths(): readonly string[] {
    return [...this.#paths];
  }

  #take(line: string): void {
    if (/^\s*(```|~~~)/.test(line)) this.#fenced = !this.#fenced;
    const [, path] = /^\s*MEDIA:\s*`?([^`\r\n]+?)`?\s*$/.exec(line) ?? [];
    if (this.#fenced || !path || this.#paths.size >= most || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return;
    this.#paths.add(path);
  }
}
