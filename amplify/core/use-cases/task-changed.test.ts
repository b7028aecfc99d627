import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { maxAttempts, provenMs } from '../lease.ts';
import { newId } from '../message-id.ts';
import { type MessageKey, pendingKey } from '../message-row.ts';
import { acceptMessage } from './accept-message.ts';
import { taskChanged } from './task-changed.ts';

const owner = 'ann';
let world: MemoryWorld;
let conversationId: string;
const send = async (text = 'Hello') => {
  const key = { owner, conversationId, id: newId(world.clock.now) };
  await acceptMessage(world.ports, { ...key, text });
  return key;
};
const happens = (...given: Parameters<MemoryWorld['taskEvent']>) =>
  taskChanged(world.ports, world.taskEvent(...given));
const stopped = (taskId: string, version = 20, more = {}) =>
  happens(taskId, version, 'STOPPED', { stopCode: 'EssentialContainerExited', startedAt: 'x', ...more });

beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation(owner);
});

describe('while waking', () => {
  test('the phases follow the task, each announced once, and keep the lease alive', async () => {
    await send();
    const phases = [];
    for (const [version, status] of ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'].entries()) {
      world.clock.now += 40_000;
      await happens('task1', version + 1, status);
      phases.push(world.lease(owner)?.phase);
    }
    expect(phases).toEqual(['provisioning', 'pulling', 'starting', 'starting']);
    expect(world.lease(owner)).toMatchObject({ epoch: 1, state: 'waking', attempt: 1 });
    expect(world.lease(owner)?.leaseExpiresAt).toBeGreaterThan(world.clock.now);
    const revisions = world.heard('agent.changed').map((event) => 'agent' in event && event.agent.revision);
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  test('repeated and reordered events change nothing', async () => {
    await send();
    await happens('task1', 5, 'RUNNING');
    const row = world.lease(owner);
    const heard = world.publisher.heard.length;
    await happens('task1', 5, 'RUNNING');
    await happens('task1', 2, 'PROVISIONING');
    await happens('task1', 3, 'PENDING');
    expect(world.lease(owner)).toEqual(row);
    expect(world.publisher.heard).toHaveLength(heard);
  });

  test('a task event never takes back what the task itself reported', async () => {
    await send();
    world.ready(owner);
    await happens('task1', 5, 'RUNNING');
    expect(world.lease(owner)).toMatchObject({ state: 'awake', phase: 'ready' });
  });
});

describe('a task that stopped', () => {
  test('frees the lease when nothing waits', async () => {
    const key = await send();
    world.ready(owner);
    await world.commit(owner, key, { status: 'answered' });
    await stopped('task1');
    expect(world.lease(owner)).toMatchObject({ state: 'asleep', epoch: 1 });
    expect(world.lease(owner)).not.toHaveProperty('taskId');
    expect(world.runner.tasks.size).toBe(1);
    expect(await world.sessions.get('task1')).toMatchObject({ stoppedAt: expect.any(String) });
  });

  test('is followed by another when a message waits', async () => {
    const key = await send();
    world.ready(owner);
    world.claim(owner, key);
    await stopped('task1');
    expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 2, attempt: 2, taskId: 'task2' });
    expect(world.message(owner, key)).toMatchObject({ status: 'working' });
    expect(world.runner.stopped).toEqual([]);
  });

  test('leaves a message that had used a tool interrupted with its partial answer, and runs nothing again', async () => {
    const key = await send();
    world.ready(owner);
    world.claim(owner, key, { answer: 'I will delete', toolsRan: true });
    await stopped('task1', 20, { stopCode: 'SpotInterruption' });
    expect(world.message(owner, key)).toMatchObject({
      status: 'interrupted',
      answer: 'I will delete',
      error: { code: 'task.lost' },
    });
    expect(world.lease(owner)).toMatchObject({ state: 'asleep', pending: [] });
    expect(world.runner.requests).toHaveLength(1);
    expect(world.heard('message.finished')).toHaveLength(1);
  });

  test('runs a message again once when it was cut off before any tool, and then shows it as failed', async () => {
    const key = await send();
    world.ready(owner);
    world.claim(owner, key, { claims: 1 });
    await stopped('task1');
    expect(world.lease(owner)).toMatchObject({ epoch: 2, taskId: 'task2' });
    world.ready(owner);
    world.claim(owner, key, { claims: 2 });
    await stopped('task2');
    expect(world.message(owner, key)).toMatchObject({ status: 'failed', error: { code: 'task.lost' } });
    expect(world.lease(owner)).toMatchObject({ state: 'asleep', pending: [] });
    expect(world.runner.requests).toHaveLength(2);
  });

  test('does not wake for a key whose message is final or deleted', async () => {
    const key = await send();
    world.ready(owner);
    await world.leases.ring(owner, `${conversationId}#${newId()}`, 50);
    world.claim(owner, key, { status: 'answered' });
    await stopped('task1');
    expect(world.lease(owner)).toMatchObject({ state: 'asleep', pending: [] });
  });

  test('announces a long message without what its tools took and gave', async () => {
    const key = await send();
    world.ready(owner);
    const tool = {
      name: 'exec',
      title: 'ls',
      status: 'done',
      at: 0,
      startedAt: '2026-05-01T09:00:00.000Z',
    } as const;
    const tools = Array.from({ length: 20 }, (_, n) => ({ ...tool, id: `${n}`, output: 'x'.repeat(4000) }));
    world.claim(owner, key, { toolsRan: true, tools });
    await stopped('task1');
    const [event] = world.heard('message.finished');
    expect(JSON.stringify(event).length).toBeLessThan(60_000);
    expect(event).toMatchObject({ message: { tools: tools.map(({ output: _output, ...rest }) => rest) } });
    expect(world.message(owner, key)?.tools).toEqual(tools);
  });

  test('twice is one stop', async () => {
    await send();
    world.ready(owner);
    await stopped('task1');
    const row = world.lease(owner);
    await stopped('task1');
    await stopped('task1', 19);
    expect(world.lease(owner)).toEqual(row);
    expect(world.runner.tasks.size).toBe(2);
  });

  test('is followed although its stop was noted by a run that died', async () => {
    await send();
    world.ready(owner);
    await world.sessions.note('task1', { version: 20, stoppedAt: 'x', stopReason: 'y' });
    await stopped('task1', 20);
    expect(world.lease(owner)).toMatchObject({ epoch: 2, taskId: 'task2' });
  });

  test('does not free the lease over a message that comes in the same moment', async () => {
    const first = await send();
    world.ready(owner);
    await world.commit(owner, first, { status: 'answered' });
    let isFirst = true;
    const move: typeof world.leases.move = async (before, after) => {
      if (isFirst) {
        isFirst = false;
        // Sees a held lease, so it starts nothing itself.
        await send('just in time');
        expect(world.runner.requests).toHaveLength(1);
      }
      return world.leases.move(before, after);
    };
    const leases = { ...world.leases, move };
    const event = world.taskEvent('task1', 20, 'STOPPED', { startedAt: 'x' });
    await taskChanged({ ...world.ports, leases }, event);
    expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 2, taskId: 'task2' });
  });

  test('of an old epoch says nothing about its successor', async () => {
    await send();
    world.ready(owner);
    world.clock.now += 121_000;
    const key = await send();
    world.claim(owner, key, { toolsRan: true });
    const row = world.lease(owner);
    expect(row).toMatchObject({ epoch: 2, taskId: 'task2' });
    await stopped('task1');
    expect(world.message(owner, key)).toMatchObject({ status: 'working' });
    await happens('task1', 30, 'DEPROVISIONING', { desiredStatus: 'STOPPED' });
    expect(world.lease(owner)).toEqual(row);
  });

  test('before its session was recorded is an error that is tried again; long after, it is nobody’s', async () => {
    await expect(stopped('stranger')).rejects.toMatchObject({ code: 'internal', retryable: true });
    const createdAt = new Date(world.clock.now - 3_600_000).toISOString();
    await stopped('stranger', 20, { createdAt });
    await happens('stranger', 2, 'PENDING');
    expect(world.leases.rows.size).toBe(0);
  });

  test('before its id was recorded frees the lease all the same', async () => {
    await send();
    const { taskId: _lost, ...crashed } = world.lease(owner) ?? ({} as never);
    world.leases.rows.set(owner, crashed);
    await happens('task1', 9, 'STOPPED', {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainer',
    });
    expect(world.lease(owner)).toMatchObject({ epoch: 2, attempt: 2, taskId: 'task2' });
  });
});

