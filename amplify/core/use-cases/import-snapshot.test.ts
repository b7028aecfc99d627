import { beforeEach, describe, expect, test } from 'vitest';
import { memorySnapshotImports } from '../../adapters/memory/snapshot-imports.ts';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { AppError } from '../error.ts';
import { newId } from '../message-id.ts';
import type { StoredImport } from '../ports.ts';
import { importKey } from '../snapshot.ts';
import { maxSnapshotSize } from '../state-file.ts';
import { acceptMessage } from './accept-message.ts';
import { finishImport, importSnapshot } from './import-snapshot.ts';
import { listSnapshots, restoreSnapshot } from './own-snapshots.ts';

const owner = 'ann';
const sha256 = 'ab'.repeat(32);
const file = { size: 1_000, sha256 };
const pointer = (epoch: number) => ({
  ...{ key: `owners/ann/snapshots/${epoch}-1.tar.zst`, size: epoch * 100, sha256, epoch, seq: 1 },
  savedAt: `2026-04-2${epoch}T10:05:00.000Z`,
});
/** The first header of a tar: an empty name, and its checksum. */
const header = new Uint8Array(512).fill(0x20, 148, 156);
header.set(new TextEncoder().encode('000400\0 '), 148);

let world: MemoryWorld;
let imports: ReturnType<typeof memorySnapshotImports>;
const ports = () => ({ leases: world.leases, imports, now: world.ports.now });
const ids = async (who = owner) => (await listSnapshots(world, who)).map(({ id }) => id);

/** What the page does between the two calls. */
async function put(who = owner, change: Partial<StoredImport> = {}): Promise<string> {
  const { id } = await importSnapshot(ports(), who, file);
  const stored = { ...file, compression: 'gzip' as const, begin: header, ...change };
  imports.rows.set(importKey(who, id), { ...stored, unsent: true });
  return id;
}

beforeEach(async () => {
  world = memoryWorld();
  imports = memorySnapshotImports();
  const row = await world.leases.open(owner);
  const snapshots = { snapshot: pointer(3), previousSnapshots: [pointer(2), pointer(1)] };
  world.leases.rows.set(owner, { ...row, epoch: 3, ...snapshots });
});

describe('a file that is imported', () => {
  test('is what the agent begins with next, and the state before it can be taken back', async () => {
    const id = await put();
    const after = await finishImport(ports(), owner, id);
    expect(after.map(({ isNext, isImported }) => [isNext, isImported])).toEqual([
      [true, true],
      [false, false],
      [false, false],
      [false, false],
    ]);
    expect(imports.rows.get(importKey(owner, id))).toMatchObject({ unsent: false });
    await restoreSnapshot(world, owner, '3-1');
    expect(await ids()).toEqual(['3-1', '4-1', '2-1', '1-1']);
  });

  test('goes to the next task, whose own states are never called like it', async () => {
    await finishImport(ports(), owner, await put());
    const conversationId = world.conversation(owner);
    await acceptMessage(world.ports, { owner, conversationId, id: newId(world.clock.now), text: 'Hi' });
    const lease = world.lease(owner);
    expect(lease?.snapshot).toMatchObject({ ...file, importedAs: 'gzip', epoch: 4 });
    expect(lease?.epoch).toBe(5);
  });

  test('can be the first thing that an owner does', async () => {
    await finishImport(ports(), 'new', await put('new'));
    expect(await ids('new')).toEqual(['1-1']);
  });

  test('is one state, however often the end is told', async () => {
    const id = await put();
    await Promise.all([finishImport(ports(), owner, id), finishImport(ports(), owner, id)]);
    await finishImport(ports(), owner, id);
    expect(await ids()).toEqual(['4-1', '3-1', '2-1', '1-1']);
  });

  test('pushes out the oldest of five', async () => {
    for (let n = 0; n < 3; n += 1) await finishImport(ports(), owner, await put());
    expect(await ids()).toEqual(['6-1', '5-1', '4-1', '3-1', '2-1']);
  });
});

describe('changes nothing', () => {
  const refused = async (work: Promise<unknown>, code: string) => {
    await expect(work).rejects.toMatchObject({ code });
    expect(await ids()).toEqual(['3-1', '2-1', '1-1']);
    expect(world.lease(owner)?.epoch).toBe(3);
  };

  test.each([
    ['an empty one', { size: 0 }, 'snapshot.file_invalid'],
    ['a half byte', { size: 0.5 }, 'snapshot.file_invalid'],
    ['no checksum', { sha256: 'x' }, 'snapshot.file_invalid'],
    ['too large a one', { size: maxSnapshotSize + 1 }, 'snapshot.file_too_large'],
  ])('announcing %s', async (_, change, code) => {
    await refused(importSnapshot(ports(), owner, { ...file, ...change }), code);
  });

  test.each<[string, Partial<StoredImport>, string]>([
    ['in neither compression', { compression: null, begin: new Uint8Array() }, 'snapshot.file_invalid'],
    ['no tar', { begin: new Uint8Array(512) }, 'snapshot.file_invalid'],
    ['cut off', { begin: header.subarray(0, 100) }, 'snapshot.file_invalid'],
    ['too large', { size: maxSnapshotSize + 1 }, 'snapshot.file_too_large'],
  ])('a file that is %s, whatever was announced', async (_, change, code) => {
    await refused(finishImport(ports(), owner, await put(owner, change)), code);
  });

  test('a file that never arrived, or is somebody else’s', async () => {
    const theirs = await put('bob');
    for (const id of [newId(), theirs, '../../bob/snapshots/3-1', ''])
      await refused(finishImport(ports(), owner, id), 'snapshot.file_missing');
  });

  test.each(['waking', 'awake', 'stopping'] as const)('while the agent is %s', async (state) => {
    const id = await put();
    const row = world.lease(owner);
    if (row) world.leases.rows.set(owner, { ...row, state, taskId: 'task1' });
    await refused(importSnapshot(ports(), owner, file), 'snapshot.agent_awake');
    await refused(finishImport(ports(), owner, id), 'snapshot.agent_awake');
  });

  test('an agent that wakes in the same moment', async () => {
    const id = await put();
    const { point } = world.leases;
    const leases = {
      ...world.leases,
      point: async (...given: Parameters<typeof point>) => {
        const row = world.lease(owner);
        if (row) world.leases.rows.set(owner, { ...row, state: 'waking', revision: row.revision + 1 });
        return point(...given);
      },
    };
    await refused(finishImport({ ...ports(), leases }, owner, id), 'snapshot.agent_awake');
  });

  test('storage that does not answer', async () => {
    const id = await put();
    const broken = { ...imports, find: () => Promise.reject(new AppError('internal')) };
    await refused(finishImport({ ...ports(), imports: broken }, owner, id), 'internal');
  });
});
