import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryWorld } from '../adapters/memory/world.ts';
import { isFree } from './lease.ts';
import { isFinal, isRetryable } from './message.ts';
import { newId } from './message-id.ts';
import { type MessageKey, pendingKey } from './message-row.ts';
import { acceptMessage } from './use-cases/accept-message.ts';
import { retryMessage } from './use-cases/retry-message.ts';
import { sweep } from './use-cases/sweep.ts';
import { taskChanged } from './use-cases/task-changed.ts';
import { wakeAhead } from './use-cases/wake-ahead.ts';

/**
 * Random lives of one owner's agent: users look, type, send, resend and retry, several at the same time; functions crash between
 * any two of their writes; tasks start, pull, answer, leave, hand over, fall silent and are lost; stops are announced
 * and successors boot meanwhile; events repeat and arrive late;
 * capacity comes and goes. MODEL_RUNS sets how many lives each test lives (default 100; `npm run test:deep`: 50,000).
 */
const numRuns = Number(process.env.MODEL_RUNS ?? 100);
/** A life takes some milliseconds, more on a busy machine. */
const timeout = 60_000 + 60 * numRuns;
const owner = 'ann';
/** Short, so that lives meet it. */
const longestMs = 20 * 60_000;

type Step =
  | { act: 'send' | 'resend' | 'retry' | 'look' | 'type'; crash: number }
  | { act: 'boot' | 'work' | 'tool' | 'answer' | 'leave' | 'silence' | 'late'; task: number }
  | { act: 'stop' | 'lack' | 'notice'; task: number; repeat: boolean; crash: number }
  | { act: 'phase'; task: number; version: number }
  | { act: 'sweep'; crash: number }
  | { act: 'wait'; seconds: number }
  | { act: 'capacity'; spot: boolean; onDemand: boolean }
  | { act: 'policy'; capacity: 'spot-only' | 'spot-first' | 'on-demand' }
  /** At the same time; `turns` says how long each call of a port takes. */
  | { act: 'together'; steps: Step[]; turns: number[] };

const task = fc.nat(3);
// Mostly no crash; else after so many calls of the ports.
const crash = fc.oneof(
  { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  fc.integer({ min: 1, max: 9 }),
);
const act = <Name extends string>(...names: Name[]) => fc.constantFrom(...names);
const single = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: act('send', 'resend', 'retry'), crash }) },
  { weight: 2, arbitrary: fc.record({ act: act('look', 'type'), crash }) },
  { weight: 6, arbitrary: fc.record({ act: act('boot', 'work', 'answer', 'leave'), task }) },
  { weight: 2, arbitrary: fc.record({ act: act('tool', 'silence', 'late'), task }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: act('stop', 'lack', 'notice'), task, repeat: fc.boolean(), crash }),
  },
  { weight: 2, arbitrary: fc.record({ act: act('phase'), task, version: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: act('sweep'), crash }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: act('wait'), seconds: fc.constantFrom(1, 30, 119, 120, 121, 700) }),
  },
  { weight: 1, arbitrary: fc.record({ act: act('capacity'), spot: fc.boolean(), onDemand: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: act('policy'), capacity: act('spot-only', 'spot-first', 'on-demand') }),
  },
) as fc.Arbitrary<Step>;
const together: fc.Arbitrary<Step> = fc.record({
  act: act('together'),
  steps: fc.array(single, { minLength: 2, maxLength: 3, size: 'max' }),
  turns: fc.array(fc.nat(6), { minLength: 5, maxLength: 30, size: 'max' }),
});
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: together }), {
  minLength: 1,
  maxLength: 40,
  size: 'max',
});
const withoutCrash = (given: Step): Step => {
  if (given.act === 'together') return { ...given, steps: given.steps.map(withoutCrash) };
  return 'crash' in given ? { ...given, crash: Number.POSITIVE_INFINITY } : given;
};

/** A task's own process, which knows only what it was told. */
interface Bridge {
  taskId: string;
  epoch: number;
  alive: boolean;
  pulledSeq: number;
}

