/** What is typed behind a slash at the beginning of an otherwise empty message. */
export interface SlashText {
  /** What a command may begin with. */
  word: string;
  /** What stands behind a command that takes a word; null where there is no such thing. */
  argument: string | null;
}

/** Commands that a word may follow. */
const takingWord = /^\/(model) (\S*)$/i;

/**
 * Null for any text that is no command, also one that goes on behind the word (`/etc/hosts is empty`): that is sent as it
 * is. Keyboards of phones put a space behind a word that they know.
 */
export function slashText(text: string): SlashText | null {
  const [, command, argument] = takingWord.exec(text) ?? [];
  if (command !== undefined && argument !== undefined) return { word: command.toLowerCase(), argument };
  const word = /^\/([^\s/]*) ?$/.exec(text)?.[1];
  return word === undefined ? null : { word, argument: null };
}
