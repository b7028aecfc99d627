import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import type { Settings } from '../settings.ts';
import { monthOf } from '../usage.ts';
import { acceptMessage } from './accept-message.ts';
import { retryMessage } from './retry-message.ts';
import { sweep } from './sweep.ts';
import { taskChanged } from './task-changed.ts';
import { wakeAhead } from './wake-ahead.ts';

const minute = 60_000;
let world: MemoryWorld;
let conversationId: string;
beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation('ann');
});

const send = (id = newId(world.clock.now)) =>
  acceptMessage(world.ports, { owner: 'ann', conversationId, id, text: 'Hi' });
/** So much has been used today already, micros. */
const spent = (micros: number) => {
  const month = monthOf(world.clock.now);
  const day = new Date(world.clock.now).toISOString().slice(8, 10);
  world.usage.rows.set(`ann ${month}`, { period: month, counted: micros, [`counted${day}`]: micros });
};
const usage = () => world.usage.get('ann', monthOf(world.clock.now));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );

const reached: [string, string, () => void][] = [
  ['the day’s cap', 'spending.day_cap', () => spent(5_000_000)],
  ['an own lower cap', 'spending.day_cap', () => set({ dayCapCents: 0 })],
  ['the month’s cap', 'spending.month_cap', () => set({ monthCapCents: 0 })],
  ['the owner’s kill switch', 'spending.stopped', () => set({ spendingStopped: true })],
  [
    'the deployment’s kill switch',
    'spending.stopped',
    () => {
      world.ports.caps.stopped = true;
    },
  ],
  [
    'the cap of all owners together',
    'spending.deployment_day_cap',
    () => void world.usage.rows.set('deployment 2026-05', { period: '2026-05', counted01: 20_000_000 }),
  ],
  [
    'what admins allow all together',
    'spending.deployment_month_cap',
    () => {
      world.settings.deployment = { totalMonthCapCents: 0 };
    },
  ],
  [
    'the admins’ kill switch',
    'spending.stopped',
    () => {
      world.settings.deployment = { spendingStopped: true };
    },
  ],
];
const set = (settings: Settings) => void world.settings.rows.set('ann', settings);

describe.each(reached)('Beyond %s', (_, code, reach) => {
  test('a message is refused before anything is stored or started', async () => {
    reach();
    expect(await codeOf(send())).toBe(code);
    expect(world.messages.rows.size).toBe(0);
    expect(world.runner.requests).toHaveLength(0);
  });

  test('a resend of what was accepted before is still that message', async () => {
    const sent = await send();
    reach();
    expect(await send(sent.id)).toMatchObject({ id: sent.id, status: 'queued' });
  });

  test('a Retry is refused and the message stays as it was', async () => {
    const { id } = await send();
    const key = { conversationId, id };
    world.claim('ann', key);
    await world.commit('ann', key, { status: 'failed' });
    reach();
    expect(await codeOf(retryMessage(world.ports, { owner: 'ann', ...key, attempt: 1 }))).toBe(code);
    expect(world.message('ann', key)).toMatchObject({ status: 'failed', attempt: 1 });
  });

  test('no agent is woken ahead', async () => {
    reach();
    const lease = await wakeAhead(world.ports, { owner: 'ann', hint: 'open' });
    expect(lease.state).toBe('asleep');
    expect(world.runner.requests).toHaveLength(0);
  });

  test('a lost task gets no successor: what waits is failed with the reason, and can be retried', async () => {
    const { id } = await send();
    reach();
    const taskId = world.lease('ann')?.taskId ?? '';
    await taskChanged(world.ports, world.taskEvent(taskId, 9, 'STOPPED'));
    expect(world.runner.requests).toHaveLength(1);
    expect(world.message('ann', { conversationId, id })).toMatchObject({ status: 'failed', error: { code } });
    expect(world.lease('ann')).toMatchObject({ state: 'failed', pending: [] });
  });
});

