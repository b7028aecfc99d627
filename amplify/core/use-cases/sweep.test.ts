import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import { pendingKey, type StoredMessage, storedMessage } from '../message-row.ts';
import { acceptMessage } from './accept-message.ts';
import { sweep } from './sweep.ts';

const owner = 'ann';
let world: MemoryWorld;
let conversationId: string;
const send = async () => {
  const key = { owner, conversationId, id: newId(world.clock.now) };
  await acceptMessage(world.ports, { ...key, text: 'Hello' });
  return key;
};
const stranded = async (change: Partial<StoredMessage> = {}) => {
  const row = storedMessage.parse({
    ...{ owner, conversationId, id: newId(world.clock.now), text: 'Hello', status: 'queued', attempt: 1 },
    acceptedAt: new Date(world.clock.now).toISOString(),
    ...change,
  });
  await world.messages.put(row);
  return row;
};
const later = (minutes: number) => {
  world.clock.now += minutes * 60_000;
};
const nothing = {
  expired: 0,
  unanswered: 0,
  leaked: 0,
  overdue: 0,
  booked: 0,
  undelivered: 0,
  erasing: 0,
  failures: 0,
};

beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation(owner);
});

test('a sound deployment is left alone', async () => {
  const key = await send();
  world.ready(owner);
  later(10);
  world.pull(owner);
  world.claim(owner, key);
  const row = world.lease(owner);
  expect(await sweep(world.ports)).toEqual(nothing);
  expect(world.lease(owner)).toEqual(row);
  expect(world.runner.stopped).toEqual([]);
});

test('a message whose function died before the lease was told gets its agent', async () => {
  const row = await stranded();
  expect(await sweep(world.ports)).toEqual(nothing);
  later(3);
  expect(await sweep(world.ports)).toMatchObject({ unanswered: 1 });
  expect(world.lease(owner)).toMatchObject({ state: 'waking', taskId: 'task1', pending: [pendingKey(row)] });
});

test('such a message reaches an agent that is awake, too', async () => {
  const first = await send();
  world.ready(owner);
  await world.commit(owner, first, { status: 'answered' });
  const row = await stranded();
  later(3);
  world.pull(owner);
  expect(await sweep(world.ports)).toMatchObject({ unanswered: 1 });
  expect(world.lease(owner)).toMatchObject({ wakeSeq: 2, pending: [pendingKey(row)], taskId: 'task1' });
  expect(world.runner.requests).toHaveLength(1);
});

test('a silent task is stopped and its message gets another', async () => {
  const key = await send();
  world.ready(owner);
  world.claim(owner, key);
  const task = world.runner.tasks.get('task1');
  if (task) world.runner.tasks.set('task1', { ...task, lastStatus: 'RUNNING' });
  later(3);
  expect(await sweep(world.ports)).toMatchObject({ expired: 1, failures: 0 });
  expect(world.runner.stopped).toEqual(['task1']);
  expect(world.lease(owner)).toMatchObject({ epoch: 2, taskId: 'task2' });
});

test('a silent task with nothing to do is stopped and its lease freed', async () => {
  const key = await send();
  world.ready(owner);
  await world.commit(owner, key, { status: 'answered' });
  later(3);
  await sweep(world.ports);
  expect(world.runner.stopped).toContain('task1');
  expect(world.lease(owner)).toMatchObject({ state: 'asleep' });
  expect(await sweep(world.ports)).toEqual(nothing);
});

test('a message that had used a tool is interrupted, not run again', async () => {
  const key = await send();
  world.ready(owner);
  world.claim(owner, key, { toolsRan: true, answer: 'half' });
  later(3);
  await sweep(world.ports);
  expect(world.message(owner, key)).toMatchObject({ status: 'interrupted', answer: 'half' });
  expect(world.runner.requests).toHaveLength(1);
});

test('a task that ECS is still starting is waited for, though not for ever', async () => {
  await send();
  later(4);
  expect(await sweep(world.ports)).toMatchObject({ expired: 0 });
  expect(world.lease(owner)).toMatchObject({ epoch: 1, taskId: 'task1' });
  later(7);
  expect(await sweep(world.ports)).toMatchObject({ expired: 1 });
  expect(world.lease(owner)).toMatchObject({ epoch: 2 });
});

