import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { wakeHints } from '../lease.ts';
import { newId } from '../message-id.ts';
import { acceptMessage } from './accept-message.ts';
import { sweep } from './sweep.ts';
import { taskChanged } from './task-changed.ts';
import { wakeAhead } from './wake-ahead.ts';

const owner = 'ann';
let world: MemoryWorld;
beforeEach(() => {
  world = memoryWorld();
});

const open = () => wakeAhead(world.ports, { owner, hint: 'open' });
const typing = () => wakeAhead(world.ports, { owner, hint: 'typing' });
const send = () => {
  const conversationId = world.conversation(owner);
  return acceptMessage(world.ports, { owner, conversationId, id: newId(world.clock.now), text: 'Hello' });
};
/** The task comes up, meets nothing and leaves. */
const leaveUnused = () => {
  world.ready(owner);
  expect(world.release(owner, world.lease(owner)?.wakeSeq ?? -1)).toBe(true);
};
const started = () => world.runner.requests.length;

describe('an agent that is woken ahead of a message', () => {
  test('starts one task, also for an owner who never wrote, and tells the pages', async () => {
    expect(await open()).toMatchObject({ owner, state: 'waking', epoch: 1, taskId: 'task1', pending: [] });
    expect(await open()).toMatchObject({ taskId: 'task1' });
    expect(started()).toBe(1);
    expect(world.heard('agent.changed').at(-1)).toMatchObject({ agent: { state: 'waking' } });
  });

  test('answers the message that follows, with no second task', async () => {
    await open();
    await send();
    expect(started()).toBe(1);
    expect(world.lease(owner)).toMatchObject({ taskId: 'task1', wakeSeq: 1 });
    expect(world.lease(owner)?.pending).toHaveLength(1);
  });

  test.each([
    ['off', 0, 0],
    ['typing', 0, 1],
    ['open', 1, 1],
    [undefined, 1, 1],
  ] as const)('is woken as the setting says (%s)', async (setting, onOpen, onKey) => {
    world.settings.rows.set(owner, { wakeAhead: setting });
    await open();
    expect(started()).toBe(onOpen);
    await typing();
    expect(started()).toBe(onKey);
  });

  test('is woken no more for somebody who only looks, until a message comes', async () => {
    for (let looks = 0; looks < wakeHints.open; looks += 1) {
      await open();
      leaveUnused();
    }
    expect(await open()).toMatchObject({ state: 'asleep' });
    expect(started()).toBe(wakeHints.open);
    await typing();
    expect(started()).toBe(wakeHints.open + 1);
    await send();
    const key = world.lease(owner)?.pending[0]?.split('#') ?? [];
    await world.commit(owner, { conversationId: key[0] ?? '', id: key[1] ?? '' }, { status: 'answered' });
    leaveUnused();
    await open();
    expect(started()).toBe(wakeHints.open + 2);
  });

  test('is not tried again after a failure that people were told of', async () => {
    world.runner.full.add('FARGATE_SPOT').add('FARGATE');
    await send();
    expect(world.lease(owner)).toMatchObject({ state: 'failed' });
    world.runner.full.clear();
    const before = started();
    await open();
    expect(started()).toBe(before);
  });

  test('sleeps on where there is no capacity: nobody waits, so nothing failed', async () => {
    world.runner.full.add('FARGATE_SPOT').add('FARGATE');
    const lease = await open();
    expect(lease).toMatchObject({ state: 'asleep' });
    expect(lease).not.toHaveProperty('error');
  });

  test('is not started again when its task is lost, or its start died half-way', async () => {
    await open();
    const stopped = world.taskEvent('task1', 3, 'STOPPED', { stopCode: 'SpotInterruption', startedAt: 'x' });
    await taskChanged(world.ports, stopped);
    expect(world.lease(owner)).toMatchObject({ state: 'asleep', epoch: 1 });
    world.runner.run = async () => {
      throw new Error('the function died');
    };
    await expect(open()).rejects.toThrow('the function died');
    world.clock.now += 10 * 60_000;
    await sweep(world.ports);
    expect(world.lease(owner)).toMatchObject({ state: 'asleep', epoch: 2 });
  });
});
