import type { Conversation } from '../../amplify/core/conversation.ts';
import type { Api } from '../api/api.ts';
import { type Format, formatOf, type Spoken } from './formats.ts';
import { type Progress, readHistory } from './read-history.ts';

interface ExportOptions {
  ending: Format['ending'];
  spoken: Spoken;
  signal: AbortSignal;
  /** That conversation alone. */
  only?: Conversation;
  tell?: (progress: Progress) => void;
  now?: () => number;
}

/** Reads what was said and gives it as a file. Rejects with the signal's reason when it is taken back. */
export async function exportHistory(
  api: Pick<Api, 'listConversations' | 'listMessages'>,
  { ending, spoken, now = Date.now, ...options }: ExportOptions,
): Promise<{ name: string; file: Blob }> {
  const format = formatOf(ending, spoken);
  const exportedAt = new Date(now()).toISOString();
  // The browser keeps parts where it likes, so that a long history needs no string of its whole length.
  const parts: Blob[] = [new Blob([format.begin(exportedAt)])];
  for await (const history of readHistory(api, options)) {
    parts.push(new Blob([format.one(history, parts.length - 1)]));
  }
  parts.push(new Blob([format.end()]));
  const about = options.only ? fileNameOf(options.only.title) : '';
  const name = `openclaw-${about || 'conversations'}-${exportedAt.slice(0, 10)}.${ending}`;
  return { name, file: new Blob(parts, { type: `${format.type};charset=utf-8` }) };
}

/** A title as a part of a file's name: letters and digits of any language. */
const fileNameOf = (title: string): string =>
  title
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);

/** Has the browser keep a file. */
export function saveFile({ name, file }: { name: string; file: Blob }): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
