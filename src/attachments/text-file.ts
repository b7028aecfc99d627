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
