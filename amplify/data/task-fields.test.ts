import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../local/cloud/appsync/json.ts';
import { passes } from '../../local/cloud/appsync/subscription-filter.ts';
import { viewOf } from '../core/agent-view.ts';
import { fromWire } from '../core/event.ts';
import { emptyLease, lease as leaseShape } from '../core/lease.ts';
import { evolve } from '../core/lease-event.ts';
import { deletedConversations, pullResult } from '../core/task-grant.ts';
import { type Caller, type Harness, startHarness } from './resolver-harness.ts';

let fields: Harness;
beforeAll(async () => {
  fields = await startHarness();
});
afterAll(() => fields.close());

const conditionFailed = 'DynamoDB:ConditionalCheckFailedException';
const typeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: { errorType: string }) => error.errorType,
  );
const eventOf = async (call: Promise<{ result: unknown }>) => fromWire((await call).result);
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

interface Served {
  owner: string;
  task: { task: string };
  epoch: number;
}

/** An owner whose lease a task holds. */
async function serve(change: JsonObject = {}, epoch = 1): Promise<Served> {
  const owner = v7();
  const task = { task: v7().replaceAll('-', '') };
  await fields.put('TaskSession', {
    taskId: task.task,
    owner,
    epoch,
    capacity: 'FARGATE_SPOT',
    startedAt: iso(fields.now),
    expiresAt: Math.floor(fields.now / 1000) + 3600,
  });
  await fields.put(
    'Agent',
    {
      ...(emptyLease(owner) as unknown as JsonObject),
      epoch,
      state: 'waking',
      taskId: task.task,
      attempt: 1,
      capacity: 'FARGATE_SPOT',
      leaseExpiresAt: fields.now + 120_000,
      leaseShard: 'lease',
      phase: 'requested',
      phaseAt: iso(fields.now),
      wakeStartedAt: iso(fields.now),
      pending: ['c#none'],
      ...change,
    },
    ['pending'],
  );
  if (!('pending' in change)) await dropAll(owner);
  return { owner, task, epoch };
}

/** DynamoDB has no empty sets: an owner with nothing to do has no `pending`. */
async function dropAll(owner: string): Promise<void> {
  const { pending: _none, ...row } = (await readLease(owner)) as JsonObject;
  await fields.put('Agent', row);
}
const readLease = (owner: string) => fields.get('Agent', { owner });

async function putMessage(served: { owner: string }, change: JsonObject = {}) {
  const conversationId = v7();
  const id = v7();
  const key = `${conversationId}#${id}`;
  await fields.put('Message', {
    owner: served.owner,
    'conversationId#id': key,
    conversationId,
    id,
    text: 'Good morning',
    channel: 'web',
    status: 'queued',
    attempt: 1,
    acceptedAt: iso(fields.now),
    pendingShard: 'pending',
    ...change,
  });
  return { conversationId, id, key };
}
const readMessage = (owner: string, key: string) =>
  fields.get('Message', { owner, 'conversationId#id': key });

const answer = { attempt: 1, status: 'answered', seq: 4, answer: 'Hello', tools: [] };

describe('A caller of a task’s field', () => {
  const pull = (caller: Caller) => typeOf(fields.call(caller, 'agentPull'));

  test('must be a session of the task role that has a living session row', async () => {
    const { task, owner } = await serve();
    expect(await pull(task)).toBe('no error');
    expect(await pull({ ...task, role: 'another-role' })).toBe('unauthorized');
    expect(await pull({ task: 'unknown' })).toBe('unauthorized');
    expect(await pull({ task: '' })).toBe('unauthorized');
    expect(await pull({ user: owner })).toBe('unauthorized');
  });

  test('is refused once its task has stopped', async () => {
    const { task } = await serve();
    const session = (await fields.get('TaskSession', { taskId: task.task })) as JsonObject;
    await fields.put('TaskSession', { ...session, stoppedAt: iso(fields.now) });
    expect(await pull(task)).toBe('unauthorized');
  });

  test('is refused once its session has expired, before DynamoDB has deleted it', async () => {
    const { task } = await serve();
    const session = (await fields.get('TaskSession', { taskId: task.task })) as JsonObject;
    await fields.put('TaskSession', { ...session, expiresAt: Math.floor(fields.now / 1000) });
    expect(await pull(task)).toBe('unauthorized');
  });

  test('reaches the rows of its own owner only', async () => {
    const other = await serve();
    const theirs = await putMessage(other);
    const mine = await serve({ pending: [theirs.key] });
    const { result } = await fields.call(mine.task, 'agentPull');
    expect(pullResult.parse(JSON.parse(result as string)).messages).toEqual([]);
    expect(await typeOf(fields.call(mine.task, 'agentClaim', { ...theirs, attempt: 1 }))).toBe(
      conditionFailed,
    );
  });
});

