import { beforeEach, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import { acceptMessage } from './accept-message.ts';
import { forgetSnapshots } from './forget-snapshots.ts';
import { snapshotKey } from './upload-snapshot.ts';

const task = { owner: 'ann', epoch: 1, taskId: 'task1' };
let world: MemoryWorld;
let stored: string[];
const key = (epoch: number, seq: number) => snapshotKey('ann', epoch, seq);

beforeEach(async () => {
  world = memoryWorld();
  const conversationId = world.conversation('ann');
  await acceptMessage(world.ports, { owner: 'ann', conversationId, id: newId(world.clock.now), text: 'Hi' });
});

/** The lease's pointer, as the task's resolver would have moved it. */
async function pointAt(epoch: number, seq: number): Promise<void> {
  const lease = await world.leases.get('ann');
  if (!lease) throw new Error('no lease');
  const pointer = { key: key(epoch, seq), size: 1, sha256: 'ab'.repeat(32), epoch, seq };
  world.leases.rows.set('ann', { ...lease, snapshot: { ...pointer, savedAt: '2026-11-23T10:00:00.000Z' } });
}

const forget = (more: object = {}) =>
  forgetSnapshots(
    {
      leases: world.leases,
      files: {
        list: async (owner) => stored.filter((each) => each.startsWith(`owners/${owner}/`)),
        remove: async (keys) => {
          stored = stored.filter((each) => !keys.includes(each));
        },
      },
      log: world.ports.log,
      ownerHash: world.ports.ownerHash,
    },
    { ...task, ...more },
  );

test('keeps the one that is pointed at, two before it, and what is newer; numbers count, not letters', async () => {
  stored = [
    key(10, 1),
    key(9, 12),
    key(9, 9),
    key(9, 2),
    key(2, 1),
    key(10, 2),
    'owners/ann/snapshots/notes.txt',
  ];
  await pointAt(10, 1);
  await forget();
  expect(stored).toEqual([key(10, 1), key(9, 12), key(9, 9), key(10, 2), 'owners/ann/snapshots/notes.txt']);
});

test('deletes nothing while the lease points at none', async () => {
  stored = [key(1, 1), key(1, 2), key(1, 3), key(1, 4)];
  await forget();
  expect(stored).toHaveLength(4);
});

test('does nothing for a task that does not hold the lease, and does not keep it from its answer', async () => {
  stored = [key(1, 1), key(1, 2), key(1, 3), key(1, 4)];
  await pointAt(1, 4);
  await forget({ epoch: 7 });
  expect(stored).toHaveLength(4);
});