test('a start whose function died is made up for', async () => {
  await send();
  const { taskId: _lost, ...crashed } = world.lease(owner) ?? ({} as never);
  world.leases.rows.set(owner, crashed);
  later(3);
  expect(await sweep(world.ports)).toMatchObject({ expired: 1, leaked: 1 });
  expect(world.lease(owner)).toMatchObject({ epoch: 2, taskId: 'task2' });
  expect(world.runner.stopped).toEqual(['task1']);
});

test('a task that nobody waits for is stopped once it is old enough', async () => {
  await world.runner.run({
    ...{ capacity: 'FARGATE', clientToken: 'stray', startedBy: 'x' },
    size: world.ports.sizes.usual,
  });
  later(2);
  expect(await sweep(world.ports)).toEqual(nothing);
  later(2);
  expect(await sweep(world.ports)).toMatchObject({ leaked: 1 });
  expect(world.runner.stopped).toEqual(['task1']);
});

test('what the index shows late is no reason to wake anybody', async () => {
  const row = await stranded();
  await world.messages.finish(owner, row, {
    attempt: 1,
    status: 'failed',
    error: { code: 'task.lost' },
    finishedAt: row.acceptedAt,
  });
  later(3);
  const lagging = { ...world.messages, unanswered: async () => [row] };
  expect(await sweep({ ...world.ports, messages: lagging })).toEqual(nothing);
  expect(world.runner.requests).toEqual([]);
});

test('one owner’s fault does not keep the others waiting', async () => {
  await stranded({ owner: 'aaa' });
  const row = await stranded({ owner: 'zed' });
  later(3);
  const leases = {
    ...world.leases,
    ring: (who: string, key: string, limit: number) =>
      who === 'aaa' ? Promise.reject(new Error('throttled')) : world.leases.ring(who, key, limit),
  };
  expect(await sweep({ ...world.ports, leases })).toMatchObject({ unanswered: 1, failures: 1 });
  expect(world.lease('zed')?.pending).toEqual([pendingKey(row)]);
  expect(world.logged.find((entry) => entry.what === 'sweep-failed')).toMatchObject({ error: 'throttled' });
});

test('what was deleted and is not erased yet is erased on', async () => {
  world.deleteConversation(owner, conversationId);
  expect(await sweep(world.ports)).toEqual({ ...nothing, erasing: 1 });
  await world.marks.mark('bob', world.clock.now, true);
  expect(await sweep(world.ports)).toEqual({ ...nothing, erasing: 2 });
  expect(world.erasing.slice(1)).toEqual([{ owner: 'bob' }, { owner, conversationId }]);
});

describe('a session that is too long', () => {
  /** A task that is awake and busy all the time. */
  async function serving(hours: number) {
    const key = await send();
    world.ready(owner);
    world.claim(owner, key);
    later(hours * 60);
    world.pull(owner);
  }

  test('is asked to leave once it is quiet, not before its time, and once', async () => {
    await serving(11);
    expect(await sweep(world.ports)).toEqual(nothing);
    later(61);
    world.pull(owner);
    expect(await sweep(world.ports)).toEqual({ ...nothing, overdue: 1 });
    expect(world.lease(owner)).toMatchObject({ state: 'awake', sleepRequested: true, taskId: 'task1' });
    expect(world.heard('agent.changed').at(-1)).toMatchObject({ agent: { sleepRequested: true } });
    expect(await sweep(world.ports)).toEqual(nothing);
    expect(world.runner.stopped).toEqual([]);
  });

  test('is stopped when it finds no quiet moment in half an hour', async () => {
    await serving(12);
    await sweep(world.ports);
    later(31);
    world.pull(owner);
    expect(await sweep(world.ports)).toEqual({ ...nothing, overdue: 1 });
    expect(world.runner.stopped).toEqual(['task1']);
  });

  test('that has ended is nobody’s concern', async () => {
    await serving(13);
    const row = world.lease(owner);
    if (row) world.leases.rows.set(owner, { ...row, epoch: 2, taskId: 'task2' });
    expect(await sweep(world.ports)).toMatchObject({ leaked: 1, overdue: 0 });
  });
});
