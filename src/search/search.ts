import type { SearchHit } from '../../amplify/core/search.ts';
import type { Api } from '../api/api.ts';

/** Ranges of conversations that are read side by side. */
const lanes = 4;
/** Pages that one search may read, and hits after which it has found enough. */
const maxPages = 60;
const maxHits = 40;

/** What was found so far. */
export interface Found {
  hits: readonly SearchHit[];
  /** `partly`: there may be more than was read. */
  state: 'searching' | 'done' | 'partly';
}

/** Cuts ids in order into ranges with about as many conversations each. */
function rangesOf(ids: readonly string[]): { from: string; to: string }[] {
  const size = Math.ceil(ids.length / lanes);
  return Array.from({ length: lanes }, (_, lane) => ids.slice(lane * size, (lane + 1) * size)).flatMap(
    (part) => {
      const [from, to] = [part[0], part.at(-1)];
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
  conversationIds: Iterable<string>,
  text: string,
  tell: (found: Found) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set(conversationIds);
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
  await Promise.all(rangesOf([...known].sort()).map(readRange));
  if (!signal.aborted) tell({ hits: hits.slice(0, maxHits), state: partly ? 'partly' : 'done' });
}
