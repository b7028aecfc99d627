/**
 * What is typed behind a slash at the beginning of an otherwise empty message: what a command may begin with.
 * Null for any other text, also one that goes on behind the word (`/etc/hosts is empty`): that is sent as it is.
 * Keyboards of phones put a space behind a word that they know.
 */
export const slashQuery = (text: string): string | null => /^\/([^\s/]*) ?$/.exec(text)?.[1] ?? null;