class Crash extends Error {}

/** Ports that give their answer at once: nothing can crash in between. */
const plain: ReadonlySet<string | symbol> = new Set(['now', 'log', 'ownerHash', 'secondUsd']);

/** The ports, dying at the n-th call (whatever was written before stays), each call taking so many turns. */
function dying<Ports extends object>(ports: Ports, calls: number, turns: () => number): Ports {
  let left = calls;
  const wrap = (target: object): object =>
    new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name);
        if (typeof value === 'object' && value !== null) return wrap(value);
        if (typeof value !== 'function' || plain.has(name)) return value;
        return async (...given: unknown[]) => {
          left -= 1;
          if (left < 0) throw new Crash('the function died');
          for (let turn = turns(); turn > 0; turn -= 1) await Promise.resolve();
          return value.apply(of, given);
        };
      },
    });
  return wrap(ports) as Ports;
}

function life() {
  const world = memoryWorld();
  const conversationId = world.conversation(owner);
  const sent: (MessageKey & { owner: string; text: string })[] = [];
  const accepted = new Set<string>();
  const bridges = new Map<string, Bridge>();
  /** Attempts that were committed, to catch a second answer. */
  const committed = new Map<string, number>();
  /** The epochs in which an attempt used a tool. */
  const usedTools = new Map<string, Set<number>>();
  let version = 10;
  let turns: number[] = [];
  const die = <Ports extends object>(ports: Ports, calls: number) =>
    dying(ports, calls, () => turns.pop() ?? 0);

  /** A living task that has a session; the others are not let in by any field. */
  const bridgeOf = async (at: number): Promise<Bridge | undefined> => {
    for (const taskId of world.runner.tasks.keys()) {
      const session = await world.sessions.get(taskId);
      if (session && !bridges.has(taskId)) {
        bridges.set(taskId, { taskId, epoch: session.epoch, alive: true, pulledSeq: -1 });
      }
    }
    const all = [...bridges.values()].filter((bridge) => bridge.alive);
    return all.length === 0 ? undefined : all[at % all.length];
  };
  /** What every field of a task checks: the row has its epoch and its task. */
  const holds = (bridge: Bridge): boolean => {
    const row = world.lease(owner);
    return row?.taskId === bridge.taskId && row.epoch === bridge.epoch;
  };
  const workable = (bridge: Bridge) => {
    const row = world.lease(owner);
    const keys = sent.filter((key) => row?.pending.includes(pendingKey(key)));
    return keys.find((key) => {
      const message = world.message(owner, key);
      return (
        message &&
        (message.status === 'queued' || (message.status === 'working' && (message.epoch ?? 0) < bridge.epoch))
      );
    });
  };
  const mine = (bridge: Bridge) =>
    sent.find((key) => {
      const message = world.message(owner, key);
      return message?.status === 'working' && message.epoch === bridge.epoch;
    });
  const surviving = async (work: () => Promise<unknown>) => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Crash) return undefined;
      const code = (error as { code?: string }).code;
      if (code === 'message.not_retryable' || code === 'message.not_found' || code === 'message.clock_off')
        return undefined;
      throw error;
    }
  };

  const send = (given: (typeof sent)[number], at: number) =>
    surviving(async () => {
      await acceptMessage(die(world.ports, at), given);
      accepted.add(pendingKey(given));
    });

  async function run(given: Step): Promise<void> {
    world.clock.now += 10;
    switch (given.act) {
      case 'together':
        turns = [...given.turns];
        await Promise.all(given.steps.map(run));
        turns = [];
        return;
      case 'send': {
        const message = { owner, conversationId, id: newId(world.clock.now), text: `m${sent.length}` };
        sent.push(message);
        return void (await send(message, given.crash));
      }
      case 'resend': {
        const last = sent.at(-1);
        return last && void (await send(last, given.crash));
      }
      case 'retry': {
        const key = sent.find((each) => isRetryable(world.message(owner, each)?.status ?? 'queued'));
        const attempt = key && world.message(owner, key)?.attempt;
        if (!key || !attempt) return;
        return void (await surviving(() => retryMessage(die(world.ports, given.crash), { ...key, attempt })));
      }
      case 'look':
      case 'type': {
        const hint = given.act === 'look' ? 'open' : 'typing';
        return void (await surviving(() => wakeAhead(die(world.ports, given.crash), { owner, hint })));
      }
      case 'wait':
        world.clock.now += given.seconds * 1000;
        return;
      case 'capacity':
        world.runner.full.clear();
        if (!given.spot) world.runner.full.add('FARGATE_SPOT');
        if (!given.onDemand) world.runner.full.add('FARGATE');
        return;
      case 'policy':
        world.settings.rows.set(owner, { capacity: given.capacity });
        return;
      case 'sweep':
        return void (await surviving(() => sweep({ ...die(world.ports, given.crash), longestMs })));
      case 'phase': {
        const bridge = await bridgeOf(given.task);
        if (!bridge) return;
        const status = ['PROVISIONING', 'PENDING', 'RUNNING'][given.version % 3] ?? 'RUNNING';
        return void (await surviving(() =>
          taskChanged(
            die(world.ports, Number.POSITIVE_INFINITY),
            world.taskEvent(bridge.taskId, given.version, status),
          ),
        ));
      }
    }
    const bridge = await bridgeOf(given.task);
    if (!bridge) return;
    switch (given.act) {
      case 'boot':
        if (!holds(bridge)) return;
        if (world.lease(owner)?.state === 'waking') world.ready(owner);
        world.pull(owner);
        bridge.pulledSeq = world.lease(owner)?.wakeSeq ?? -1;
        return;
      case 'work': {
        const key = holds(bridge) && bridge.pulledSeq >= 0 ? workable(bridge) : undefined;
        // What had used a tool under another task is not run again.
        if (key && world.message(owner, key)?.toolsRan)
          return world.commit(owner, key, { status: 'interrupted' });
        if (key) world.claim(owner, key);
        return;
      }
      case 'tool': {
        const key = mine(bridge);
        if (!key) return;
        const name = `${pendingKey(key)}:${world.message(owner, key)?.attempt}`;
        usedTools.set(name, new Set([...(usedTools.get(name) ?? []), bridge.epoch]));
        return world.claim(owner, key, { toolsRan: true, epoch: bridge.epoch });
      }
      case 'answer': {
        const key = mine(bridge);
        if (!key) return;
        const message = world.message(owner, key);
        const name = `${pendingKey(key)}:${message?.attempt}`;
        committed.set(name, (committed.get(name) ?? 0) + 1);
        return world.commit(owner, key, { status: 'answered', answer: 'yes' });
      }
      case 'leave': {
        if (!holds(bridge) || bridge.pulledSeq < 0) return;
        if (world.release(owner, bridge.pulledSeq)) bridge.pulledSeq = -1;
        return;
      }
      case 'silence':
        bridge.alive = false;
        return;
      case 'late':
        // A zombie's heartbeat: bounces unless it still holds.
        if (holds(bridge)) world.pull(owner);
        return;
      case 'notice': {
        version += 1;
        const event = world.taskEvent(bridge.taskId, version, 'RUNNING', {
          desiredStatus: 'STOPPED',
          stopCode: 'SpotInterruption',
          startedAt: 'x',
        });
        await surviving(() => taskChanged(die(world.ports, given.crash), event));
        if (given.repeat) await surviving(() => taskChanged(world.ports, event));
        return;
      }
      case 'stop':
      case 'lack': {
        bridge.alive = false;
        world.runner.tasks.delete(bridge.taskId);
        version += 1;
        const event = world.taskEvent(bridge.taskId, version, 'STOPPED', {
          ...(given.act === 'lack'
            ? { stopCode: 'TaskFailedToStart', stoppedReason: 'Capacity is unavailable at this time' }
            : { stopCode: 'SpotInterruption', startedAt: 'x' }),
        });
        await surviving(() => taskChanged(die(world.ports, given.crash), event)).catch(() => undefined);
        if (given.repeat) await surviving(() => taskChanged(world.ports, event)).catch(() => undefined);
      }
    }
  }

  /** All that fails may be mended by the sweeper and by tasks that work: nothing needs a person. */
  async function comeToRest(): Promise<void> {
    world.runner.full.clear();
    for (let round = 0; round < 30; round += 1) {
      world.clock.now += 11 * 60_000;
      await sweep({ ...world.ports, longestMs });
      for (const at of [0, 1, 2, 3]) {
        for (const act of ['boot', 'work', 'answer', 'work', 'answer'] as const) await run({ act, task: at });
      }
    }
  }

  return { world, run, comeToRest, sent, accepted, committed, usedTools };
}

