import { expect, test } from 'vitest';
import type { SearchHit } from '../../amplify/core/search.ts';
import { type Found, searchMessages } from './search.ts';

const idOf = (n: number) => `0199a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const hitOf = (n: number): SearchHit => ({
  conversationId: idOf(n),
  messageId: idOf(1000 + n),
  acceptedAt: new Date(n * 1000).toISOString(),
  snippet: `hit ${n}`,
});

/** Conversations 1 to `count`, each with one hit on a page of its own. */
function backend(count: number) {
  const ids = Array.from({ length: count }, (_, index) => idOf(index + 1));
  const asked: [string, string][] = [];
  const api = {
    searchMessages: async (_: string, from: string, to: string, nextToken: string | null) => {
      asked.push([from, to]);
      const inside = ids.filter((id) => id >= from && id <= to).reverse();
      const at = Number(nextToken ?? 0);
      const id = inside[at];
      const items = id ? [hitOf(ids.indexOf(id) + 1)] : [];
      return { items, nextToken: at + 1 < inside.length ? String(at + 1) : null };
    },
  };
  return { ids, api, asked };
}

async function search({ ids, api }: Pick<ReturnType<typeof backend>, 'ids' | 'api'>) {
  const told: Found[] = [];
  await searchMessages(api, ids, 'x', (found) => told.push(found), new AbortController().signal);
  return told;
}

test('a search reads every conversation once and gives the newest first', async () => {
  const world = backend(10);
  const told = await search(world);
  const wanted = Array.from({ length: 10 }, (_, index) => `hit ${10 - index}`);
  expect(told.at(-1)?.hits.map(({ snippet }) => snippet)).toEqual(wanted);
  expect(told.at(-1)?.state).toBe('done');
  expect(world.asked).toHaveLength(10);
  expect(told[0]?.state).toBe('searching');
});

test('what is found in a conversation that is not there any more is left out', async () => {
  const world = backend(10);
  const told = await search({ ...world, ids: world.ids.filter((id) => id !== idOf(5)) });
  expect(told.at(-1)?.hits.map(({ snippet }) => snippet)).not.toContain('hit 5');
});

test('a search ends when it has found enough, and says that there may be more', async () => {
  const world = backend(500);
  const told = await search(world);
  expect(told.at(-1)).toMatchObject({ state: 'partly' });
  expect(told.at(-1)?.hits).toHaveLength(40);
  expect(world.asked.length).toBeLessThanOrEqual(60);
});

test('a search that nobody waits for any more tells nothing', async () => {
  const { ids, api } = backend(3);
  const stop = new AbortController();
  stop.abort();
  await searchMessages(api, ids, 'x', () => expect.unreachable(), stop.signal);
});
