import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { maxPending } from '../message.ts';
import { newId } from '../message-id.ts';
import { pendingKey } from '../message-row.ts';
import { acceptMessage } from './accept-message.ts';
import { retryMessage } from './retry-message.ts';

const owner = 'ann';
let world: MemoryWorld;
let key: { owner: string; conversationId: string; id: string };

/** A message was accepted, answered badly, and the agent sleeps again. */
beforeEach(async () => {
  world = memoryWorld();
  key = { owner, conversationId: world.conversation(owner), id: newId(world.clock.now) };
  await acceptMessage(world.ports, { ...key, text: 'Hello' });
  world.ready(owner);
  world.claim(owner, key, { answer: 'half', seq: 3, toolsRan: true });
  await world.commit(owner, key, { status: 'interrupted', error: { code: 'task.lost' } });
  world.release(owner, 1);
  world.publisher.heard.length = 0;
});

test.each(['failed', 'stopped', 'interrupted'] as const)(
  'a %s message is queued as its next attempt',
  async (status) => {
    await world.commit(owner, key, { status });
    const acceptedAt = world.message(owner, key)?.acceptedAt;
    const message = await retryMessage(world.ports, { ...key, attempt: 1 });
    expect(message).toMatchObject({ status: 'queued', attempt: 2, answer: '', seq: 0, acceptedAt });
    expect(message.error ?? null).toBeNull();
    expect(world.message(owner, key)?.toolsRan ?? false).toBe(false);
    expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 2, pending: [pendingKey(key)] });
    expect(world.heard('message.accepted')).toHaveLength(1);
  },
);

test('asking twice is one Retry', async () => {
  const [first, second] = await Promise.all([
    retryMessage(world.ports, { ...key, attempt: 1 }),
    retryMessage(world.ports, { ...key, attempt: 1 }),
  ]);
  expect(first.attempt).toBe(2);
  expect(second.attempt).toBe(2);
  expect(world.runner.tasks.size).toBe(2);
  expect(world.message(owner, key)).toMatchObject({ status: 'queued', attempt: 2 });
});

test('asking again mends a crash between the message and the lease', async () => {
  await world.messages.requeue(owner, key, 1, null);
  expect(world.lease(owner)?.pending).toEqual([]);
  await retryMessage(world.ports, { ...key, attempt: 1 });
  expect(world.lease(owner)).toMatchObject({ state: 'waking', pending: [pendingKey(key)] });
});

describe('bad input gets a clear error and changes nothing', () => {
  async function refused(given: typeof key & { attempt: number }, code: string) {
    const rows = structuredClone([world.messages.rows, world.leases.rows]);
    await expect(retryMessage(world.ports, given)).rejects.toMatchObject({ code });
    expect([world.messages.rows, world.leases.rows]).toEqual(rows);
    expect(world.publisher.heard).toEqual([]);
  }

  test.each(['queued', 'working', 'answered'] as const)('a message that is %s', async (status) => {
    world.claim(owner, key, { status });
    await refused({ ...key, attempt: 1 }, 'message.not_retryable');
  });
  test.each([0, 2, 3])('another attempt than the one that ended (%i)', async (attempt) => {
    await refused({ ...key, attempt }, 'message.not_retryable');
  });
  test('an attempt whose Retry has ended too', async () => {
    world.claim(owner, key, { status: 'failed', attempt: 2 });
    await refused({ ...key, attempt: 1 }, 'message.not_retryable');
  });
  test('an unknown message', async () => {
    await refused({ ...key, id: newId(), attempt: 1 }, 'message.not_found');
  });
  test("somebody else's message", async () => {
    await refused({ ...key, owner: 'bob', attempt: 1 }, 'conversation.not_found');
  });
  test('malformed ids', async () => {
    await refused({ ...key, id: 'x', attempt: 1 }, 'message.id_invalid');
    await refused({ ...key, conversationId: 'x', attempt: 1 }, 'conversation.id_invalid');
  });
  test('a full queue', async () => {
    for (let n = 0; n < maxPending; n += 1) await world.leases.ring(owner, `c#${n}`, maxPending);
    await refused({ ...key, attempt: 1 }, 'message.queue_full');
  });
});
