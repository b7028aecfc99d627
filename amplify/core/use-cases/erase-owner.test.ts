import { beforeEach, describe, expect, test } from 'vitest';
import { memoryOwned } from '../../adapters/memory/owned.ts';
import { memorySecrets } from '../../adapters/memory/parameters.ts';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { accountSettleMs, settleMs } from '../erasure.ts';
import { newId } from '../message-id.ts';
import { ownedModels, ownedRowsOf, type RowKey } from '../owned.ts';
import { providerKeyName } from '../provider-key.ts';
import { acceptMessage } from './accept-message.ts';
import { eraseAll, eraseOwner } from './erase-owner.ts';
import { taskChanged } from './task-changed.ts';

let world: MemoryWorld;
let owned: ReturnType<typeof memoryOwned>;
let secrets: ReturnType<typeof memorySecrets>;
const ports = () => ({ ...world.ports, owned, secrets });
const ever = Number.POSITIVE_INFINITY;

/** Two rows of each kind, three files and a key. */
async function settle(owner: string) {
  for (const model of ownedModels) {
    for (const count of [1, 2, 3]) {
      const names = ownedRowsOf(model).key.map((name) => [
        name,
        name === 'owner' ? owner : `${owner}${count}`,
      ]);
      owned.all.push({ model, owner, key: Object.fromEntries(names) as RowKey });
    }
  }
  owned.all.push({ model: 'Usage', owner, key: { owner, period: '2026-05' } });
  for (const id of ['1', '2', '3']) owned.putFile(owner, id);
  await secrets.put(providerKeyName(owner), 'sk-secret');
}
const leftOf = (owner: string) => [
  ...new Set(owned.all.filter((row) => row.owner === owner).map(({ model }) => model)),
];
const filesOf = (owner: string) => [...owned.files].filter((key) => key.startsWith(`owners/${owner}/`));
const send = async (owner: string) => {
  const key = { conversationId: world.conversation(owner), id: newId(world.clock.now) };
  await acceptMessage(world.ports, { owner, ...key, text: 'Hello' });
  return key;
};

beforeEach(async () => {
  world = memoryWorld();
  owned = memoryOwned();
  secrets = memorySecrets();
  for (const owner of ['ann', 'bob']) await settle(owner);
});