/** Lives a list of steps and checks after each what must always hold. */
async function live(given: readonly Step[], isCrashFree: boolean): Promise<ReturnType<typeof life>> {
  const one = life();
  const { world, run, sent } = one;
  const holders = new Map<number, string>();
  let epoch = 0;
  for (const each of given) {
    const before = world.lease(owner);
    await run(each);
    const row = world.lease(owner);
    if (!row) continue;
    expect(row.epoch, 'epochs only grow').toBeGreaterThanOrEqual(epoch);
    if (before?.taskId !== undefined && row.epoch > before.epoch) {
      const isOver = (before.leaseExpiresAt ?? 0) <= world.clock.now;
      const isGone = !world.runner.tasks.has(before.taskId);
      const isReleased =
        each.act === 'leave' || (each.act === 'together' && each.steps.some((step) => step.act === 'leave'));
      expect(
        isOver || isGone || isReleased,
        'a holder is replaced when its time is over or its task is gone',
      ).toBe(true);
    }
    epoch = row.epoch;
    if (row.taskId !== undefined && row.state !== 'waking') {
      expect(holders.get(epoch) ?? row.taskId, 'one task serves an epoch').toBe(row.taskId);
      holders.set(epoch, row.taskId);
    }
    if (!isFree(row)) expect(row.leaseExpiresAt, 'a hold has an end').toBeDefined();
    if (isCrashFree && isFree(row)) {
      const waiting = sent.filter((key) => {
        const message = world.message(owner, key);
        return message && !isFinal(message.status);
      });
      expect(waiting, 'while something waits, somebody holds or held the lease').toEqual([]);
    }
  }
  return one;
}

