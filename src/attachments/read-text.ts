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
