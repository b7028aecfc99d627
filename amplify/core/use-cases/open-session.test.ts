import { beforeEach, describe, expect, test } from 'vitest';
import { memoryParameters } from '../../adapters/memory/parameters.ts';
import { memorySnapshotUrls } from '../../adapters/memory/snapshot-urls.ts';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { newId } from '../message-id.ts';
import { maxSnapshotSize } from '../state-file.ts';
import { taskGrant } from '../task-grant.ts';
import { acceptMessage } from './accept-message.ts';
import { openSession } from './open-session.ts';
import { uploadSnapshot } from './upload-snapshot.ts';

const task = { owner: 'ann', epoch: 1, taskId: 'task1' };
const modelDefault = JSON.stringify({
  provider: 'deepseek',
  model: 'deepseek-chat',
  apiKey: 'sk-deployment',
});
const sha256 = 'ab'.repeat(32);
let world: MemoryWorld;
const ports = (values: Record<string, string> = { '/model-default': modelDefault }) => ({
  ...{ leases: world.leases, settings: world.settings, log: world.ports.log, now: world.ports.now },
  ...{
    parameters: memoryParameters(values),
    urls: memorySnapshotUrls,
    idleSeconds: 600,
    modelReach: 'public' as const,
  },
});

const grantOf = async (...given: Parameters<typeof openSession>) =>
  taskGrant.parse(await openSession(...given));

beforeEach(async () => {
  world = memoryWorld();
  const conversationId = world.conversation('ann');
  await acceptMessage(world.ports, { owner: 'ann', conversationId, id: newId(world.clock.now), text: 'Hi' });
});

