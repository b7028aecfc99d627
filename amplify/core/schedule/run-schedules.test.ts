import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import { saveSchedule } from './own-schedules.ts';
import { patienceMs, type RunSchedulePorts, runSchedules } from './run-schedules.ts';
import type { ScheduleInput } from './schedule-view.ts';

const owner = 'ann';
const minute = 60_000;
let world: MemoryWorld;
let conversationId: string;
beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation(owner);
});

/** A reminder for nine minutes past nine, unless it is said otherwise. */
async function scheduled(change: Partial<ScheduleInput> = {}): Promise<string> {
  const id = newId();
  const cadence = { kind: 'once', at: '2026-05-01T09:09:00.000Z' } as const;
  const given = { id, conversationId, text: 'Call the dentist', cadence, isOn: true, ...change };
  await saveSchedule(world.ports, owner, given);
  return id;
}
const daily = { cadence: { kind: 'cron', expression: '9 9 * * *', zone: 'UTC' } } as const;
const at = (time: string) => {
  world.clock.now = Date.parse(`2026-05-${time}Z`);
};
const run = (ports: RunSchedulePorts = world.ports) => runSchedules(ports, world.clock.now + minute);
const sent = () => [...world.messages.rows.values()];
const row = (id: string) => world.schedules.rows.get(`${owner} ${id}`);

describe('A schedule whose time has come', () => {
  test('is a message of its conversation that wakes the agent, and says what sent it', async () => {
    const id = await scheduled();
    at('01T09:08:59');
    expect(await run()).toEqual({ failures: 0 });
    expect(sent()).toEqual([]);
    at('01T09:09:20');
    await run();
    expect(sent()).toMatchObject([
      {
        ...{ owner, conversationId, text: 'Call the dentist', status: 'queued', channel: 'web' },
        acceptedAt: '2026-05-01T09:09:20.000Z',
        schedule: { id, dueAt: '2026-05-01T09:09:00.000Z' },
      },
    ]);
    expect(world.runner.requests).toHaveLength(1);
    expect(world.heard('message.accepted')).toHaveLength(1);
    expect(world.heard('schedules.changed')).toHaveLength(1);
  });

  test('that comes once is gone then; one that comes again moves on and tells of the last time', async () => {
    const once = await scheduled();
    const again = await scheduled(daily);
    at('01T09:10:00');
    await run();
    expect(row(once)).toBeUndefined();
    expect(row(again)).toMatchObject({
      nextAt: Date.parse('2026-05-02T09:09:00.000Z'),
      lastRun: { dueAt: '2026-05-01T09:09:00.000Z', at: '2026-05-01T09:10:00.000Z' },
    });
    const [, message] = sent();
    expect(row(again)?.lastRun?.messageId).toBe(message?.id);
    await run();
    expect(sent()).toHaveLength(2);
    at('02T09:09:00');
    await run();
    expect(sent()).toHaveLength(3);
  });

  test('is sent once, late, when everything was down for days', async () => {
    const id = await scheduled(daily);
    at('05T17:30:00');
    await run();
    await run();
    expect(sent()).toMatchObject([{ schedule: { dueAt: '2026-05-01T09:09:00.000Z' } }]);
    expect(row(id)?.nextAt).toBe(Date.parse('2026-05-06T09:09:00.000Z'));
  });

  test('is sent once by many who run it at one moment', async () => {
    const id = await scheduled(daily);
    at('01T09:09:00');
    await Promise.all(Array.from({ length: 5 }, () => run()));
    expect(sent()).toHaveLength(1);
    expect(row(id)).toMatchObject({ nextAt: Date.parse('2026-05-02T09:09:00.000Z') });
  });

  test('is not sent when it is off, or was removed', async () => {
    const [off, gone] = [await scheduled(), await scheduled()];
    const known = row(off);
    if (known) await world.schedules.save({ ...known, nextAt: null });
    await world.schedules.remove(owner, [gone]);
    at('01T10:00:00');
    await run();
    expect(sent()).toEqual([]);
  });

  test('ends with its conversation', async () => {
    const id = await scheduled(daily);
    world.deleteConversation(owner, conversationId);
    at('01T09:10:00');
    await run();
    expect([sent(), row(id)]).toEqual([[], undefined]);
  });
});

