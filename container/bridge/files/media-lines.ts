/** More of them in one answer are not looked at. */
const most = 50;

/**
 * Finds what a model hands over: OpenClaw tells models to name each file in a line of its own, `MEDIA:<path>`, and takes
 * these lines out of what people read. Lines inside a block of code are an example of it, not a file.
 */
export class MediaLines {
  readonly #paths = new Set<string>();

  /** What the model said in one call. */
  add(text: string): void {
    let isFenced = false;
    for (const line of text.split('\n')) {
      if (/^\s*(```|~~~)/.test(line)) isFenced = !isFenced;
      if (!isFenced) this.#take(line);
    }
  }

  /** Paths as the model wrote them, each once. Addresses on the web are none. */
  get paths(): readonly string[] {
    return [...this.#paths];
  }

  #take(line: string): void {
    const [before, named] = line.trim().split(/^MEDIA:/);
    if (before !== '' || named === undefined || this.#paths.size >= most) return;
    const path = named.trim().replace(/^`|`$/g, '').trim();
    if (path === '' || path.includes('`') || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return;
    this.#paths.add(path);
  }
}
