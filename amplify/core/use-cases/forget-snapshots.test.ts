import { beforeEach, expect, test } from 'vitest';
import { memorySnapshotFiles } from '../../adapters/memory/snapshot-files.ts';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import { importKey } from '../snapshot.ts';
import { acceptMessage } from './accept-message.ts';
import { forgetSnapshots } from './forget-snapshots.ts';
import { snapshotKey } from './upload-snapshot.ts';

const task = { owner: 'ann', epoch: 11, taskId: 'task1' };
let world: MemoryWorld;
let stored: string[];
const key = (epoch: number, seq: number) => snapshotKey('ann', epoch, seq);

beforeEach(async () => {
  world = memoryWorld();
  const conversationId = world.conversation('ann');
  await acceptMessage(world.ports, { owner: 'ann', conversationId, id: newId(world.clock.now), text: 'Hi' });
});

/** What the lease names, as the task's resolvers would have left it. */
async function name(...[newest, ...before]: [number, number][]): Promise<void> {
  const lease = await world.leases.get('ann');
  if (!lease || !newest) throw new Error('no lease');
  const pointer = ([epoch, seq]: [number, number]) => ({
    ...{ key: key(epoch, seq), size: 1, sha256: 'ab'.repeat(32), epoch, seq },
    savedAt: '2026-11-23T10:00:00.000Z',
  });
  world.leases.rows.set('ann', {
    ...lease,
    epoch: 11,
    snapshot: pointer(newest),
    previousSnapshots: before.map(pointer),
  });
}

async function forget(more: object = {}): Promise<void> {
  const files = memorySnapshotFiles();
  for (const each of stored) files.keys.add(each);
  await forgetSnapshots(
    {
      leases: world.leases,
      files,
      log: world.ports.log,
      ownerHash: world.ports.ownerHash,
      now: world.ports.now,
    },
    { ...task, ...more },
  );
  stored = [...files.keys];
}

test('keeps what the lease names, an older one that was taken again too, and what may be on its way', async () => {
  const others = [key(11, 1), key(12, 1), 'owners/ann/snapshots/notes.txt'];
  const named = [key(2, 1), key(10, 1), key(9, 9)];
  stored = [...named, key(9, 12), key(10, 2), key(1, 1), ...others];
  await name([2, 1], [10, 1], [9, 9]);
  await forget();
  expect(stored).toEqual([...named, ...others]);
});

test('deletes what was imported long ago and is named no more, and nothing that somebody may be importing', async () => {
  const day = 24 * 60 * 60_000;
  const imported = (daysAgo: number) => importKey('ann', newId(world.clock.now - daysAgo * day));
  const lease = await world.leases.get('ann');
  if (!lease) throw new Error('no lease');
  const [named, fresh, old] = [imported(9), imported(0.5), imported(2)];
  stored = [named, fresh, old];
  const pointer = { key: named, size: 1, sha256: 'ab'.repeat(32), epoch: 10, seq: 1 };
  const savedAt = '2026-11-23T10:00:00.000Z';
  world.leases.rows.set('ann', {
    ...lease,
    epoch: 11,
    snapshot: { ...pointer, savedAt, importedAs: 'zstd' },
  });
  await forget();
  expect(stored).toEqual([named, fresh]);
});

test('deletes nothing while the lease points at none', async () => {
  stored = [key(0, 1), key(0, 2)];
  await forget({ epoch: 1 });
  expect(stored).toHaveLength(2);
});

test('does nothing for a task that does not hold the lease, and does not keep it from its answer', async () => {
  stored = [key(1, 1), key(1, 2), key(1, 3), key(1, 4)];
  await name([1, 4]);
  await forget({ epoch: 7 });
  expect(stored).toHaveLength(4);
});