describe('A pull', () => {
  test('renews the lease and gives what is not final, oldest first', async () => {
    const served = await serve();
    const done = await putMessage(served, { status: 'answered' });
    const second = await putMessage(served, { acceptedAt: iso(fields.now + 2000) });
    const first = await putMessage(served, {
      status: 'working',
      epoch: 1,
      toolsRan: true,
      stopRequested: true,
      ownModel: { provider: 'openai', model: 'gpt-6-sol' },
    });
    const row = (await readLease(served.owner)) as JsonObject;
    const keepAwakeUntil = iso(fields.now + 3_600_000);
    const pending = [second.key, done.key, first.key];
    await fields.put('Agent', { ...row, wakeSeq: 3, pending, keepAwakeUntil }, ['pending']);
    fields.now += 30_000;
    const { result } = await fields.call(served.task, 'agentPull');
    const pulled = pullResult.parse(JSON.parse(result as string));
    expect(pulled).toMatchObject({
      epoch: 1,
      wakeSeq: 3,
      leaseExpiresAt: fields.now + 120_000,
      sleepRequested: false,
      keepAwakeUntil,
    });
    expect(pulled.messages.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(pulled.messages[0]).toMatchObject({ epoch: 1, toolsRan: true, stopRequested: true });
    expect(pulled.messages.map(({ ownModel }) => ownModel?.model)).toEqual(['gpt-6-sol', undefined]);
    const after = leaseShape.parse(await readLease(served.owner));
    expect(after.leaseExpiresAt).toBe(fields.now + 120_000);
    expect([...after.pending].sort()).toEqual([first.key, second.key].sort());
  });

  test('does not drop a key while somebody rings', async () => {
    const served = await serve();
    const done = await putMessage(served, { status: 'answered' });
    const row = (await readLease(served.owner)) as JsonObject;
    const rung = async (wakeSeq: number) =>
      fields.put('Agent', { ...row, wakeSeq, pending: [done.key] }, ['pending']);
    await rung(1);
    // The message is started anew after it was read and before its key would be dropped.
    await fields.callWhile(served.task, 'agentPull', {}, async (step) => {
      if (step === './resolvers/drop-pending.js') await rung(2);
    });
    expect(leaseShape.parse(await readLease(served.owner)).pending).toEqual([done.key]);
  });

  test('gives the oldest of many first, and the others once those are done', async () => {
    const served = await serve();
    const keys: string[] = [];
    for (let count = 0; count < 30; count += 1) keys.push((await putMessage(served)).key);
    const row = (await readLease(served.owner)) as JsonObject;
    await fields.put('Agent', { ...row, pending: keys }, ['pending']);
    const { result } = await fields.call(served.task, 'agentPull');
    const { messages } = pullResult.parse(JSON.parse(result as string));
    expect(messages.map(({ conversationId, id }) => `${conversationId}#${id}`)).toEqual(keys.slice(0, 25));
    expect(leaseShape.parse(await readLease(served.owner)).pending).toHaveLength(30);
  });

  test('keeps, sets or takes away when the agent leaves', async () => {
    const served = await serve();
    const sleepsAt = iso(fields.now + 600_000);
    await fields.call(served.task, 'agentPull', { sleepsAt });
    await fields.call(served.task, 'agentPull');
    expect(await readLease(served.owner)).toMatchObject({ sleepsAt });
    await fields.call(served.task, 'agentPull', { sleepsAt: null });
    expect(await readLease(served.owner)).not.toHaveProperty('sleepsAt');
  });

  test('of a task that lost the lease changes nothing', async () => {
    const served = await serve();
    const row = { ...((await readLease(served.owner)) as JsonObject), epoch: 2, taskId: 'successor' };
    await fields.put('Agent', row);
    for (const field of ['agentPull', 'agentReport', 'agentClaim', 'agentSaveSnapshot', 'agentRelease']) {
      const args = {
        wakeSeq: 0,
        phase: 'ready',
        snapshot: pointer(served, 1),
        ...(await putMessage(served)),
        attempt: 1,
      };
      expect(await typeOf(fields.call(served.task, field, args)), field).toBe(conditionFailed);
    }
    expect(await readLease(served.owner)).toEqual(row);
  });
});

describe('A task that is quicker than the record of its id', () => {
  test('pulls, reports and claims while the lease still waits for it', async () => {
    const served = await serve();
    const { taskId: _unrecorded, ...row } = (await readLease(served.owner)) as JsonObject;
    await fields.put('Agent', row);
    const message = await putMessage(served);
    expect(await typeOf(fields.call(served.task, 'agentReport', { phase: 'starting' }))).toBe('no error');
    expect(await typeOf(fields.call(served.task, 'agentPull'))).toBe('no error');
    expect(await typeOf(fields.call(served.task, 'agentClaim', { ...message, attempt: 1 }))).toBe('no error');
  });

  test('has nothing to say once the lease was freed', async () => {
    const served = await serve();
    const { taskId: _freed, ...row } = (await readLease(served.owner)) as JsonObject;
    await fields.put('Agent', { ...row, state: 'failed' });
    const message = await putMessage(served);
    for (const field of ['agentPull', 'agentReport', 'agentClaim']) {
      const call = fields.call(served.task, field, { ...message, attempt: 1, phase: 'ready' });
      expect(await typeOf(call), field).toBe(conditionFailed);
    }
  });
});

describe('A message in work', () => {
  test('is claimed, checkpointed and committed by its task, and then waits no longer', async () => {
    const served = await serve();
    const { conversationId, id, key } = await putMessage(served);
    const row = (await readLease(served.owner)) as JsonObject;
    await fields.put('Agent', { ...row, pending: [key] }, ['pending']);
    const place = { conversationId, id, attempt: 1 };
    expect(await eventOf(fields.call(served.task, 'agentClaim', place))).toEqual({
      kind: 'message.started',
      conversationId,
      messageId: id,
      epoch: 1,
      attempt: 1,
    });
    const tool = { id: 't', name: 'exec', title: 'ls', status: 'done', at: 0, startedAt: iso(fields.now) };
    const given = { seq: 2, answer: 'He', tools: [tool], toolsRan: true };
    expect((await fields.call(served.task, 'agentCheckpoint', { ...place, ...given })).result).toBe(true);
    expect(await readMessage(served.owner, key)).toMatchObject({ status: 'working', ...given });
    const usage = { inputTokens: 5, outputTokens: 2, cachedTokens: 0 };
    const event = await eventOf(
      fields.call(served.task, 'agentCommit', {
        ...place,
        ...answer,
        tools: [tool],
        usage,
        model: 'm1',
        error: null,
      }),
    );
    expect(event).toMatchObject({
      kind: 'message.finished',
      message: {
        id,
        status: 'answered',
        answer: 'Hello',
        seq: 4,
        tools: [tool],
        usage,
        model: 'm1',
        error: null,
      },
    });
    expect(await readMessage(served.owner, key)).not.toHaveProperty('pendingShard');
    expect(await readLease(served.owner)).not.toHaveProperty('pending');
  });

  test('is not claimed by a task that has not seen all of its files: it takes what it saw, or nothing', async () => {
    const served = await serve();
    const attachments = [{ id: v7() }, { id: v7() }];
    const { conversationId, id, key } = await putMessage(served, { attachments });
    const claim = (files: number) =>
      typeOf(fields.call(served.task, 'agentClaim', { conversationId, id, attempt: 1, files }));
    expect(await claim(1)).toBe(conditionFailed);
    expect(await readMessage(served.owner, key)).toMatchObject({ status: 'queued' });
    expect(await claim(2)).toBe('no error');
    expect(await readMessage(served.owner, key)).toMatchObject({ status: 'working' });
  });

  test('keeps what was understood of its voice, which people see with it', async () => {
    const served = await serve();
    const { conversationId, id, key } = await putMessage(served);
    const place = { conversationId, id, attempt: 1 };
    await fields.call(served.task, 'agentClaim', place);
    const transcript = { text: 'Buy milk.' };
    await fields.call(served.task, 'agentCheckpoint', { ...place, transcript });
    expect(await readMessage(served.owner, key)).toMatchObject({ transcript });
    const event = await eventOf(
      fields.call(served.task, 'agentCommit', { ...place, ...answer, tools: [], error: null }),
    );
    expect(event).toMatchObject({ kind: 'message.finished', message: { transcript } });
  });

  test('is taken over by a later epoch, keeping what the older one left but counting anew', async () => {
    const served = await serve({}, 2);
    const left = {
      status: 'working',
      epoch: 1,
      answer: 'Hel',
      seq: 9,
      toolsRan: true,
      approval: { id: 'a' },
    };
    const message = await putMessage(served, left);
    await fields.call(served.task, 'agentClaim', { ...message, attempt: 1 });
    const row = await readMessage(served.owner, message.key);
    expect(row).toMatchObject({ status: 'working', epoch: 2, answer: 'Hel', seq: 0, toolsRan: true });
    expect(row).not.toHaveProperty('approval');
  });

  test('is claimed with word of a tool that a zombie ran after the pull', async () => {
    const served = await serve({}, 2);
    const message = await putMessage(served, { status: 'working', epoch: 1 });
    const claim = () => fields.call(served.task, 'agentClaim', { ...message, attempt: 1 });
    const toolsRan = async () =>
      JSON.parse(String(((await claim()).result as JsonObject).body)).toolsRan as unknown;
    expect(await toolsRan()).toBe(false);
    await fields.call(served.task, 'agentCheckpoint', { ...message, attempt: 1, toolsRan: true });
    expect(await toolsRan()).toBe(true);
  });

  test.each([
    ['of another attempt', { attempt: 2 }],
    ['in work under a later epoch', { status: 'working', epoch: 3 }],
    ['final', { status: 'answered', epoch: 2 }],
    ['stopped before it was taken', { status: 'stopped' }],
  ])('is not claimed when it is %s', async (_, change) => {
    const served = await serve({}, 2);
    const message = await putMessage(served, change);
    const before = await readMessage(served.owner, message.key);
    expect(await typeOf(fields.call(served.task, 'agentClaim', { ...message, attempt: 1 }))).toBe(
      conditionFailed,
    );
    expect(await readMessage(served.owner, message.key)).toEqual(before);
  });

  test.each([
    ['of a later epoch', { status: 'working', epoch: 3 }],
    ['of an older epoch, not claimed anew', { status: 'working', epoch: 1 }],
    ['of another attempt', { status: 'working', epoch: 2, attempt: 2 }],
    ['that is final', { status: 'failed', epoch: 2 }],
    ['that nobody claimed', {}],
  ])('bounces a zombie’s checkpoint and commit when it is one %s', async (_, change) => {
    const served = await serve({}, 2);
    const message = await putMessage(served, change);
    const before = await readMessage(served.owner, message.key);
    const checkpoint = { ...message, attempt: 1, answer: 'stale', seq: 1 };
    expect(await typeOf(fields.call(served.task, 'agentCheckpoint', checkpoint))).toBe(conditionFailed);
    expect(await typeOf(fields.call(served.task, 'agentCommit', { ...message, ...answer }))).toBe(
      conditionFailed,
    );
    expect(await readMessage(served.owner, message.key)).toEqual(before);
  });

  test('is committed once: the same commit again is told the same, another one bounces', async () => {
    const served = await serve();
    const message = await putMessage(served, { status: 'working', epoch: 1 });
    const commit = (change: JsonObject = {}) =>
      fields.call(served.task, 'agentCommit', { ...message, ...answer, ...change });
    const first = await eventOf(commit());
    fields.now += 1000;
    expect(await eventOf(commit())).toEqual(first);
    expect(await typeOf(commit({ answer: 'Other' }))).toBe(conditionFailed);
  });

  test('that has ended is pushed to the browsers of its owner, and stands whatever becomes of the push', async () => {
    const served = await serve();
    const pushed: unknown[] = [];
    fields.invoke = (payload) => {
      pushed.push(payload);
      throw new Error('the function is away');
    };
    const commit = async (change: JsonObject = {}, row: JsonObject = {}) => {
      const message = await putMessage(served, { status: 'working', epoch: 1, ...row });
      const event = await eventOf(
        fields.call(served.task, 'agentCommit', { ...message, ...answer, ...change }),
      );
      expect(event).toMatchObject({ kind: 'message.finished', messageId: message.id });
      const { conversationId, id } = message;
      return { owner: served.owner, conversationId, id };
    };
    await commit();
    expect(pushed).toEqual([]);
    for (const owner of [served.owner, v7()]) await fields.put('PushDevice', { owner, id: 'a-browser' });
    const expected = [await commit(), await commit({ status: 'failed' })];
    await commit({ status: 'stopped' });
    await commit({}, { channel: 'telegram' });
    expect(pushed).toEqual(expected);
  });

  test('in which a command waits for a word is pushed once, and no other checkpoint is', async () => {
    const served = await serve();
    const pushed: unknown[] = [];
    fields.invoke = (payload) => pushed.push(payload);
    const approval = { id: 'ask', command: 'rm -r build', requestedAt: '2026-05-01T09:00:00.000Z' };
    const checkpoint = async (given: JsonObject, row: JsonObject = {}) => {
      const { conversationId, id } = await putMessage(served, { status: 'working', epoch: 1, ...row });
      const place = { conversationId, id, attempt: 1 };
      expect((await fields.call(served.task, 'agentCheckpoint', { ...place, ...given })).result).toBe(true);
      return { owner: served.owner, conversationId, id };
    };
    await checkpoint({ approval });
    expect(pushed).toEqual([]);
    await fields.put('PushDevice', { owner: served.owner, id: 'a-browser' });
    const asked = await checkpoint({ approval });
    await checkpoint({ approval: null });
    await checkpoint({ seq: 1, answer: 'x' });
    await checkpoint({ approval: { ...approval, decision: 'deny' } });
    await checkpoint({ approval }, { channel: 'telegram' });
    expect(pushed).toEqual([asked]);
  });

  test.each(['commit-message', 'drop-pending'])(
    'that is retried in the moment of its commit stays in the queue (before %s)',
    async (step) => {
      const served = await serve();
      const message = await putMessage(served, { status: 'working', epoch: 1 });
      const ringAgain = async (before: string) => {
        if (!before.endsWith(`${step}.js`)) return;
        const row = (await readLease(served.owner)) as JsonObject;
        await fields.put('Agent', { ...row, wakeSeq: Number(row.wakeSeq) + 1 }, ['pending']);
      };
      await fields.put('Agent', { ...(await readLease(served.owner)), pending: [message.key] }, ['pending']);
      await fields.callWhile(served.task, 'agentCommit', { ...message, ...answer }, ringAgain);
      expect(await readLease(served.owner)).toMatchObject({ pending: [message.key] });
    },
  );

  test('tells with each pull how often it was claimed', async () => {
    const served = await serve();
    const message = await putMessage(served);
    await fields.put('Agent', { ...(await readLease(served.owner)), pending: [message.key] }, ['pending']);
    const claims = async () =>
      pullResult.parse(JSON.parse(String((await fields.call(served.task, 'agentPull', {})).result)))
        .messages[0]?.claims;
    expect(await claims()).toBe(0);
    await fields.call(served.task, 'agentClaim', { ...message, attempt: 1 });
    await fields.call(served.task, 'agentClaim', { ...message, attempt: 1 });
    expect(await claims()).toBe(2);
  });

  test('ends as one of the final statuses only', async () => {
    const served = await serve();
    const message = await putMessage(served, { status: 'working', epoch: 1 });
    const commit = fields.call(served.task, 'agentCommit', { ...message, ...answer, status: 'queued' });
    expect(await typeOf(commit)).toBe('event.malformed');
  });

  test('keeps a user’s decision when checkpoints go on, and loses the approval when it is taken away', async () => {
    const served = await serve();
    const message = await putMessage(served, { status: 'working', epoch: 1 });
    const place = { conversationId: message.conversationId, id: message.id, attempt: 1 };
    const approval = { id: 'a1', command: 'rm x', requestedAt: iso(fields.now) };
    await fields.call(served.task, 'agentCheckpoint', { ...place, approval });
    const decision = { ...place, approvalId: 'a1', decision: 'deny' };
    await fields.call({ user: served.owner }, 'decideApproval', decision);
    await fields.call(served.task, 'agentCheckpoint', { ...place, seq: 3, answer: 'x' });
    expect(await readMessage(served.owner, message.key)).toMatchObject({
      approval: { ...approval, decision: 'deny' },
    });
    await fields.call(served.task, 'agentCheckpoint', { ...place, approval: null });
    expect(await readMessage(served.owner, message.key)).not.toHaveProperty('approval');
    expect(await typeOf(fields.call(served.task, 'agentCheckpoint', place))).toBe('event.malformed');
  });

  test('with more tool output than an event carries is still told as finished', async () => {
    const served = await serve();
    const message = await putMessage(served, { status: 'working', epoch: 1 });
    const tools = Array.from({ length: 20 }, (_, index) => ({
      id: `${index}`,
      name: 'exec',
      title: 'ls',
      status: 'done',
      at: 0,
      startedAt: iso(fields.now),
      input: 'i'.repeat(4000),
      output: 'o'.repeat(4000),
    }));
    const wire = (await fields.call(served.task, 'agentCommit', { ...message, ...answer, tools })).result;
    expect(JSON.stringify(wire).length).toBeLessThan(60_000);
    expect(fromWire(wire)).toMatchObject({ kind: 'message.finished', message: { answer: 'Hello' } });
    expect(await readMessage(served.owner, message.key)).toMatchObject({ tools });
  });
});

describe('A report', () => {
  test('moves the wake forward, and ready makes the agent awake and keeps how long it took', async () => {
    const served = await serve({ wakeMs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
    fields.now += 20_000;
    const booting = await eventOf(fields.call(served.task, 'agentReport', { phase: 'booting' }));
    expect(booting).toMatchObject({
      kind: 'agent.changed',
      agent: { state: 'waking', phase: 'booting', revision: 1 },
    });
    await fields.call(served.task, 'agentReport', { phase: 'starting' });
    expect(await readLease(served.owner)).toMatchObject({ phase: 'booting' });
    fields.now += 10_000;
    const ready = await eventOf(fields.call(served.task, 'agentReport', { phase: 'ready' }));
    expect(ready).toMatchObject({ agent: { state: 'awake', revision: 3, phase: null } });
    await fields.call(served.task, 'agentReport', { phase: 'ready' });
    const lease = leaseShape.parse(await readLease(served.owner));
    expect(lease.wakeMs).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 30_000]);
    expect(lease.leaseExpiresAt).toBe(fields.now + 120_000);
  });

  test('tells when the agent leaves and what went wrong, and takes both back', async () => {
    const served = await serve({ state: 'awake' });
    const sleepsAt = iso(fields.now + 60_000);
    const error = { code: 'snapshot.unreadable', detail: 'x' };
    const told = await eventOf(fields.call(served.task, 'agentReport', { sleepsAt, error }));
    expect(told).toMatchObject({ agent: { sleepsAt, error, state: 'awake' } });
    const taken = await eventOf(fields.call(served.task, 'agentReport', { sleepsAt: null, error: null }));
    expect(taken).toMatchObject({ agent: { sleepsAt: null, error: null } });
  });

  test('of a phase that does not exist is refused', async () => {
    const served = await serve();
    expect(await typeOf(fields.call(served.task, 'agentReport', { phase: 'flying' }))).toBe(
      'event.malformed',
    );
  });
});

function pointer({ owner, epoch }: Served, seq: number, change: JsonObject = {}): JsonObject {
  const key = `owners/${owner}/snapshots/${epoch}-${seq}.tar.zst`;
  return {
    key,
    size: 100,
    sha256: 'a'.repeat(64),
    epoch,
    seq,
    savedAt: '2026-11-23T10:00:00.000Z',
    ...change,
  };
}

describe('A snapshot’s pointer', () => {
  test('moves forward only; the one before it stays named, and the last of each of three tasks before', async () => {
    const before = [8, 7, 5, 4, 3].map((epoch) => pointer({ owner: 'o', epoch } as Served, 2));
    const [snapshot, ...previousSnapshots] = before;
    const served = await serve({ ...(snapshot && { snapshot }), previousSnapshots }, 9);
    const save = (seq: number) =>
      fields.call(served.task, 'agentSaveSnapshot', { snapshot: pointer(served, seq) });
    for (const seq of [1, 2, 3, 3, 4]) await save(seq);
    expect(await typeOf(save(2))).toBe(conditionFailed);
    expect(await readLease(served.owner)).toMatchObject({
      snapshot: pointer(served, 4),
      previousSnapshots: [pointer(served, 3), ...before.slice(0, 3)],
    });
  });

  test.each([
    ['a file of somebody else', { key: 'owners/x/snapshots/1-1.tar.zst' }],
    ['another epoch', { epoch: 2 }],
    ['no size', { size: 0 }],
    ['no checksum', { sha256: 'zz' }],
  ])('never names %s', async (_, change) => {
    const served = await serve();
    const save = fields.call(served.task, 'agentSaveSnapshot', { snapshot: pointer(served, 1, change) });
    expect(await typeOf(save)).toBe('snapshot.unreadable');
    expect(await readLease(served.owner)).not.toHaveProperty('snapshot');
  });
});

describe('A release', () => {
  test('frees the lease and moves the pointer in one update', async () => {
    const served = await serve({ state: 'awake', wakeSeq: 5, wakeMs: [9], sleepsAt: iso(fields.now) });
    const event = await eventOf(
      fields.call(served.task, 'agentRelease', { wakeSeq: 5, snapshot: pointer(served, 7) }),
    );
    expect(event).toMatchObject({
      kind: 'agent.changed',
      agent: { state: 'asleep', revision: 1, sleepsAt: null },
    });
    expect(await readLease(served.owner)).toEqual({
      owner: served.owner,
      revision: 1,
      epoch: 1,
      state: 'asleep',
      wakeSeq: 5,
      wakeMs: [9],
      snapshot: pointer(served, 7),
      previousSnapshots: [],
    });
  });

  test('is refused when somebody rang, and when something still waits', async () => {
    const served = await serve({ state: 'awake', wakeSeq: 5, pending: ['c#m'] });
    expect(await typeOf(fields.call(served.task, 'agentRelease', { wakeSeq: 4 }))).toBe(conditionFailed);
    expect(await typeOf(fields.call(served.task, 'agentRelease', { wakeSeq: 5 }))).toBe(conditionFailed);
    expect(await readLease(served.owner)).toMatchObject({ state: 'awake', taskId: served.task.task });
  });

  describe('to a successor', () => {
    const successor = (served: Pick<Served, 'owner'>, more: JsonObject = {}) => ({
      ...{ epoch: 2, attempt: 2, capacity: 'FARGATE', taskId: `next-of-${served.owner}` },
      requestedAt: iso(fields.now - 40_000),
      ...more,
    });
    const standing: JsonObject = { state: 'stopping', wakeSeq: 5, pending: ['c#m'], wakeMs: [9] };
    async function serveWith(next: JsonObject) {
      const served = await serve(standing);
      const row = (await readLease(served.owner)) as JsonObject;
      const { taskId, ...rest } = successor(served, next);
      const given = { ...rest, ...(taskId && { taskId }) };
      await fields.put('Agent', { ...row, successor: given }, ['pending']);
      return { served, row: { ...row, successor: given } };
    }

    test('makes the row what the functions would make it, with all that waits and the last snapshot', async () => {
      const { served, row } = await serveWith({});
      const event = await eventOf(
        fields.call(served.task, 'agentRelease', { wakeSeq: 1, snapshot: pointer(served, 7) }),
      );
      const after = evolve(leaseShape.parse({ ...row, pending: ['c#m'] }), {
        type: 'succeeded',
        at: fields.now,
      });
      const { pending, previousSnapshots: _none, ...expected } = after;
      const found = (await readLease(served.owner)) as JsonObject;
      expect(leaseShape.parse({ ...found, pending })).toEqual({
        ...expected,
        pending,
        snapshot: pointer(served, 7),
        previousSnapshots: [],
      });
      expect(found).toMatchObject({ leaseShard: 'lease' });
      expect(event).toMatchObject({ kind: 'agent.changed', agent: viewOf(after) });
      expect(await typeOf(fields.call(served.task, 'agentPull', {}))).toBe(conditionFailed);
    });

    test('tells it when the holder would have left, and tells nobody where none follows', async () => {
      const sleepsAt = iso(fields.now + 90_000);
      const { served } = await serveWith({});
      await fields.call(served.task, 'agentRelease', { wakeSeq: 5, sleepsAt });
      expect(await readLease(served.owner)).toMatchObject({ state: 'waking', sleepsAt });
      const alone = await serve({ state: 'awake', wakeSeq: 5, sleepsAt });
      await fields.call(alone.task, 'agentRelease', { wakeSeq: 5, sleepsAt });
      expect(await readLease(alone.owner)).not.toHaveProperty('sleepsAt');
    });

    test.each<[string, JsonObject]>([
      ['that is not recorded', { taskId: '' }],
      ['that is lost', { isLost: true }],
    ])(
      '%s is none: the task goes on while something waits, and its epoch is left to nobody',
      async (_which, more) => {
        const { served } = await serveWith(more);
        expect(await typeOf(fields.call(served.task, 'agentRelease', { wakeSeq: 5 }))).toBe(conditionFailed);
        await dropAll(served.owner);
        await fields.call(served.task, 'agentRelease', { wakeSeq: 5 });
        const row = await readLease(served.owner);
        expect(row).toMatchObject({ state: 'asleep', epoch: 2 });
        expect(row).not.toHaveProperty('successor');
      },
    );

    test('holds nothing before its turn', async () => {
      const { served } = await serveWith({});
      const task = { task: `next-of-${served.owner}` };
      const session = {
        taskId: task.task,
        owner: served.owner,
        epoch: 2,
        capacity: 'FARGATE',
        startedAt: iso(fields.now),
      };
      await fields.put('TaskSession', { ...session, expiresAt: Math.floor(fields.now / 1000) + 3600 });
      for (const [field, args] of [
        ['agentPull', {}],
        ['agentReport', { phase: 'ready' }],
        ['agentRelease', { wakeSeq: 5 }],
        ['agentSaveSnapshot', { snapshot: pointer({ ...served, epoch: 2 }, 1) }],
        ['agentClaim', { conversationId: 'c', id: 'm', attempt: 1 }],
      ] as const)
        expect(await typeOf(fields.call(task, field, args)), field).toBe(conditionFailed);
      await fields.call(served.task, 'agentRelease', { wakeSeq: 5 });
      expect(await typeOf(fields.call(task, 'agentPull', {}))).toBe('no error');
    });
  });

  test('may name the snapshot that stands, even one of an older epoch, and says what went wrong', async () => {
    const standing = pointer({ owner: 'o', task: { task: '' }, epoch: 1 }, 3);
    const served = await serve({ state: 'awake', snapshot: standing }, 2);
    const error = { code: 'snapshot.too_large' };
    const event = await eventOf(
      fields.call(served.task, 'agentRelease', { wakeSeq: 0, snapshot: standing, error }),
    );
    expect(event).toMatchObject({ agent: { state: 'asleep', error } });
    expect(await readLease(served.owner)).toMatchObject({ snapshot: standing, previousSnapshots: [] });
  });
});

describe('What a task publishes', () => {
  const place = { conversationId: v7(), messageId: v7() };
  const delta = { epoch: 1, attempt: 1, seq: 1, offset: 0, text: 'He' };

  test('reaches its owner as it was written', async () => {
    const served = await serve();
    const { result } = await fields.call(served.task, 'agentPublish', {
      kind: 'message.delta',
      ...place,
      body: delta,
    });
    expect(result).toMatchObject({ owner: served.owner });
    expect(fromWire(result)).toEqual({ kind: 'message.delta', ...place, ...delta });
  });

  test.each([
    ['what must be stored', 'message.finished', {}],
    ['another epoch’s deltas', 'message.delta', { ...delta, epoch: 2 }],
    ['no object', 'message.delta', [1]],
  ])('is never %s', async (_, kind, body) => {
    const served = await serve();
    const call = fields.call(served.task, 'agentPublish', { kind, ...place, body: body as JsonObject });
    expect(await typeOf(call)).toBe('event.malformed');
  });
});

describe('The doorbell', () => {
  test('rings for its owner’s messages, stops, decisions and wishes, and for nothing else', async () => {
    const served = await serve();
    const { filter } = await fields.call(served.task, 'agentDoorbell');
    if (!filter) throw new Error('no filter was set');
    const rings = (owner: string, kind: string) => passes(filter, { owner, kind });
    expect(rings(served.owner, 'message.accepted')).toBe(true);
    expect(rings(served.owner, 'message.stopping')).toBe(true);
    expect(rings(served.owner, 'message.approval')).toBe(true);
    // Kept awake, or sent to sleep.
    expect(rings(served.owner, 'agent.changed')).toBe(true);
    expect(rings(served.owner, 'conversation.changed')).toBe(false);
    expect(rings(v7(), 'message.accepted')).toBe(false);
    expect(await typeOf(fields.call({ task: 'unknown' }, 'agentDoorbell'))).toBe('unauthorized');
  });
});

describe('The function that serves tasks', () => {
  test('is told the owner that was found, and its answer is passed on', async () => {
    const served = await serve();
    let told: JsonObject = {};
    fields.invoke = (payload) => {
      told = payload;
      return { epoch: 1 };
    };
    const args = { size: 5, sha256: 'x', seq: 1 };
    const { result } = await fields.call(served.task, 'agentUploadSnapshot', args);
    expect(JSON.parse(result as string)).toEqual({ epoch: 1 });
    expect(told).toEqual({
      field: 'agentUploadSnapshot',
      owner: served.owner,
      epoch: 1,
      taskId: served.task.task,
      arguments: args,
    });
  });

  test('is not called for a stranger, and its faults keep their code', async () => {
    fields.invoke = () => {
      throw new Error('snapshot.too_large: 9 GB');
    };
    const { task } = await serve();
    expect(await typeOf(fields.call(task, 'agentOpenSession'))).toBe('snapshot.too_large');
    fields.invoke = () => {
      throw new Error('Task timed out after 30.00 seconds');
    };
    expect(await typeOf(fields.call(task, 'agentOpenSession'))).toBe('Lambda:Unhandled');
    expect(await typeOf(fields.call({ task: 'unknown' }, 'agentOpenSession'))).toBe('unauthorized');
  });
});

describe('What functions publish', () => {
  test('names its owner', async () => {
    const { result } = await fields.call({ task: 'x', role: 'send-message' }, 'systemPublish', {
      owner: 'o1',
      kind: 'settings.changed',
      body: {},
    });
    expect(result).toMatchObject({ owner: 'o1', conversationId: null });
    expect(fromWire(result)).toEqual({ kind: 'settings.changed' });
  });
});

describe('A place for a file', () => {
  const file = { name: 'a.png', type: 'image/png', size: 3, sha256: 'a'.repeat(64) };

  test('is given under an id that the message’s row names first, and not to a zombie', async () => {
    const served = await serve();
    const place = await putMessage(served, { status: 'working', epoch: served.epoch });
    const asked: JsonObject[] = [];
    fields.invoke = (payload) => {
      asked.push(payload);
      return { file: {}, upload: {} };
    };
    await fields.call(served.task, 'agentUploadFile', {
      conversationId: place.conversationId,
      id: place.id,
      attempt: 1,
      ...file,
    });
    const row = await readMessage(served.owner, place.key);
    expect(row?.uploads).toEqual([asked[0]?.fileId]);
    expect(asked[0]).toMatchObject({ owner: served.owner, arguments: file });
    for (const change of [{ attempt: 2 }, { id: v7() }]) {
      const call = fields.call(served.task, 'agentUploadFile', {
        conversationId: place.conversationId,
        id: place.id,
        attempt: 1,
        ...file,
        ...change,
      });
      expect(await typeOf(call)).toBe(conditionFailed);
    }
    expect(asked).toHaveLength(1);
  });

  test('is given forty times a message and no more', async () => {
    const served = await serve();
    const uploads = Array.from({ length: 40 }, () => v7());
    const place = await putMessage(served, { status: 'working', epoch: served.epoch, uploads });
    const call = fields.call(served.task, 'agentUploadFile', {
      conversationId: place.conversationId,
      id: place.id,
      attempt: 1,
      ...file,
    });
    expect(await typeOf(call)).toBe('attachment.too_many');
    expect((await readMessage(served.owner, place.key))?.uploads).toEqual(uploads);
  });

  test('becomes part of the answer with the commit, and of the page of files', async () => {
    const served = await serve();
    const place = await putMessage(served, { status: 'working', epoch: served.epoch });
    const files = [{ id: v7(), name: 'a.png', type: 'image/png', size: 3 }];
    const told = await eventOf(
      fields.call(served.task, 'agentCommit', {
        conversationId: place.conversationId,
        id: place.id,
        attempt: 1,
        status: 'answered',
        seq: 1,
        answer: 'Here',
        tools: [],
        files,
      }),
    );
    expect(told).toMatchObject({ kind: 'message.finished', message: { files } });
    expect(await readMessage(served.owner, place.key)).toMatchObject({ files, filedAt: iso(fields.now) });
  });
});

describe('Conversations that OpenClaw must forget', () => {
  const forgotten = async (task: Caller) => {
    const { result } = await fields.call(task, 'agentDeletedConversations', {});
    return deletedConversations.parse(JSON.parse(String(result)));
  };

  test('are those that the task’s own owner deleted', async () => {
    const { owner, task } = await serve();
    const [kept, gone] = [v7(), v7()];
    for (const id of [kept, gone])
      await fields.call({ user: owner }, 'createConversation', { id, title: '' });
    expect(await forgotten(task)).toEqual({ ids: [], nextToken: null });
    fields.invoke = () => null;
    await fields.call({ user: owner }, 'deleteConversation', { id: gone });
    expect(await forgotten(task)).toEqual({ ids: [gone], nextToken: null });
    expect(await forgotten((await serve()).task)).toEqual({ ids: [], nextToken: null });
    expect(await typeOf(forgotten({ user: owner } as Caller))).toBe('unauthorized');
  });
});