describe('a task that is about to stop', () => {
  test('shows as stopping, and keeps its lease until it is gone', async () => {
    await send();
    world.ready(owner);
    await happens('task1', 9, 'RUNNING', { desiredStatus: 'STOPPED', stopCode: 'SpotInterruption' });
    expect(world.lease(owner)).toMatchObject({ state: 'stopping', taskId: 'task1', epoch: 1 });
    expect(world.heard('agent.changed').at(-1)).toMatchObject({ agent: { state: 'stopping' } });
  });

  describe('while a message is in work', () => {
    let key: MessageKey;
    const notice = { desiredStatus: 'STOPPED', stopCode: 'SpotInterruption' };
    beforeEach(async () => {
      key = await send();
      world.ready(owner);
      world.claim(owner, key);
      await happens('task1', 9, 'RUNNING', notice);
    });

    test('gets a successor at once, which holds nothing yet', async () => {
      expect(world.runner.requests).toHaveLength(2);
      expect(world.lease(owner)).toMatchObject({
        taskId: 'task1',
        epoch: 1,
        successor: { taskId: 'task2', epoch: 2 },
      });
      expect(await world.sessions.get('task2')).toMatchObject({ owner, epoch: 2 });
      await happens('task1', 9, 'RUNNING', notice);
      await happens('task1', 10, 'DEPROVISIONING', notice);
      expect(world.runner.requests).toHaveLength(2);
    });

    test('hands over to it with all that waits, and its stop changes nothing any more', async () => {
      expect(world.release(owner, 0)).toBe(true);
      const row = world.lease(owner);
      expect(row).toMatchObject({ state: 'waking', epoch: 2, taskId: 'task2', pending: [pendingKey(key)] });
      await stopped('task1', 20, { stopCode: 'SpotInterruption' });
      expect(world.lease(owner)).toEqual(row);
      expect(world.runner.requests).toHaveLength(2);
      expect(world.runner.stopped).toEqual([]);
    });

    test('is followed by it when it is gone without a word', async () => {
      await stopped('task1', 20, { stopCode: 'SpotInterruption' });
      expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 2, taskId: 'task2' });
      expect(world.runner.requests).toHaveLength(2);
      expect(world.runner.stopped).toEqual([]);
    });

    test('is followed by another when the successor was lost before its turn', async () => {
      await stopped('task2', 20);
      await stopped('task1', 20);
      expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 3, taskId: 'task3' });
    });

    test('gets an On-Demand successor where Spot has none, told by either form', async () => {
      await stopped('task2', 20, {
        startedAt: undefined,
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Capacity is unavailable at this time',
      });
      expect(world.lease(owner)).toMatchObject({
        epoch: 1,
        successor: { capacity: 'FARGATE', taskId: 'task3' },
      });
      await stopped('task1', 20);
      expect(world.lease(owner)).toMatchObject({ epoch: 2, taskId: 'task3', capacity: 'FARGATE' });
    });

    test('that answers everything first leaves nothing running', async () => {
      await world.commit(owner, key, { status: 'answered' });
      await stopped('task1', 20);
      expect(world.lease(owner)).toMatchObject({ state: 'asleep', epoch: 2 });
      expect(world.runner.stopped).toEqual(['task2']);
    });
  });
});