describe('the grant', () => {
  test('holds the deployment’s model and defaults where the owner has set nothing', async () => {
    expect(await grantOf(ports(), task)).toEqual({
      epoch: 1,
      idleSeconds: 600,
      firstIdleSeconds: null,
      model: {
        api: 'openai-completions',
        baseUrl: 'https://api.deepseek.com/v1',
        model: 'deepseek-chat',
        reach: 'public',
        apiKey: 'sk-deployment',
        keyHeader: 'authorization',
        price: null,
        transcriber: null,
      },
      snapshots: [],
    });
  });

  test('holds the owner’s own provider, key and idle time', async () => {
    world.settings.rows.set('ann', { provider: 'anthropic', model: 'claude-x', idleSeconds: 60 });
    const values = { '/model-default': modelDefault, '/owners/ann/provider-key': 'sk-own' };
    expect(await grantOf(ports(values), task)).toMatchObject({
      idleSeconds: 60,
      model: {
        api: 'anthropic-messages',
        baseUrl: 'https://api.anthropic.com',
        model: 'claude-x',
        apiKey: 'sk-own',
      },
    });
  });

  test('holds the model’s listed price, or the one that was entered', async () => {
    const priced = { provider: 'anthropic', model: 'claude-opus-5-5', apiKey: 'k' };
    const of = async (model: object) =>
      (await grantOf(ports({ '/model-default': JSON.stringify(model) }), task)).model?.price;
    expect(await of(priced)).toMatchObject({ input: 4, output: 20 });
    expect(await of({ ...priced, model: 'claude-unheard-of' })).toBeNull();
    expect(await of({ ...priced, price: { input: 1, output: 2 } })).toMatchObject({ input: 1, output: 2 });
    world.settings.rows.set('ann', {
      ...{ provider: 'openai-compatible', model: 'llama', baseUrl: 'https://models.test/v1' },
      modelPrice: { input: 0.5, output: 0.7 },
    });
    expect((await grantOf(ports({}), task)).model?.price).toMatchObject({ input: 0.5, output: 0.7 });
  });

  test('names what writes voice down at the provider, or at the deployment’s own address, else nothing', async () => {
    const of = async (model: object) =>
      (await grantOf(ports({ '/model-default': JSON.stringify(model) }), task)).model?.transcriber;
    const transcriber = { model: 'whisper-turbo', price: { input: 1, output: 2 } };
    const own = { provider: 'openai-compatible', model: 'm', baseUrl: 'https://models.test/v1' };
    expect(await of({ provider: 'openai', model: 'gpt-6-sol', apiKey: 'k' })).toMatchObject({
      model: 'gpt-4o-mini-transcribe',
      price: { input: 3, output: 5 },
    });
    expect(await of({ ...own, transcriber })).toMatchObject({ model: 'whisper-turbo', dialect: 'openai' });
    expect(await of(own)).toBeNull();
    expect(await of({ provider: 'anthropic', model: 'claude-opus-5-5', apiKey: 'k' })).toBeNull();
  });

  test('names the provider whose models conversations may choose, and none beside the deployment’s own model', async () => {
    const byDefault = JSON.stringify({ provider: 'anthropic', model: 'claude-opus-5-5', apiKey: 'k' });
    expect((await grantOf(ports({ '/model-default': byDefault }), task)).model?.provider ?? null).toBeNull();
    world.settings.rows.set('ann', { provider: 'openai-compatible', model: 'm', baseUrl: 'https://m.test' });
    expect((await grantOf(ports({}), task)).model?.provider).toBe('openai-compatible');
  });

  test('holds a key for the provider that it was entered for only', async () => {
    const key = JSON.stringify({ provider: 'anthropic', key: 'sk-ant', savedAt: '2026-11-25T00:00:00Z' });
    world.settings.rows.set('ann', { provider: 'deepseek', model: 'deepseek-flash' });
    expect((await grantOf(ports({ '/owners/ann/provider-key': key }), task)).model).toBeNull();
    world.settings.rows.set('ann', { provider: 'anthropic', model: 'claude-sonnet-5-5' });
    expect((await grantOf(ports({ '/owners/ann/provider-key': key }), task)).model).toMatchObject({
      apiKey: 'sk-ant',
      keyHeader: 'x-api-key',
    });
  });

  test('never sends the deployment’s key to an owner’s address or model', async () => {
    for (const settings of [
      { provider: 'deepseek', model: 'deepseek-chat', baseUrl: 'https://evil.test/v1' },
      { provider: 'deepseek', model: 'dearer-one' },
      { provider: 'openai-compatible', model: 'm', baseUrl: 'https://evil.test/v1' },
    ] as const) {
      world.settings.rows.set('ann', settings);
      expect(JSON.stringify(await grantOf(ports(), task))).not.toContain('sk-deployment');
    }
  });

  test('reads no other owner’s key', async () => {
    world.settings.rows.set('ann', { provider: 'openai', model: 'gpt' });
    expect((await grantOf(ports({ '/owners/bob/provider-key': 'sk-bob' }), task)).model).toBeNull();
  });

  test('reaches a model without a key at an owner’s own address', async () => {
    world.settings.rows.set('ann', {
      provider: 'openai-compatible',
      model: 'llama',
      baseUrl: 'http://127.0.0.1:11434/v1',
    });
    expect((await grantOf(ports({}), task)).model).toMatchObject({
      baseUrl: 'http://127.0.0.1:11434/v1',
      apiKey: null,
    });
  });

  test.each(['http://169.254.170.2/v2/credentials', 'http://[fe80::1]/v1', 'http://2852039166/latest'])(
    'holds no model at an address of the task’s own credentials (%s)',
    async (baseUrl) => {
      world.settings.rows.set('ann', { provider: 'openai-compatible', model: 'm', baseUrl });
      expect((await grantOf(ports({}), task)).model).toBeNull();
    },
  );

  test('holds no model when nobody has set one, or when it lacks a key or an address', async () => {
    expect((await grantOf(ports({}), task)).model).toBeNull();
    world.settings.rows.set('ann', { provider: 'openai-compatible', model: 'm' });
    expect((await grantOf(ports({}), task)).model).toBeNull();
    world.settings.rows.set('ann', { provider: 'openai', model: 'm' });
    expect((await grantOf(ports({}), task)).model).toBeNull();
  });

  test('holds no model when the parameter cannot be read, and the log does not tell what it says', async () => {
    for (const value of ['{"apiKey":"sk-secret"', '{"provider":"x","apiKey":"sk-secret"}']) {
      expect((await grantOf(ports({ '/model-default': value }), task)).model).toBeNull();
    }
    expect(JSON.stringify(world.logged)).toContain('model-default-invalid');
    expect(JSON.stringify(world.logged)).not.toContain('sk-secret');
  });

  test('holds the last snapshots, newest first, and where to read each', async () => {
    const pointer = {
      key: 'owners/ann/snapshots/1-1.tar.zst',
      size: 9,
      sha256,
      epoch: 1,
      seq: 1,
      savedAt: '2026-05-01T08:00:00.000Z',
    };
    const row = world.lease('ann');
    const before = { ...pointer, key: 'owners/ann/snapshots/0-7.tar.zst' };
    expect((await grantOf(ports(), task)).snapshots).toEqual([]);
    if (row) world.leases.rows.set('ann', { ...row, snapshot: pointer, previousSnapshots: [before] });
    expect((await grantOf(ports(), task)).snapshots).toEqual(
      [pointer, before].map((each) => ({
        pointer: each,
        download: { url: `https://bucket.test/${each.key}?get`, headers: {} },
      })),
    );
  });

  test.each([
    ['of an older epoch', { ...task, epoch: 0 }],
    ['that another task replaced', { ...task, taskId: 'task0' }],
    ['of an owner without an agent', { ...task, owner: 'bob' }],
  ])('is refused to a task %s', async (_who, stranger) => {
    await expect(grantOf(ports(), stranger)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('is nothing but a wait for a successor whose turn has not come: neither key nor snapshot', async () => {
    const row = world.lease('ann');
    if (!row) throw new Error('no lease');
    const next = {
      epoch: 2,
      attempt: 2,
      capacity: 'FARGATE' as const,
      requestedAt: '2026-05-01T09:00:00.000Z',
    };
    const successor = { owner: 'ann', epoch: 2, taskId: 'task2' };
    for (const known of [{}, { taskId: 'task2' }]) {
      world.leases.rows.set('ann', { ...row, state: 'stopping', successor: { ...next, ...known } });
      expect(await openSession(ports(), successor)).toEqual({ waits: expect.any(Number) });
    }
    await expect(openSession(ports(), { ...successor, taskId: 'task9' })).rejects.toThrow('unauthorized');
    expect((await grantOf(ports(), task)).epoch).toBe(1);
    world.release('ann', 0);
    expect(await grantOf(ports(), successor)).toMatchObject({ epoch: 2, model: { apiKey: 'sk-deployment' } });
    await expect(openSession(ports(), task)).rejects.toThrow('unauthorized');
  });

  test('lets a task that follows a quiet one leave when that would have left', async () => {
    const row = world.lease('ann');
    if (!row) throw new Error('no lease');
    const firstIdle = async (more: Partial<typeof row>) => {
      world.leases.rows.set('ann', { ...row, pending: [], ...more });
      return (await grantOf(ports(), task)).firstIdleSeconds;
    };
    const inSeconds = (seconds: number) => new Date(world.clock.now + seconds * 1_000).toISOString();
    expect(await firstIdle({ sleepsAt: inSeconds(90) })).toBe(90);
    expect(await firstIdle({ sleepsAt: inSeconds(-5) })).toBe(1);
    // Never longer than its own idle time, nor than that of a task that nobody has written to.
    expect(await firstIdle({ sleepsAt: inSeconds(3_600) })).toBe(600);
    expect(await firstIdle({ sleepsAt: inSeconds(300), unusedWakes: 1 })).toBe(120);
  });

  test('is refused after the lease was released', async () => {
    const row = world.lease('ann');
    if (row) world.leases.rows.set('ann', { ...row, state: 'asleep', taskId: undefined });
    await expect(grantOf(ports(), task)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('is given to a task that is quicker than the record of its id', async () => {
    const row = world.lease('ann');
    if (row) world.leases.rows.set('ann', { ...row, taskId: undefined });
    expect(await grantOf(ports(), task)).toMatchObject({ epoch: 1 });
  });
});

describe('a snapshot’s place', () => {
  test('is below its owner, unique for epoch and sequence, and bound to length and checksum', async () => {
    expect(await uploadSnapshot(ports(), task, { size: 10, sha256, seq: 3 })).toEqual({
      key: 'owners/ann/snapshots/1-3.tar.zst',
      upload: {
        url: 'https://bucket.test/owners/ann/snapshots/1-3.tar.zst?put',
        headers: { 'content-length': '10', 'x-amz-checksum-sha256': sha256 },
      },
    });
  });
  test('is refused beyond 512 MB', async () => {
    await uploadSnapshot(ports(), task, { size: maxSnapshotSize, sha256, seq: 3 });
    await expect(
      uploadSnapshot(ports(), task, { size: maxSnapshotSize + 1, sha256, seq: 3 }),
    ).rejects.toMatchObject({
      code: 'snapshot.too_large',
    });
  });
  test('is refused to a zombie', async () => {
    const zombie = { ...task, taskId: 'task0' };
    await expect(uploadSnapshot(ports(), zombie, { size: 1, sha256, seq: 1 })).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});
