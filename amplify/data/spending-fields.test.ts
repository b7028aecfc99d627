import fc from 'fast-check';
import { v4, v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../local/cloud/appsync/json.ts';
import { capsOf, refusalOf } from '../core/spending.ts';
import { countedAt, monthUsageOf } from '../core/usage.ts';
import { type Harness, startHarness } from './resolver-harness.ts';

const dayCap = 5_000_000;
const noon = Date.parse('2026-11-25T12:00:00.000Z');
let fields: Harness;
beforeAll(async () => {
  fields = await startHarness();
});
afterAll(() => fields.close());
beforeEach(() => {
  fields.now = noon;
  fields.environment = {
    ...fields.environment,
    DAY_CAP_MICROS: String(dayCap),
    MONTH_CAP_MICROS: '50000000',
    TOTAL_DAY_CAP_MICROS: '100000000000',
    TOTAL_MONTH_CAP_MICROS: '100000000000',
    SPENDING_STOPPED: 'no',
  };
});

/** An owner with a running task. */
async function serve(settings: JsonObject = {}) {
  const owner = v7();
  const task = { task: v7().replaceAll('-', '') };
  await fields.put('TaskSession', {
    ...{ taskId: task.task, owner, epoch: 1, capacity: 'FARGATE_SPOT' },
    startedAt: new Date(fields.now).toISOString(),
    expiresAt: Math.floor(fields.now / 1000) + 40 * 86_400,
  });
  if (Object.keys(settings).length > 0) await fields.put('Settings', { owner, revision: 1, ...settings });
  const code = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (error: { errorType: string }) => error.errorType,
    );
  const reserve = (id: string, amount: number) =>
    code(fields.call(task, 'agentReserveSpending', { id, amount }));
  const settle = (id: string, amount: number, cost: number, more: JsonObject = {}) =>
    code(
      fields.call(task, 'agentSettleSpending', {
        ...{ id, amount, cost, day: new Date(fields.now).toISOString().slice(0, 10) },
        ...{ inputTokens: 100, outputTokens: 10, cachedTokens: 60, ...more },
      }),
    );
  const usage = async (month = new Date(fields.now).toISOString().slice(0, 7)) => {
    const answer = JSON.parse((await fields.call({ user: owner }, 'usage', { month })).result as string);
    return { ...monthUsageOf(month, answer.rows), caps: answer.caps, answer };
  };
  return { owner, task, reserve, settle, usage };
}

describe('A model call’s worst case', () => {
  test('is reserved before, and counts until it is settled by what the call came to', async () => {
    const { reserve, settle, usage } = await serve();
    const id = v4();
    expect(await reserve(id, 90_000)).toBe('ok');
    expect(await usage()).toMatchObject({ counted: 90_000, held: 90_000, model: 0 });
    expect(await settle(id, 90_000, 12_345, { workedMs: 4_000 })).toBe('ok');
    expect((await usage()).workedSeconds).toBe(4);
    expect(await usage()).toMatchObject({
      ...{ counted: 12_345, held: 0, model: 12_345, calls: 1 },
      ...{ inputTokens: 100, outputTokens: 10, cachedTokens: 60 },
      days: [{ day: '2026-11-25', model: 12_345, aws: 0, counted: 12_345 }],
    });
  });

  test('is one reservation however often it is asked for, and settled once', async () => {
    const { reserve, settle, usage } = await serve();
    const id = v4();
    expect([await reserve(id, 500), await reserve(id, 500)]).toEqual(['ok', 'ok']);
    expect((await usage()).counted).toBe(500);
    const conversationId = v7();
    expect([
      await settle(id, 500, 20, { conversationId }),
      await settle(id, 500, 20, { conversationId }),
    ]).toEqual(['ok', 'ok']);
    expect(await usage()).toMatchObject({ counted: 20, model: 20, calls: 1 });
    expect((await usage()).conversations).toEqual([
      { conversationId, model: 20, calls: 1, inputTokens: 100, outputTokens: 10 },
    ]);
  });

  test('goes to the last millionth of the day’s cap and no further', async () => {
    const { reserve } = await serve();
    expect(await reserve(v4(), dayCap + 1)).toBe('spending.day_cap');
    expect(await reserve(v4(), dayCap - 10)).toBe('ok');
    expect(await reserve(v4(), 11)).toBe('spending.day_cap');
    expect(await reserve(v4(), 10)).toBe('ok');
    expect(await reserve(v4(), 1)).toBe('spending.day_cap');
    fields.now += 86_400_000;
    expect(await reserve(v4(), 1)).toBe('ok');
  });

  test('counts against the month over all its days', async () => {
    const { reserve } = await serve({ monthCapCents: 600 });
    expect(await reserve(v4(), 4_000_000)).toBe('ok');
    fields.now += 86_400_000;
    expect(await reserve(v4(), 2_000_001)).toBe('spending.month_cap');
    expect(await reserve(v4(), 2_000_000)).toBe('ok');
    fields.now = Date.parse('2026-12-01T00:00:00Z');
    expect(await reserve(v4(), 4_000_000)).toBe('ok');
  });

  test('of a call that began before midnight is settled on its own day', async () => {
    const { reserve, task, usage } = await serve();
    fields.now = Date.parse('2026-11-30T23:59:59Z');
    const id = v4();
    await reserve(id, 1000);
    fields.now += 5_000;
    const told = { id, day: '2026-11-30', amount: 1000, cost: 7 };
    await fields.call(task, 'agentSettleSpending', {
      ...told,
      inputTokens: 1,
      outputTokens: 1,
      cachedTokens: 0,
    });
    expect(await usage('2026-11')).toMatchObject({ counted: 7, days: [{ day: '2026-11-30', model: 7 }] });
    expect((await usage('2026-12')).counted).toBe(0);
  });
});

