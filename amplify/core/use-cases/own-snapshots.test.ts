import { beforeEach, describe, expect, test } from 'vitest';
import { memorySnapshotUrls } from '../../adapters/memory/snapshot-urls.ts';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import { acceptMessage } from './accept-message.ts';
import { exportSnapshot, listSnapshots, restoreSnapshot } from './own-snapshots.ts';

const owner = 'ann';
const pointer = (epoch: number) => ({
  ...{
    key: `owners/ann/snapshots/${epoch}-1.tar.zst`,
    size: epoch * 100,
    sha256: 'ab'.repeat(32),
    epoch,
    seq: 1,
  },
  savedAt: `2026-11-2${epoch}T10:05:00.000Z`,
});
let world: MemoryWorld;
const ids = async () => (await listSnapshots(world, owner)).map(({ id, isNext }) => (isNext ? `${id}*` : id));

beforeEach(async () => {
  world = memoryWorld();
  const row = await world.leases.open(owner);
  const snapshots = { snapshot: pointer(3), previousSnapshots: [pointer(2), pointer(1)] };
  world.leases.rows.set(owner, { ...row, epoch: 3, ...snapshots });
});

test('an owner sees what the agent will begin with and the two before it, and nobody else’s', async () => {
  const own = { isImported: false };
  expect(await listSnapshots(world, owner)).toEqual([
    { id: '3-1', savedAt: '2026-11-23T10:05:00.000Z', size: 300, isNext: true, ...own },
    { id: '2-1', savedAt: '2026-11-22T10:05:00.000Z', size: 200, isNext: false, ...own },
    { id: '1-1', savedAt: '2026-11-21T10:05:00.000Z', size: 100, isNext: false, ...own },
  ]);
  expect(await listSnapshots(world, 'bob')).toEqual([]);
});

describe('an older state', () => {
  test('is what the agent begins with next, and can be taken back', async () => {
    await restoreSnapshot(world, owner, '1-1');
    expect(await ids()).toEqual(['1-1*', '3-1', '2-1']);
    await restoreSnapshot(world, owner, '3-1');
    expect(await ids()).toEqual(['3-1*', '1-1', '2-1']);
    await restoreSnapshot(world, owner, '3-1');
    expect(await ids()).toEqual(['3-1*', '1-1', '2-1']);
  });

  test('is given to the next task', async () => {
    await restoreSnapshot(world, owner, '2-1');
    const conversationId = world.conversation(owner);
    await acceptMessage(world.ports, { owner, conversationId, id: newId(world.clock.now), text: 'Hi' });
    expect(world.lease(owner)).toMatchObject({ state: 'waking', snapshot: pointer(2) });
  });

  test.each(['waking', 'awake', 'stopping'] as const)(
    'is not taken while the agent is %s, and nothing changes',
    async (state) => {
      const row = world.lease(owner);
      if (row) world.leases.rows.set(owner, { ...row, state, taskId: 'task1' });
      await expect(restoreSnapshot(world, owner, '1-1')).rejects.toMatchObject({
        code: 'snapshot.agent_awake',
      });
      expect(await ids()).toEqual(['3-1*', '2-1', '1-1']);
    },
  );

  test('is not taken over an agent that wakes in the same moment', async () => {
    const { point } = world.leases;
    const leases = {
      ...world.leases,
      point: async (...given: Parameters<typeof point>) => {
        const row = world.lease(owner);
        if (row) world.leases.rows.set(owner, { ...row, state: 'waking', revision: row.revision + 1 });
        return point(...given);
      },
    };
    await expect(restoreSnapshot({ leases }, owner, '1-1')).rejects.toMatchObject({
      code: 'snapshot.agent_awake',
    });
    expect(await ids()).toEqual(['3-1*', '2-1', '1-1']);
  });
});

test('a state that is not the owner’s, or not any more, is neither restored nor given out', async () => {
  const ports = { leases: world.leases, urls: memorySnapshotUrls };
  for (const [who, id] of [
    [owner, '9-9'],
    [owner, '../bob/1-1'],
    ['bob', '3-1'],
  ] as const) {
    await expect(restoreSnapshot(world, who, id)).rejects.toMatchObject({ code: 'snapshot.not_found' });
    await expect(exportSnapshot(ports, who, id)).rejects.toMatchObject({ code: 'snapshot.not_found' });
  }
});

test('a state is given out as a file with its time in its name', async () => {
  expect(await exportSnapshot({ leases: world.leases, urls: memorySnapshotUrls }, owner, '2-1')).toEqual({
    name: 'openclaw-2026-11-22-10-05.tar.zst',
    download: { url: `https://bucket.test/${pointer(2).key}?get`, headers: {} },
  });
});