describe('the life of an agent', () => {
  test(
    'has one holder, and nothing waits without one, as long as functions do not crash',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (given) => {
          await live(given.map(withoutCrash), true);
        }),
        { numRuns },
      );
    },
    timeout,
  );

  test(
    'loses no message, answers none twice and runs no tool again, whatever crashes',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (given) => {
          const { world, comeToRest, sent, accepted, committed, usedTools } = await live(given, false);
          await comeToRest();
          const row = world.lease(owner);
          for (const taskId of world.runner.tasks.keys())
            expect([row?.taskId, row?.successor?.taskId], 'no task runs that nobody waits for').toContain(
              taskId,
            );
          for (const [attempt, epochs] of usedTools)
            expect([...epochs], `tools of ${attempt} ran in one task`).toHaveLength(1);
          for (const [attempt, count] of committed) expect(count, attempt).toBe(1);
          for (const key of sent) {
            const message = world.message(owner, key);
            if (accepted.has(pendingKey(key))) expect(message, 'an accepted message is stored').toBeDefined();
            if (!message) continue;
            if (message.status === 'answered')
              expect(committed.has(`${pendingKey(key)}:${message.attempt}`)).toBe(true);
            else expect(isRetryable(message.status), `${message.status} can be retried`).toBe(true);
          }
        }),
        { numRuns },
      );
    },
    timeout,
  );
});