describe('messages that no task can answer', () => {
  test.each([
    [
      'task.start_failed',
      { startedAt: undefined, stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPull' },
    ],
    ['agent.start_failed', { startedAt: 'x' }],
  ])('are failed with %s after three starts', async (code, more) => {
    const key = await send();
    for (let n = 1; n <= maxAttempts; n += 1) {
      expect(world.lease(owner)).toMatchObject({ epoch: n, attempt: n, taskId: `task${n}` });
      await stopped(`task${n}`, 9, more);
    }
    expect(world.message(owner, key)).toMatchObject({ status: 'failed', error: { code } });
    expect(world.pushes).toEqual([{ owner, id: key.id }]);
    expect(world.lease(owner)).toMatchObject({ state: 'failed', error: { code }, pending: [] });
    expect(world.runner.tasks.size).toBe(maxAttempts);
  });

  test('are failed with task.lost when tasks that had started are lost again and again', async () => {
    const key = await send();
    for (let n = 1; n <= maxAttempts; n += 1) {
      world.ready(owner);
      world.claim(owner, key);
      await stopped(`task${n}`);
    }
    expect(world.message(owner, key)).toMatchObject({ status: 'failed', error: { code: 'task.lost' } });
  });

  test('are not given up because tasks that served for long were interrupted often', async () => {
    const key = await send();
    for (let n = 1; n <= 2 * maxAttempts; n += 1) {
      world.ready(owner);
      world.clock.now += provenMs + 1;
      world.pull(owner);
      await stopped(`task${n}`, 9, { stopCode: 'SpotInterruption' });
      expect(world.lease(owner)).toMatchObject({ epoch: n + 1, attempt: 1 });
    }
    expect(world.message(owner, key)).toMatchObject({ status: 'queued' });
  });

  test('keep the fault that the agent itself reported', async () => {
    const key = await send();
    for (let n = 1; n <= maxAttempts; n += 1) {
      const row = world.lease(owner);
      if (row) world.leases.rows.set(owner, { ...row, error: { code: 'snapshot.unreadable' } });
      await stopped(`task${n}`, 9);
    }
    expect(world.message(owner, key)).toMatchObject({ error: { code: 'snapshot.unreadable' } });
  });
});

describe('a task that never started for lack of capacity', () => {
  const lacking = {
    startedAt: undefined,
    stopCode: 'TaskFailedToStart',
    stoppedReason:
      'Capacity is unavailable at this time. Please try again later or in a different availability zone',
  };

  test('is followed by an On-Demand task of the same start under spot-first', async () => {
    await send();
    await stopped('task1', 9, lacking);
    expect(world.lease(owner)).toMatchObject({ epoch: 1, attempt: 1, capacity: 'FARGATE', taskId: 'task2' });
    await stopped('task1', 9, lacking);
    expect(world.lease(owner)).toMatchObject({ taskId: 'task2' });
    expect(world.runner.tasks.size).toBe(2);
  });

  test('fails what waits under spot-only', async () => {
    world.settings.rows.set(owner, { capacity: 'spot-only' });
    const key = await send();
    await stopped('task1', 9, lacking);
    expect(world.message(owner, key)).toMatchObject({
      status: 'failed',
      error: { code: 'task.no_capacity' },
    });
    expect(world.lease(owner)).toMatchObject({ state: 'failed' });
  });

  test('on either capacity fails what waits', async () => {
    const key = await send();
    await stopped('task1', 9, lacking);
    await stopped('task2', 9, lacking);
    expect(world.message(owner, key)).toMatchObject({ error: { code: 'task.no_capacity' } });
  });
});