describe('An owner who erases everything', () => {
  test('has nothing left at once but what counts, and nobody else loses anything', async () => {
    const bobs = owned.all.filter(({ owner }) => owner === 'bob').length;
    const mark = await eraseAll(ports(), { owner: 'ann', takesAccount: false }, ever);
    expect(mark).toEqual({ since: new Date(world.clock.now).toISOString(), takesAccount: false });
    expect(leftOf('ann')).toEqual(['Allowance', 'TaskSession', 'Agent', 'Usage']);
    expect(owned.all.filter(({ owner, model }) => owner === 'ann' && model === 'Usage')).toMatchObject([
      { key: { period: '2026-05' } },
    ]);
    expect(filesOf('ann')).toEqual([]);
    expect(await secrets.get(providerKeyName('ann'))).toBeNull();
    expect(owned.all.filter(({ owner }) => owner === 'bob')).toHaveLength(bobs);
    expect(filesOf('bob')).toHaveLength(3);
    expect(await secrets.get(providerKeyName('bob'))).toBe('sk-secret');
  });

  test('keeps what counts as long as the account, and may begin anew once all else is gone', async () => {
    await eraseAll(ports(), { owner: 'ann', takesAccount: false }, ever);
    expect(await world.marks.due(world.clock.now, 10)).toEqual([]);
    // Something that was begun before.
    owned.putFile('ann', 'late');
    owned.all.push({ model: 'Message', owner: 'ann', key: { owner: 'ann', 'conversationId#id': 'late' } });
    world.clock.now += settleMs;
    expect(await world.marks.due(world.clock.now, 10)).toEqual(['ann']);
    await eraseOwner(ports(), 'ann', ever);
    expect(leftOf('ann')).toEqual(['Allowance', 'Agent', 'Usage']);
    expect(filesOf('ann')).toEqual([]);
    expect(await world.marks.get('ann')).toBeNull();
    await send('ann');
    expect(world.lease('ann')?.state).toBe('waking');
  });

  test('leaves not even that when the account goes, an hour later: so long its tokens are good', async () => {
    await eraseAll(ports(), { owner: 'ann', takesAccount: true }, ever);
    world.clock.now += settleMs;
    expect(await world.marks.due(world.clock.now, 10)).toEqual([]);
    world.clock.now += accountSettleMs - settleMs;
    await eraseOwner(ports(), 'ann', ever);
    expect(leftOf('ann')).toEqual([]);
    expect(await world.marks.get('ann')).toBeNull();
    expect(world.settings.rows.has('ann')).toBe(false);
  });

  test('has the task stopped, which can write nothing any more, and no other is started', async () => {
    await send('ann');
    world.ready('ann');
    const before = world.lease('ann');
    const taskId = before?.taskId ?? '';
    await eraseAll(ports(), { owner: 'ann', takesAccount: false }, ever);
    expect(world.runner.stopped).toEqual([taskId]);
    expect(world.lease('ann')).toMatchObject({
      state: 'asleep',
      epoch: (before?.epoch ?? 0) + 1,
      pending: [],
    });
    expect(world.lease('ann')).not.toHaveProperty('taskId');
    await taskChanged(world.ports, world.taskEvent(taskId, 9, 'STOPPED', { startedAt: before?.phaseAt }));
    expect(world.runner.requests).toHaveLength(1);
  });

  test('is told clearly that no message is taken meanwhile', async () => {
    await eraseAll(ports(), { owner: 'ann', takesAccount: false }, ever);
    await expect(send('ann')).rejects.toMatchObject({ code: 'data.erasing' });
    expect(world.messages.rows.size).toBe(0);
    await send('bob');
  });

  test('is erased by as many calls as it takes, wherever one of them dies', async () => {
    await world.marks.mark('ann', world.clock.now, true);
    world.clock.now += accountSettleMs;
    let step = 0;
    const deaths = [1, 3, 4, 8, 12, 17, 25];
    const dying =
      <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
      async (...args: Args) => {
        step += 1;
        const result = step % 2 === 0 || !deaths.includes(step) ? await work(...args) : undefined;
        if (deaths.includes(step)) throw new Error('killed');
        return result as Result;
      };
    const broken = {
      ...ports(),
      secrets: { remove: dying(secrets.remove) },
      owned: { ...owned, remove: dying(owned.remove), removeFiles: dying(owned.removeFiles) },
    };
    for (const _ of [...deaths, 'the last']) {
      await eraseOwner(broken, 'ann', ever).catch(() => {});
    }
    expect([leftOf('ann'), filesOf('ann'), await world.marks.get('ann')]).toEqual([[], [], null]);
    expect(leftOf('bob')).toHaveLength(ownedModels.length);
  });

  test('goes on where the time was over', async () => {
    await eraseAll(ports(), { owner: 'ann', takesAccount: false }, world.clock.now);
    expect(leftOf('ann')).toContain('Conversation');
    expect(await world.marks.due(world.clock.now, 10)).toEqual(['ann']);
  });

  test('is marked although the first call comes to nothing: the sweeper goes on', async () => {
    const leases = { ...world.leases, get: () => Promise.reject(new Error('throttled')) };
    await eraseAll({ ...ports(), leases }, { owner: 'ann', takesAccount: false }, ever);
    expect(await world.marks.due(world.clock.now, 10)).toEqual(['ann']);
    expect(world.logged.at(-1)).toMatchObject({ what: 'erasure-failed', error: 'throttled' });
  });
});

test('An owner who is not marked loses nothing', async () => {
  const all = owned.all.length;
  await eraseOwner(ports(), 'ann', ever);
  expect([owned.all.length, owned.files.size]).toEqual([all, 6]);
});
