import type { Conversation } from '../../amplify/core/conversation.ts';
import type { SearchHit } from '../../amplify/core/search.ts';
import type { Api } from '../api/api.ts';

/** Ranges that are read side by side: what 10,000 messages fill is read in three rounds. */
const lanes = 8;
/** A conversation that went on for less than this is read by one lane, ms. */
const shortMs = 24 * 60 * 60_000;
/** Pages that one search may read, and hits after which it has found enough. */
const maxPages = 60;
const maxHits = 40;

/** What was found so far. */
export interface Found {
  hits: readonly SearchHit[];
  /** `partly`: there may be more than was read. */
  state: 'searching' | 'done' | 'partly';
}

/** What a search needs to know of a conversation. */
export type Searched = Pick<Conversation, 'id' | 'createdAt' | 'activeAt'>;

interface Range {
  from: string;
  to: string;
}

/** The beginning of every id that is made at an instant (UUID version 7); sorts before them. */
function idPrefixAt(ms: number): string {
  const digits = Math.floor(ms).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** Cuts a long conversation by the time of its messages, which their ids begin with: one may hold most of what there is. */
function slicesOf({ id, createdAt, activeAt }: Searched, count: number): Range[] {
  const [begin, end] = [Date.parse(createdAt), Date.parse(activeAt)];
  if (count < 2 || !(end - begin > shortMs)) return [{ from: id, to: id }];
  const cuts = Array.from(
    { length: count - 1 },
    (_, n) => `${id}#${idPrefixAt(begin + ((end - begin) * (n + 1)) / count)}`,
  );
  return [id, ...cuts].map((from, n) => ({ from, to: cuts[n] ?? id }));
}

/** Ranges for all lanes: with about as many conversations each, or, of a few, each in parts. */
function rangesOf(conversations: readonly Searched[]): Range[] {
  const sorted = [...conversations].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (sorted.length < lanes) {
    const each = Math.floor(lanes / Math.max(1, sorted.length));
    return sorted.flatMap((conversation) => slicesOf(conversation, each));
  }
  const size = Math.ceil(sorted.length / lanes);
  return Array.from({ length: lanes }, (_, lane) => sorted.slice(lane * size, (lane + 1) * size)).flatMap(
    (part) => {
      const [from, to] = [part[0]?.id, part.at(-1)?.id];
      return from !== undefined && to !== undefined ? [{ from, to }] : [];
    },
  );
}

/**
 * Looks through all messages of these conversations, the newest first, several ranges side by side. `tell` hears of
 * what was found after every page. Stops at `signal`, when enough was found, and at its budget of pages.
 * Throws what the backend refuses and `Unreachable`.
 */
export async function searchMessages(
  api: Pick<Api, 'searchMessages'>,
  conversations: Iterable<Searched>,
  text: string,
  tell: (found: Found) => void,
  signal: AbortSignal,
): Promise<void> {
  const all = [...conversations];
  const known = new Set(all.map(({ id }) => id));
  let hits: SearchHit[] = [];
  let pages = 0;
  let partly = false;
  const readRange = async ({ from, to }: { from: string; to: string }) => {
    let nextToken: string | null = null;
    do {
      if (pages >= maxPages || hits.length >= maxHits) {
        partly = true;
        return;
      }
      pages += 1;
      const page = await api.searchMessages(text, from, to, nextToken);
      if (signal.aborted) return;
      // Messages of a deleted conversation may outlive it for a while.
      hits = [...hits, ...page.items.filter((hit) => known.has(hit.conversationId))].sort((a, b) =>
        b.acceptedAt.localeCompare(a.acceptedAt),
      );
      tell({ hits, state: 'searching' });
      nextToken = page.nextToken;
    } while (nextToken !== null);
  };
  await Promise.all(rangesOf(all).map(readRange));
  if (!signal.aborted) tell({ hits: hits.slice(0, maxHits), state: partly ? 'partly' : 'done' });
}
