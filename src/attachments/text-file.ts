import type { Attachment } from '../../amplify/core/attachment.ts';

/** Endings of names whose files are text, whatever their type is said to be. */
const prose = 'txt log csv tsv md markdown rst'.split(' ');
const code =
  'json jsonl yaml yml toml ini conf env xml svg html htm css vue sql graphql js mjs cjs jsx ts tsx py rb go rs java kt swift cs c h cpp hpp php pl lua r scala sh bash zsh ps1 tf tex diff patch'.split(
    ' ',
  );
const textTypes = /^(text\/|application\/(json|ld\+json|x-ndjson|xml|yaml|x-yaml|toml|sql|javascript|x-sh)$)/;

const endingOf = (name: string): string => /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** Can the file be shown as text? */
export const isTextFile = ({ name, type }: Pick<Attachment, 'name' | 'type'>): boolean =>
  textTypes.test(type) || [...prose, ...code].includes(endingOf(name));

/** The language that a file is written in, for its colours; null for prose and tables. */
export const languageOfFile = (name: string): string | null =>
  code.includes(endingOf(name)) ? endingOf(name) : null;

/** So much of a file is shown, bytes. */
export const shownBytes = 256 * 1024;

export interface ShownText {
  readonly text: string;
  /** There is more of it. */
  readonly isCut: boolean;
}

/**
 * Reads the begin of a file as text: UTF-8, or UTF-16 where its first bytes say so. Null when it is no text. Reads no
 * more than it shows. Throws when it can't be read.
 */
export async function readText(response: Response): Promise<ShownText | null> {
  if (!response.ok || !response.body) throw new Error(`The file was answered with ${response.status}`);
  const reader = response.body.getReader();
  const bytes = new Uint8Array(shownBytes);
  let length = 0;
  let isCut = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const room = shownBytes - length;
    bytes.set(value.subarray(0, room), length);
    length += Math.min(room, value.length);
    if (value.length > room) {
      isCut = true;
      await reader.cancel();
      break;
    }
  }
  const shown = bytes.subarray(0, length);
  const encoding = encodingOf(shown);
  if (encoding === 'utf-8' && shown.includes(0)) return null;
  // What is cut may end within a character: that one is left out.
  return { text: new TextDecoder(encoding).decode(shown, { stream: isCut }), isCut };
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
