import { memoryWorld } from '../adapters/memory/world.ts';
import type { AppError } from './error.ts';
import type { Step } from './life-steps-under-test.ts';
import { isFinal, isRetryable } from './message.ts';
import { newId } from './message-id.ts';
import { type MessageKey, pendingKey } from './message-row.ts';
import type { TaskEvent } from './task-event.ts';
import { acceptMessage } from './use-cases/accept-message.ts';
import { retryMessage } from './use-cases/retry-message.ts';
import { stopMessage } from './use-cases/stop-message.ts';
import { sweep } from './use-cases/sweep.ts';
import { taskChanged } from './use-cases/task-changed.ts';
import { wakeAhead } from './use-cases/wake-ahead.ts';

export const owner = 'ann';
/** The hard end of a session. Short, so that lives meet it. */
const longestMs = 20 * 60_000;

/** A task's own process, which knows only what it was told. */
interface Bridge {
  taskId: string;
  epoch: number;
  alive: boolean;
  pulledSeq: number;
}

class Crash extends Error {}

/** What a user may be told instead. */
const refusals = /^(message\.(not_retryable|not_found|clock_off)|spending\..+)$/;

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

export function life() {
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
  /** Told by ECS, and still on their way. */
  const late: TaskEvent[] = [];
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
      if (code !== undefined && refusals.test(code)) return undefined;
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
      case 'runTask':
        world.runner.broken = given.works === 'no' ? 'no answer' : null;
        world.runner.losesAnswers = given.works === 'lost';
        return;
      case 'spending':
        world.ports.caps.stopped = given.stopped;
        return;
      case 'halt': {
        const key = sent.find((each) => !isFinal(world.message(owner, each)?.status ?? 'answered'));
        if (!key) return;
        return void (await surviving(() => stopMessage(die(world.ports, given.crash), { ...key, owner })));
      }
      case 'keep':
        return world.keepAwake(owner, given.seconds * 1000);
      case 'sleep':
        return world.sleepNow(owner);
      case 'deliver': {
        const at = given.which % Math.max(1, late.length);
        const [event] = given.again ? late.slice(at, at + 1) : late.splice(at, 1);
        return event && tell(event, given.crash);
      }
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
      case 'notice':
      case 'stop':
      case 'lack': {
        if (given.act !== 'notice') {
          bridge.alive = false;
          world.runner.tasks.delete(bridge.taskId);
        }
        version += 1;
        const event = world.taskEvent(
          bridge.taskId,
          version,
          given.act === 'notice' ? 'RUNNING' : 'STOPPED',
          {
            desiredStatus: 'STOPPED',
            ...(given.act === 'lack'
              ? { stopCode: 'TaskFailedToStart', stoppedReason: 'Capacity is unavailable at this time' }
              : { stopCode: 'SpotInterruption', startedAt: 'x' }),
          },
        );
        if (given.told === 'late') late.push(event);
        if (given.told === 'once' || given.told === 'twice') await tell(event, given.crash);
        if (given.told === 'twice') await tell(event);
      }
    }
  }

  /** EventBridge invokes the function; what it throws is tried again by AWS, and given up in the end. */
  const tell = async (event: TaskEvent, at = Number.POSITIVE_INFINITY): Promise<void> => {
    await surviving(() => taskChanged(die(world.ports, at), event)).catch((error: AppError) => {
      if (!error.retryable) throw error;
    });
  };

  /** All that fails may be mended by the sweeper and by tasks that work: nothing needs a person. */
  async function comeToRest(): Promise<void> {
    world.runner.full.clear();
    world.runner.broken = null;
    world.runner.losesAnswers = false;
    world.ports.caps.stopped = false;
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