describe('Who may spend', () => {
  test('an owner’s own cap counts where it is lower, and raises nothing', async () => {
    const low = await serve({ dayCapCents: 100 });
    expect(await low.reserve(v4(), 1_000_001)).toBe('spending.day_cap');
    expect(await low.reserve(v4(), 1_000_000)).toBe('ok');
    const high = await serve({ dayCapCents: 1_000_000 });
    expect(await high.reserve(v4(), dayCap + 1)).toBe('spending.day_cap');
    expect((await high.usage()).caps).toMatchObject({ dayMicros: dayCap, stoppedBy: null });
  });

  test('nobody does once the owner or the deployment has stopped it', async () => {
    const own = await serve({ spendingStopped: true });
    expect(await own.reserve(v4(), 1)).toBe('spending.stopped');
    fields.environment.SPENDING_STOPPED = 'yes';
    const other = await serve();
    expect(await other.reserve(v4(), 1)).toBe('spending.stopped');
    expect((await other.usage()).caps).toMatchObject({ stoppedBy: 'deployment' });
  });

  test('a task spends its own owner’s money and reads nobody’s', async () => {
    const [one, two] = [await serve(), await serve()];
    const id = v4();
    await one.reserve(id, 700);
    expect(await two.settle(id, 700, 1)).toBe('ok');
    expect((await one.usage()).counted).toBe(700);
    expect((await two.usage()).counted).toBe(0);
  });

  test.each([
    ['a made-up id', { id: 'x', amount: 1 }],
    ['an amount below nothing', { id: v4(), amount: -5 }],
    ['half a millionth', { id: v4(), amount: 0.5 }],
  ])('%s reserves nothing', async (_, asked) => {
    const { task, usage } = await serve();
    const call = fields.call(task, 'agentReserveSpending', asked);
    await expect(call).rejects.toMatchObject({ errorType: 'event.malformed' });
    expect((await usage()).counted).toBe(0);
  });
});

