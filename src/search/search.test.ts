import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { SearchHit } from '../../amplify/core/search.ts';
import { type Found, type Searched, searchMessages } from './search.ts';

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

const at = new Date(0).toISOString();
const conversationsOf = (ids: readonly string[]) => ids.map((id) => ({ id, createdAt: at, activeAt: at }));

async function search({ ids, api }: Pick<ReturnType<typeof backend>, 'ids' | 'api'>) {
  const told: Found[] = [];
  await searchMessages(
    api,
    conversationsOf(ids),
    'x',
    (found) => told.push(found),
    new AbortController().signal,
  );
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
  await searchMessages(api, conversationsOf(ids), 'x', () => expect.unreachable(), stop.signal);
});

describe('10,000 messages of 2.2 kB, in which nothing is found', () => {
  /** Bytes of a message, and of a page of DynamoDB. */
  const [messageBytes, pageBytes, pageRows] = [2_200, 1_048_576, 500];
  const perPage = Math.min(pageRows, Math.floor(pageBytes / messageBytes));
  const begun = Date.parse('2026-01-01T00:00:00.000Z');

  /** Keys as the table sorts them, read as the resolver reads them: how many calls it took, and how many one after another. */
  async function measure(keys: readonly string[], conversations: Searched[]) {
    let calls = 0;
    let longest = 0;
    const seen: string[] = [];
    const api = {
      searchMessages: async (_: string, from: string, to: string, nextToken: string | null) => {
        calls += 1;
        const [begin, round] = (nextToken ?? '0 0').split(' ').map(Number) as [number, number];
        longest = Math.max(longest, round + 1);
        const inside = keys.filter((key) => key >= `${from}#` && key <= `${to}#~`).reverse();
        seen.push(...inside.slice(begin, begin + perPage));
        const more = begin + perPage < inside.length;
        return { items: [], nextToken: more ? `${begin + perPage} ${round + 1}` : null };
      },
    };
    await searchMessages(api, conversations, 'x', () => {}, new AbortController().signal);
    expect(seen.toSorted()).toEqual(keys.toSorted());
    return { calls, longest };
  }
  const messageAt = (n: number) => v7({ msecs: begun + n * 60_000 });

  test('are read in three rounds of calls side by side, each once', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => idOf(n));
    const keys = Array.from({ length: 10_000 }, (_, n) => `${ids[n % 100]}#${messageAt(n)}`).sort();
    const { calls, longest } = await measure(keys, conversationsOf(ids));
    expect(longest).toBe(3);
    expect(calls).toBeLessThanOrEqual(24);
  });

  test('are not read one after the other when they are of one conversation', async () => {
    const id = v7({ msecs: begun });
    const keys = Array.from({ length: 10_000 }, (_, n) => `${id}#${messageAt(n)}`).sort();
    const dates = {
      createdAt: new Date(begun).toISOString(),
      activeAt: new Date(begun + 10_000 * 60_000).toISOString(),
    };
    const { longest } = await measure(keys, [{ id, ...dates }]);
    expect(longest).toBe(3);
  });
});