describe('Whoever dies while it is sent', () => {
  /** The ports, of which the `last`-th call that writes is the last one: it fails, or nobody hears that it did not. */
  function dying(last: number, heard: boolean): { ports: RunSchedulePorts; steps: () => number } {
    let step = 0;
    const mortal = <Store extends object>(store: Store): Store =>
      new Proxy(store, {
        get: (target, name) => {
          const method = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            step += 1;
            if (step > last || (step === last && !heard)) throw new Error('died');
            const result = await method.apply(target, args);
            if (step === last) throw new Error('died');
            return result;
          };
        },
      });
    const { schedules, conversations, messages, leases, deliveries, allowances, runner, sessions } =
      world.ports;
    const ports = {
      ...world.ports,
      schedules: mortal(schedules),
      conversations: mortal(conversations),
      messages: mortal(messages),
      leases: mortal(leases),
      deliveries: mortal(deliveries),
      allowances: mortal(allowances),
      runner: mortal(runner),
      sessions: mortal(sessions),
    };
    return { ports, steps: () => step };
  }

  test.each([false, true])(
    'at any step, after it (%s) or before: there is one message, and one task',
    async (heard) => {
      const begin = async (last: number) => {
        world = memoryWorld();
        conversationId = world.conversation(owner);
        const id = await scheduled(daily);
        at('01T09:09:00');
        const { ports, steps } = dying(last, heard);
        await run(ports).catch(() => {});
        return { id, steps: steps() };
      };
      const { steps: all } = await begin(Number.POSITIVE_INFINITY);
      expect(all).toBeGreaterThan(10);
      for (let last = 1; last <= all; last += 1) {
        const { id } = await begin(last);
        world.clock.now += minute;
        await run();
        world.clock.now += minute;
        await run();
        const name = `step ${last}`;
        expect(
          sent().map(({ status }) => status),
          name,
        ).toEqual(['queued']);
        expect(world.lease(owner)?.pending, name).toHaveLength(1);
        expect(row(id), name).toMatchObject({ nextAt: Date.parse('2026-05-02T09:09:00.000Z') });
        expect(row(id)?.begunAt, name).toBeUndefined();
        expect(row(id)?.lastRun?.messageId, name).toBe(sent()[0]?.id);
      }
    },
  );

  test('leaves a schedule that was changed meanwhile as it was changed, and its message as it was sent', async () => {
    const id = await scheduled(daily);
    at('01T09:09:00');
    const { schedules } = world.ports;
    let writes = 0;
    const save: typeof schedules.save = async (changed) => {
      writes += 1;
      if (writes === 2) throw new Error('died');
      return schedules.save(changed);
    };
    await run({ ...world.ports, schedules: { ...schedules, save } });
    await saveSchedule(world.ports, owner, { id, conversationId, text: 'Other', isOn: true, ...daily });
    world.clock.now += minute;
    await run();
    expect(sent()).toMatchObject([{ text: 'Call the dentist' }]);
    expect(row(id)).toMatchObject({ text: 'Other', nextAt: Date.parse('2026-05-02T09:09:00.000Z') });
  });
});

describe('What is refused', () => {
  test('by a cap is told on the schedule, costs nothing, and is not tried again before its next time', async () => {
    const [once, again] = [await scheduled(), await scheduled(daily)];
    world.settings.rows.set(owner, { spendingStopped: true } as never);
    at('01T09:09:00');
    await run();
    await run();
    expect([sent(), world.runner.requests]).toEqual([[], []]);
    expect(row(once)).toMatchObject({ nextAt: null, lastRun: { error: { code: 'spending.stopped' } } });
    expect(row(again)).toMatchObject({
      nextAt: Date.parse('2026-05-02T09:09:00.000Z'),
      lastRun: { error: { code: 'spending.stopped' } },
    });
    world.settings.rows.delete(owner);
    at('02T09:09:00');
    await run();
    expect(sent()).toHaveLength(1);
    expect(row(again)?.lastRun?.error).toBeUndefined();
  });

  test('for a moment is tried again every minute for an hour, and told then', async () => {
    world.ports.limits.messagesPerDay = 1;
    const ids = [await scheduled(daily), await scheduled(daily)];
    at('01T09:09:00');
    await run();
    expect(sent()).toHaveLength(1);
    const waiting = ids.find((id) => row(id)?.nextAt === world.clock.now) ?? '';
    expect(row(waiting)?.lastRun).toBeUndefined();
    world.clock.now += patienceMs - minute;
    await run();
    expect(row(waiting)?.lastRun).toBeUndefined();
    world.clock.now += minute;
    await run();
    expect(row(waiting)).toMatchObject({
      nextAt: Date.parse('2026-05-02T09:09:00.000Z'),
      lastRun: { error: { code: 'message.rate_limited' } },
    });
  });

  test('by one owner holds nobody else up, and the others are sent', async () => {
    await scheduled();
    const bobs = world.conversation('bob');
    const cadence = { kind: 'once', at: '2026-05-01T09:10:00.000Z' } as const;
    await saveSchedule(world.ports, 'bob', {
      id: newId(),
      conversationId: bobs,
      text: 'Bob',
      cadence,
      isOn: true,
    });
    const { get } = world.ports.conversations;
    const conversations = {
      ...world.ports.conversations,
      get: async (of: string, id: string) => {
        if (of === owner) throw new Error('storage is down');
        return get(of, id);
      },
    };
    at('01T09:11:00');
    expect(await run({ ...world.ports, conversations })).toEqual({ failures: 1 });
    expect(sent()).toMatchObject([{ owner: 'bob' }]);
    await run();
    expect(sent()).toHaveLength(2);
  });
});

describe('In a conversation of a channel', () => {
  const place = { channel: 'pigeon', chat: '7', isPrivate: true };
  const link = async () => {
    await world.links.putCode('pigeon', 'h', owner, world.clock.now + minute);
    const person = { channel: 'pigeon', userId: '7', name: 'Ann', language: 'ko' as const };
    await world.links.linkByCode('h', world.clock.now, {
      ...person,
      linkedAt: '2026-05-01T09:00:00.000Z',
      isActive: true,
    });
    const entry = { owner, conversationId, since: 1, at: world.clock.now };
    await world.places.begin(place, entry, { gone: null, isNewer: false });
  };

  test('the answer goes there: the outbox is open before the message is stored', async () => {
    await link();
    await scheduled();
    at('01T09:09:00');
    await run();
    const [message] = sent();
    expect(message).toMatchObject({ channel: 'pigeon', schedule: {} });
    expect([...world.deliveries.rows.values()]).toMatchObject([
      { id: message?.id, place, language: 'ko', attempt: 1 },
    ]);
    expect(world.couriers).toEqual([{ owner, id: message?.id }]);
  });

  test('nothing goes there when its owner is not linked any more', async () => {
    await link();
    await scheduled();
    await world.links.unlink('pigeon', owner);
    at('01T09:09:00');
    await run();
    expect(sent()).toMatchObject([{ channel: 'web' }]);
    expect(world.deliveries.rows.size).toBe(0);
  });
});
