import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryWorld } from '../adapters/memory/world.ts';
import { leaseMs } from './lease.ts';
import { isFinal, isRetryable } from './message.ts';
import { newId } from './message-id.ts';
import { type MessageKey, pendingKey } from './message-row.ts';
import { acceptMessage } from './use-cases/accept-message.ts';
import { retryMessage } from './use-cases/retry-message.ts';
import { sweep } from './use-cases/sweep.ts';
import { taskChanged } from './use-cases/task-changed.ts';

/**
 * Random lives of one owner's agent: users send, resend and retry; functions crash between any two of their writes;
 * tasks start, pull, answer, leave, fall silent and are lost; events repeat and arrive late; capacity comes and goes.
 * MODEL_RUNS sets how many lives (default 60; a long run: MODEL_RUNS=20000).
 */
const numRuns = Number(process.env.MODEL_RUNS ?? 60);
const owner = 'ann';

type Step =
  | { act: 'send' | 'resend' | 'retry'; crash: number }
  | { act: 'boot' | 'work' | 'tool' | 'answer' | 'leave' | 'silence' | 'late'; task: number }
  | { act: 'stop' | 'lack'; task: number; repeat: boolean; crash: number }
  | { act: 'phase'; task: number; version: number }
  | { act: 'sweep'; crash: number }
  | { act: 'wait'; seconds: number }
  | { act: 'capacity'; spot: boolean; onDemand: boolean }
  | { act: 'policy'; capacity: 'spot-only' | 'spot-first' | 'on-demand' };

const task = fc.nat(3);
// Mostly no crash; else after so many calls of the ports.
const crash = fc.oneof(
  { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  fc.integer({ min: 1, max: 9 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constantFrom('send', 'resend', 'retry'), crash }) },
  {
    weight: 9,
    arbitrary: fc.record({
      act: fc.constantFrom('boot', 'work', 'tool', 'answer', 'leave', 'silence', 'late'),
      task,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constantFrom('stop', 'lack'), task, repeat: fc.boolean(), crash }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('phase'), task, version: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('sweep'), crash }) },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('wait'), seconds: fc.constantFrom(1, 30, 119, 120, 121, 700) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('capacity'), spot: fc.boolean(), onDemand: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('policy'),
      capacity: fc.constantFrom('spot-only', 'spot-first', 'on-demand'),
    }),
  },
) as fc.Arbitrary<Step>;

/** A task's own process, which knows only what it was told. */
interface Bridge {
  taskId: string;
  epoch: number;
  alive: boolean;
  pulledSeq: number;
}

class Crash extends Error {}

/** The ports, dying at the n-th call: whatever was written before stays. */
function dying<Ports extends object>(ports: Ports, calls: number): Ports {
  let left = calls;
  const wrap = (target: object): object =>
    new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name);
        if (typeof value === 'object' && value !== null) return wrap(value);
        if (typeof value !== 'function' || name === 'now' || name === 'log' || name === 'ownerHash')
          return value;
        return (...given: unknown[]) => {
          left -= 1;
          if (left < 0) throw new Crash('the function died');
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
  let version = 10;

  const bridgeOf = (at: number): Bridge | undefined => {
    for (const taskId of world.runner.tasks.keys()) {
      const epoch = world.lease(owner)?.epoch ?? 0;
      if (!bridges.has(taskId)) bridges.set(taskId, { taskId, epoch, alive: true, pulledSeq: -1 });
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
      await acceptMessage(dying(world.ports, at), given);
      accepted.add(pendingKey(given));
    });

  async function run(given: Step): Promise<void> {
    world.clock.now += 10;
    switch (given.act) {
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
        return void (await surviving(() =>
          retryMessage(dying(world.ports, given.crash), { ...key, attempt }),
        ));
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
        return void (await surviving(() => sweep(dying(world.ports, given.crash))));
      case 'phase': {
        const bridge = bridgeOf(given.task);
        if (!bridge) return;
        const status = ['PROVISIONING', 'PENDING', 'RUNNING'][given.version % 3] ?? 'RUNNING';
        return void (await surviving(() =>
          taskChanged(world.ports, world.taskEvent(bridge.taskId, given.version, status)),
        ));
      }
    }
    const bridge = bridgeOf(given.task);
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
        if (key) world.claim(owner, key);
        return;
      }
      case 'tool': {
        const key = mine(bridge);
        if (key) world.claim(owner, key, { toolsRan: true, epoch: bridge.epoch });
        return;
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
        await surviving(() => taskChanged(dying(world.ports, given.crash), event)).catch(() => undefined);
        if (given.repeat) await surviving(() => taskChanged(world.ports, event)).catch(() => undefined);
      }
    }
  }

  /** All that fails may be mended by the sweeper and by tasks that work: nothing needs a person. */
  async function comeToRest(): Promise<void> {
    world.runner.full.clear();
    for (let round = 0; round < 30; round += 1) {
      world.clock.now += 11 * 60_000;
      await sweep(world.ports);
      for (const at of [0, 1, 2, 3]) {
        for (const act of ['boot', 'work', 'answer', 'work', 'answer'] as const) await run({ act, task: at });
      }
    }
  }

  return { world, run, comeToRest, sent, accepted, committed };
}

describe('the life of an agent', () => {
  test('has one holder, loses no message, and never lets an old epoch win', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const { world, run, comeToRest, sent, accepted, committed } = life();
        const holders = new Map<number, Set<string>>();
        let epoch = 0;
        const look = () => {
          const row = world.lease(owner);
          if (!row) return;
          // Epochs only grow, and within one of them only a task that never started is replaced.
          expect(row.epoch).toBeGreaterThanOrEqual(epoch);
          epoch = row.epoch;
          if (row.taskId && row.state !== 'waking') {
            holders.set(row.epoch, (holders.get(row.epoch) ?? new Set()).add(row.taskId));
          }
          expect(row.leaseExpiresAt ?? 0).toBeLessThanOrEqual(world.clock.now + leaseMs);
          // Who holds has an end; who is free has none to hold it.
          if (row.taskId !== undefined || row.state === 'waking') expect(row.leaseExpiresAt).toBeDefined();
        };
        for (const each of steps) {
          const before = world.lease(owner);
          await run(each);
          const row = world.lease(owner);
          if (before && row && row.epoch > before.epoch && before.taskId !== undefined) {
            // Taken from a holder only when its time was over or its task was gone.
            const isOver = (before.leaseExpiresAt ?? 0) <= world.clock.now;
            expect(isOver || !world.runner.tasks.has(before.taskId)).toBe(true);
          }
          look();
        }
        await comeToRest();
        look();
        for (const tasks of holders.values()) expect(tasks.size).toBe(1);
        for (const count of committed.values()) expect(count).toBe(1);
        for (const key of sent) {
          const message = world.message(owner, key);
          if (accepted.has(pendingKey(key))) expect(message).toBeDefined();
          // Stored at all: answered, or shown as failed with a way to retry.
          if (message)
            expect(
              isFinal(message.status) && (message.status === 'answered' || isRetryable(message.status)),
            ).toBe(true);
        }
      }),
      { numRuns },
    );
  }, 600_000);
});