describe('What a task costs', () => {
  const begin = async () => {
    await send();
    const taskId = world.lease('ann')?.taskId ?? '';
    const at = (offset: number) => new Date(world.clock.now + offset).toISOString();
    return { taskId, at };
  };

  test('is booked when it has stopped, from the fetching of its image on, once', async () => {
    const { taskId, at } = await begin();
    const stop = world.taskEvent(taskId, 9, 'STOPPED', {
      ...{ pullStartedAt: at(5_000), startedAt: at(40_000), stoppedAt: at(5_000 + 10 * minute) },
    });
    for (let times = 0; times < 3; times += 1) await taskChanged(world.ports, stop);
    expect(await usage()).toMatchObject({ seconds: 600, aws: 6000, counted: 6000, tasks: 1 });
  });

  test('is a minute at least, and nothing when there was never an image', async () => {
    const { taskId, at } = await begin();
    const stop = { startedAt: at(0), stoppedAt: at(3_000) };
    await taskChanged(world.ports, world.taskEvent(taskId, 9, 'STOPPED', stop));
    expect(await usage()).toMatchObject({ seconds: 60 });
    const second = world.lease('ann')?.taskId ?? '';
    expect(second).not.toBe(taskId);
    await taskChanged(world.ports, world.taskEvent(second, 9, 'STOPPED', { stoppedAt: at(5_000) }));
    expect(await usage()).toMatchObject({ seconds: 60 });
  });

  test('is that of the size that its owner has chosen, whatever they choose while it runs', async () => {
    world.settings.rows.set('ann', { taskSize: '2048x4096' });
    const { taskId, at } = await begin();
    expect(world.runner.requests.at(-1)?.size).toEqual({ cpu: 2048, memory: 4096 });
    world.settings.rows.set('ann', { taskSize: '1024x2048' });
    const running = world.runner.tasks.get(taskId);
    if (!running) throw new Error('no task');
    world.runner.tasks.set(taskId, { ...running, lastStatus: 'RUNNING' });
    world.clock.now += 5 * minute;
    world.pull('ann');
    await sweep(world.ports);
    expect(await usage()).toMatchObject({ seconds: 300, aws: 6000 });
    const stop = { cpu: 1024, memory: 2048, overrides: { cpu: 2048, memory: 4096 } };
    await taskChanged(
      world.ports,
      world.taskEvent(taskId, 9, 'STOPPED', { ...stop, startedAt: at(0), stoppedAt: at(5 * minute) }),
    );
    expect(await usage()).toMatchObject({ seconds: 600, aws: 12_000 });
  });

  test('has to fit under the cap at its own size', async () => {
    world.settings.rows.set('ann', { taskSize: '2048x4096', dayCapCents: 1 });
    expect(await codeOf(send())).toBe('spending.day_cap');
    world.settings.rows.set('ann', { taskSize: '1024x2048', dayCapCents: 1 });
    expect(await send()).toMatchObject({ status: 'queued' });
  });

  test('is that of the usual size, where the owner’s is not offered any more', async () => {
    world.settings.rows.set('ann', { taskSize: '4096x8192' });
    await begin();
    expect(world.runner.requests.at(-1)?.size).toEqual(world.ports.sizes.usual);
  });

  test('counts while it still runs', async () => {
    const { taskId } = await begin();
    const runningAt = new Date(world.clock.now).toISOString();
    await taskChanged(world.ports, world.taskEvent(taskId, 2, 'RUNNING', { startedAt: runningAt }));
    for (let times = 0; times < 6; times += 1) {
      world.runner.tasks.set(taskId, { taskId, lastStatus: 'RUNNING', createdAt: world.clock.now });
      world.pull('ann');
      world.clock.now += 5 * minute;
      world.pull('ann');
      expect(await sweep(world.ports)).toMatchObject({ booked: 1, failures: 0 });
    }
    expect(await usage()).toMatchObject({ seconds: 1800, aws: 18_000, tasks: 1 });
  });
});
