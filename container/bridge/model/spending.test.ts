import { describe, expect, it } from 'vitest';
import type { Backend, SettledCall } from '../appsync/backend.ts';
import { Refused, Unreachable } from '../appsync/error.ts';
import type { ModelRequest } from './request.ts';
import { addUsage, spendingOf } from './spending.ts';

const price = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, cacheWriteLong: 4 };
const request: ModelRequest = {
  ...{ model: 'm', stream: true, body: Buffer.alloc(0), bytes: 1000 },
  most: { input: 1000, output: 500 },
};
const tokens = { input: 100, cacheRead: 50, cacheWrite: 10, cacheWriteLong: 0, output: 20, reasoning: 5 };

function ledger(change: Partial<Pick<Backend, 'reserveSpending' | 'settleSpending'>> = {}) {
  const reserved: { id: string; amount: number }[] = [];
  const settled: SettledCall[] = [];
  const spending = spendingOf({
    backend: {
      reserveSpending: async (call) => {
        reserved.push(call);
        return { day: '2026-11-25' };
      },
      settleSpending: async (call) => void settled.push(call),
      ...change,
    },
    log: () => {},
    takeWorked: () => 1_500,
    signal: new AbortController().signal,
  });
  return { spending, reserved, settled };
}

describe('the ledger of a task', () => {
  it('reserves the dearest that a call can be', async () => {
    const { spending, reserved } = ledger();
    await spending.reserve(price, request, 'c');
    expect(reserved).toEqual([{ id: expect.any(String), amount: 1000 * 4 + 500 * 10 }]);
  });

  it('settles a call by its tokens and tells its message', async () => {
    const { spending, settled } = ledger();
    const usage = (await spending.reserve(price, request, 'c')).settle({ kind: 'told', tokens });
    await spending.settled(1000);
    const cost = 200 + 10 + 25 + 200;
    expect(settled).toMatchObject([
      {
        day: '2026-11-25',
        amount: 9000,
        cost,
        conversationId: 'c',
        inputTokens: 160,
        outputTokens: 20,
        cachedTokens: 50,
        workedMs: 1_500,
      },
    ]);
    expect(usage).toEqual({
      ...{ inputTokens: 160, outputTokens: 20, cachedTokens: 50, cacheWriteTokens: 10, reasoningTokens: 5 },
      ...{ costMicros: cost, estimated: false },
    });
  });

  it('takes the provider’s own word on the cost where there is one', async () => {
    const { spending, settled } = ledger();
    (await spending.reserve(price, request, 'c')).settle({ kind: 'told', tokens: { ...tokens, cost: 77 } });
    await spending.settled(1000);
    expect(settled[0]?.cost).toBe(77);
  });

  it('estimates a call that was cut off by what was told and seen of it, within its worst case', async () => {
    const { spending, settled } = ledger();
    const told = (await spending.reserve(price, request, 'c')).settle({ kind: 'seen', tokens, written: 90 });
    expect(told).toMatchObject({ inputTokens: 160, outputTokens: 45, estimated: true });
    const untold = (await spending.reserve(price, request, 'c')).settle({
      kind: 'seen',
      tokens: undefined,
      written: 90_000,
    });
    expect(untold).toMatchObject({ inputTokens: 500, outputTokens: 500, estimated: true });
    await spending.settled(1000);
    for (const { amount, cost } of settled) expect(cost).toBeLessThanOrEqual(amount);
  });

  it('gives back what the provider refused, and keeps what nobody knows the end of', async () => {
    const { spending, settled } = ledger();
    expect((await spending.reserve(price, request, 'c')).settle({ kind: 'unbilled' })).toBeUndefined();
    expect((await spending.reserve(price, request, 'c')).settle({ kind: 'unknown' })).toBeUndefined();
    await spending.settled(1000);
    expect(settled).toMatchObject([{ cost: 0 }]);
  });

  it('lets no call through that it is refused, or that it can’t ask for', async () => {
    const refused = ledger({
      reserveSpending: async () => {
        throw new Refused('agentReserveSpending', 'spending.day_cap', '');
      },
    });
    await expect(refused.spending.reserve(price, request, 'c')).rejects.toMatchObject({
      code: 'spending.day_cap',
    });
    const broken = ledger({
      reserveSpending: async () => {
        throw new Refused('agentReserveSpending', 'internal', '');
      },
    });
    await expect(broken.spending.reserve(price, request, 'c')).rejects.toMatchObject({
      code: 'model.unreachable',
    });
  });

  it('tells again what was not acknowledged, and is settled only then', async () => {
    let tries = 0;
    const { spending } = ledger({
      settleSpending: async () => {
        tries += 1;
        if (tries === 1) throw new Unreachable('agentSettleSpending', { detail: 'cut' });
      },
    });
    (await spending.reserve(price, request, 'c')).settle({ kind: 'told', tokens });
    await spending.settled(5_000);
    expect(tries).toBe(2);
  });
});

it('the calls of an answer add up', () => {
  const one = {
    ...{ inputTokens: 1, outputTokens: 2, cachedTokens: 3, cacheWriteTokens: 4, reasoningTokens: 5 },
    ...{ costMicros: 6, estimated: false },
  };
  expect(addUsage(undefined, one)).toBe(one);
  expect(addUsage(one, { ...one, estimated: true })).toEqual({
    ...{ inputTokens: 2, outputTokens: 4, cachedTokens: 6, cacheWriteTokens: 8, reasoningTokens: 10 },
    ...{ costMicros: 12, estimated: true },
  });
});