describe('All owners together', () => {
  const totals = async () =>
    monthUsageOf('2026-11', [
      (await fields.get('Usage', { owner: 'deployment', period: '2026-11' })) ?? { period: '2026-11' },
    ]);
  const startAnew = () => fields.put('Usage', { owner: 'deployment', period: '2026-11' });
  const admins = (set: JsonObject) => fields.put('Settings', { owner: 'deployment', revision: 1, ...set });
  beforeEach(async () => {
    await startAnew();
    await admins({});
    Object.assign(fields.environment, { TOTAL_DAY_CAP_MICROS: '6000000', TOTAL_MONTH_CAP_MICROS: '9000000' });
  });
  afterAll(async () => {
    await startAnew();
    await admins({});
  });

  test('spend to the last millionth of the deployment’s cap and no further', async () => {
    const [one, two] = [await serve(), await serve()];
    expect(await one.reserve(v4(), 4_000_000)).toBe('ok');
    expect(await two.reserve(v4(), 2_000_001)).toBe('spending.deployment_day_cap');
    expect((await two.usage()).counted).toBe(0);
    expect((await one.usage()).answer.totalReached).toBeNull();
    expect(await two.reserve(v4(), 2_000_000)).toBe('ok');
    expect(await one.reserve(v4(), 1)).toBe('spending.deployment_day_cap');
    expect((await one.usage()).answer.totalReached).toBe('day');
    fields.now += 86_400_000;
    expect(await two.reserve(v4(), 3_000_001)).toBe('spending.deployment_month_cap');
    expect(await two.reserve(v4(), 3_000_000)).toBe('ok');
    expect((await two.usage()).answer.totalReached).toBe('month');
  });

  test('get back what a call did not come to, and what an owner’s own cap refused', async () => {
    const { reserve, settle } = await serve({ dayCapCents: 100 });
    const id = v4();
    await reserve(id, 900_000);
    expect(await reserve(v4(), 200_000)).toBe('spending.day_cap');
    expect(await reserve(id, 900_000)).toBe('ok');
    expect((await totals()).counted).toBe(900_000);
    await settle(id, 900_000, 1_234);
    await settle(id, 900_000, 1_234);
    expect(await totals()).toMatchObject({ counted: 1_234, days: [{ day: '2026-11-25', counted: 1_234 }] });
  });

  test('are held by what admins set from the next call on, which raises nothing', async () => {
    const { reserve, usage } = await serve();
    await admins({ totalDayCapCents: 100, dayCapCents: 1_000_000 });
    expect(await reserve(v4(), 1_000_001)).toBe('spending.deployment_day_cap');
    expect((await usage()).caps.dayMicros).toBe(dayCap);
    await admins({ dayCapCents: 50 });
    expect(await reserve(v4(), 500_001)).toBe('spending.day_cap');
    await admins({ spendingStopped: true });
    expect(await reserve(v4(), 1)).toBe('spending.stopped');
    expect((await usage()).caps.stoppedBy).toBe('deployment');
  });

  test('never pass it by calls side by side', async () => {
    const owners = await Promise.all(Array.from({ length: 8 }, () => serve()));
    const answers = await Promise.all(owners.map(({ reserve }) => reserve(v4(), 1_000_000)));
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(6);
    expect((await totals()).counted).toBe(6_000_000);
  });

  test('whoever dies between the two rows leaves the total too high, never too low', async () => {
    const { task } = await serve();
    const dies = fields.callWhile(task, 'agentReserveSpending', { id: v4(), amount: 700 }, async (step) => {
      if (step.endsWith('/reserve-spending.js')) throw new Error('gone');
    });
    await expect(dies).rejects.toThrow();
    expect((await totals()).counted).toBe(700);
  });
});

describe('Whatever crashes', () => {
  /** A call of the model: what is reserved for it, what it comes to, and where its task dies. */
  const call = fc.record({
    amount: fc.integer({ min: 0, max: 900_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    fate: fc.constantFrom('settled', 'settled twice', 'reserved twice', 'never settled'),
  });

  test('what is counted never passes the cap, and never falls below what was spent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
        async (rounds) => {
          const { reserve, settle, usage } = await serve({ dayCapCents: 200 });
          let spent = 0;
          for (const round of rounds) {
            // The calls of a round run side by side.
            await Promise.all(
              round.map(async ({ amount, share, fate }) => {
                const id = v4();
                const answers = [
                  await reserve(id, amount),
                  fate === 'reserved twice' ? await reserve(id, amount) : '',
                ];
                if (answers[0] !== 'ok') return expect(answers[0]).toBe('spending.day_cap');
                if (answers[1]) expect(answers[1]).toBe('ok');
                const cost = Math.ceil(amount * share);
                spent += cost;
                if (fate === 'never settled') return undefined;
                await settle(id, amount, cost);
                if (fate === 'settled twice') await settle(id, amount, cost);
                return undefined;
              }),
            );
            const { counted, held, model } = await usage();
            expect(counted).toBeLessThanOrEqual(2_000_000);
            expect(counted).toBeGreaterThanOrEqual(spent);
            expect(counted).toBe(held + model);
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  test('the field decides as core/spending.ts does', async () => {
    const cents = fc.option(fc.integer({ min: 0, max: 700 }), { nil: null });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          dayCapCents: cents,
          monthCapCents: cents,
          spendingStopped: fc.constantFrom(null, false, true),
        }),
        fc.integer({ min: 0, max: 6_000_000 }),
        fc.integer({ min: 0, max: 6_000_000 }),
        async (own, before, amount) => {
          const { owner, reserve, usage } = await serve(own as JsonObject);
          await fields.put('Usage', { owner, period: '2026-11', counted: before, counted25: before });
          const deployment = { dayMicros: dayCap, monthMicros: 50_000_000, stopped: false };
          const caps = capsOf(deployment, own);
          const counted = countedAt(await usage(), fields.now);
          const expected = refusalOf(caps, counted, amount);
          // Where both caps are passed, either may be named.
          const isBoth =
            counted.day + amount > caps.dayMicros &&
            counted.month + amount > caps.monthMicros &&
            !caps.stoppedBy;
          const codes = isBoth ? ['spending.day_cap', 'spending.month_cap'] : [expected ?? 'ok'];
          expect(codes).toContain(await reserve(v4(), amount));
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
