/** One defence, how to take it away, and the test that has to notice. */
export interface Defence {
  /** What stands in the code, as docs/threats.md names it. */
  readonly name: string;
  /** The file that holds it, from the repository's root. */
  readonly file: string;
  /** Text that occurs in the file once, and what is put in its place. */
  readonly from: string;
  readonly to: string;
  /** `title` is the test's own, or its beginning, where a table fills it in. */
  readonly test: { readonly file: string; readonly title: string };
  /** Only root on Linux can see it fail. */
  readonly asRoot?: boolean;
}

/** The file's text without the defence. Throws unless `from` occurs exactly once: the list is out of date then. */
export function takeAway(text: string, { name, file, from, to }: Defence): string {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`${name}: ${file} holds ${parts.length - 1} times ${JSON.stringify(from)}`);
  return parts.join(to);
}
