import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../local/cloud/appsync/json.ts';
import { passes } from '../../local/cloud/appsync/subscription-filter.ts';
import { agentView } from '../core/agent.ts';
import { viewOf } from '../core/agent-view.ts';
import { conversation } from '../core/conversation.ts';
import { deploymentSettings, deploymentSettingsView } from '../core/deployment-settings.ts';
import { erasureShard } from '../core/erasure.ts';
import { errorCodeOf } from '../core/error.ts';
import { fromWire } from '../core/event.ts';
import { fileEntry } from '../core/file-entry.ts';
import { emptyLease } from '../core/lease.ts';
import { message } from '../core/message.ts';
import { type SearchHit, searchHit } from '../core/search.ts';
import { settings } from '../core/settings.ts';
import { settingsView } from '../core/settings-view.ts';
import { offeredSizes, taskSizes } from '../core/task-size.ts';
import { type Harness, startHarness } from './resolver-harness.ts';

let fields: Harness;
/** What the function that erases was called with. */
let erased: JsonObject[];
beforeAll(async () => {
  fields = await startHarness();
});
beforeEach(() => {
  erased = [];
  fields.invoke = (payload) => {
    erased.push(payload);
    return null;
  };
});
afterAll(() => fields.close());

const newUser = () => ({ user: v7() });
/** The code that people's texts are looked up by. */
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: { errorType: string; message: string }) => {
      expect(errorCodeOf(error.message)).toBe(errorCodeOf(error.errorType));
      return error.errorType;
    },
  );
const eventOf = async (call: Promise<{ result: unknown }>) => fromWire((await call).result);

async function startConversation(owner: { user: string }, title = 'Trip'): Promise<string> {
  const id = v7();
  await fields.call(owner, 'createConversation', { id, title });
  return id;
}

/** A message row as sendMessage stores it. */
async function putMessage(owner: string, conversationId: string, change: JsonObject = {}): Promise<string> {
  const id = typeof change.id === 'string' ? change.id : v7();
  await fields.put('Message', {
    owner,
    'conversationId#id': `${conversationId}#${id}`,
    conversationId,
    id,
    text: 'Good morning',
    channel: 'web',
    status: 'queued',
    attempt: 1,
    acceptedAt: new Date(fields.now).toISOString(),
    pendingShard: 'pending',
    ...change,
  });
  return id;
}
const readMessage = (owner: string, conversationId: string, id: string) =>
  fields.get('Message', { owner, 'conversationId#id': `${conversationId}#${id}` });

describe('What a model thought', () => {
  test('is read by its owner, and is no part of what pages of messages give', async () => {
    const [me, other] = [newUser(), newUser()];
    const conversationId = await startConversation(me);
    const thought = { thinking: 'Let me see.', thinkingMs: 1200 };
    const id = await putMessage(me.user, conversationId, { status: 'answered', ...thought });
    const plain = await putMessage(me.user, conversationId);
    const read = async (caller: { user: string }, message: string) =>
      (await fields.call(caller, 'thinking', { conversationId, id: message })).result;
    expect(await read(me, id)).toBe('Let me see.');
    expect(await read(me, plain)).toBeNull();
    expect(await read(other, id)).toBeNull();
    const { result } = await fields.call(me, 'messages', { conversationId });
    const { items } = result as { items: string };
    expect(JSON.parse(items)[1]).toMatchObject({ id, thinkingMs: 1200 });
    expect(items).not.toContain('Let me see');
  });
});

describe('Search', () => {
  const search = async (caller: { user: string }, args: JsonObject) => {
    const { result } = await fields.call(caller, 'searchMessages', args);
    const { items, nextToken } = result as { items: string; nextToken: string | null };
    return { hits: JSON.parse(items).map((hit: unknown) => searchHit.parse(hit)), nextToken };
  };

  test('finds texts and answers whatever their case, Korean too, and only one’s own', async () => {
    const [me, other] = [newUser(), newUser()];
    const [mine, theirs] = [await startConversation(me), await startConversation(other)];
    const asked = await putMessage(me.user, mine, { text: 'Where is GitHub?' });
    const told = await putMessage(me.user, mine, {
      answer: `${'x'.repeat(300)} 강릉으로 가는 기차 ${'y'.repeat(300)}`,
    });
    await putMessage(other.user, theirs, { text: 'github' });
    const all = { from: '0', to: 'g' };
    expect((await search(me, { ...all, text: ' github' })).hits).toMatchObject([
      { conversationId: mine, messageId: asked, snippet: 'Where is GitHub?' },
    ]);
    const [hit] = (await search(me, { ...all, text: '가는 기차' })).hits;
    expect(hit).toMatchObject({ messageId: told });
    expect(hit?.snippet).toMatch(/^….*강릉으로 가는 기차.*…$/);
    expect(hit?.snippet.length).toBeLessThan(200);
    expect((await search(me, { ...all, text: 'bitbucket' })).hits).toEqual([]);
  });

  test('keeps to the conversations that are named', async () => {
    const me = newUser();
    const [first, second] = [await startConversation(me), await startConversation(me)];
    await putMessage(me.user, first);
    const wanted = await putMessage(me.user, second);
    const { hits } = await search(me, { text: 'morning', from: second, to: second });
    expect(hits).toMatchObject([{ messageId: wanted }]);
  });

  test('keeps to the time of a conversation that is asked for, in which each message is found once', async () => {
    const me = newUser();
    const id = await startConversation(me);
    const before = await putMessage(me.user, id, { id: v7({ msecs: 1_767_225_600_000 }) });
    const after = await putMessage(me.user, id, { id: v7({ msecs: 1_767_225_600_001 }) });
    // The first twelve digits of an id are its time.
    const cut = `${id}#${after.slice(0, 13)}`;
    const found = async (from: string, to: string) =>
      (await search(me, { text: 'morning', from, to })).hits.map((hit: SearchHit) => hit.messageId);
    expect(await found(id, cut)).toEqual([before]);
    expect(await found(cut, id)).toEqual([after]);
  });

  test('refuses an empty text', async () =>
    expect(await codeOf(search(newUser(), { text: ' ', from: '0', to: 'g' }))).toBe('search.text_invalid'));
});

describe('Settings', () => {
  test('do not take the place of the mark while everything is erased', async () => {
    const owner = newUser();
    const mark = { owner: owner.user, revision: 0, erasingSince: new Date(fields.now).toISOString() };
    await fields.put('Settings', mark);
    for (const revision of [0, 1]) {
      const saved = fields.call(owner, 'saveSettings', { settings: {}, revision });
      expect(await codeOf(saved)).toBe('settings.changed');
    }
    expect(await fields.get('Settings', { owner: owner.user })).toEqual(mark);
  });
});

describe('Conversations', () => {
  test('are pinned and unpinned, and the pinned come with the first page however old they are', async () => {
    const owner = newUser();
    const old = await startConversation(owner, 'Old');
    for (let count = 0; count < 51; count += 1) {
      fields.now += 1000;
      await startConversation(owner);
    }
    const pin = (pinned: boolean) => fields.call(owner, 'pinConversation', { id: old, pinned });
    expect(await eventOf(pin(true))).toMatchObject({ conversation: { id: old, title: 'Old' } });
    const pinnedOf = async (nextToken: string | null) => {
      const { result } = await fields.call(owner, 'conversations', { nextToken });
      return result as { pinned: string | null; nextToken: string };
    };
    const first = await pinnedOf(null);
    expect(JSON.parse(first.pinned ?? '')).toMatchObject([{ id: old, pinnedAt: expect.any(String) }]);
    expect((await pinnedOf(first.nextToken)).pinned).toBeNull();
    await pin(false);
    expect(JSON.parse((await pinnedOf(null)).pinned ?? '')).toEqual([]);
    const missing = fields.call(newUser(), 'pinConversation', { id: old, pinned: true });
    expect(await codeOf(missing)).toBe('conversation.not_found');
  });

  test('have a model of their own, from their beginning or later, until it is taken back', async () => {
    const owner = newUser();
    const id = v7();
    const price = { input: 0.5, output: 2, cacheRead: 0.1 };
    const model = { provider: 'openai', model: 'gpt-6-sol', price };
    const made = await eventOf(fields.call(owner, 'createConversation', { id, title: 'Trip', model }));
    expect(made).toMatchObject({ conversation: { title: 'Trip', model } });
    const choose = async (next: JsonObject | null) => {
      const event = await eventOf(fields.call(owner, 'chooseModel', { id, model: next }));
      return event.kind === 'conversation.changed' ? event.conversation.model : 'another event';
    };
    const other = { provider: 'anthropic', model: 'claude-opus-5-5' };
    expect(await choose({ ...other, price: null, evil: 'x'.repeat(9) })).toEqual(other);
    const { result } = await fields.call(owner, 'conversations');
    expect(JSON.parse((result as { items: string }).items)).toMatchObject([{ id, model: other }]);
    expect(await choose(null)).toBeNull();
    expect(await codeOf(fields.call(newUser(), 'chooseModel', { id, model }))).toBe('conversation.not_found');
  });

  test.each([
    ['a model of nobody', { provider: 'acme', model: 'm' }],
    ['a model without a name', { provider: 'openai', model: ' ' }],
    ['a name that is too long', { provider: 'openai', model: 'x'.repeat(201) }],
    ['a list', []],
    ['a word', 'gpt-6-sol'],
    ['a price below nothing', { provider: 'openai', model: 'm', price: { input: -1, output: 1 } }],
    ['half a price', { provider: 'openai', model: 'm', price: { input: 1 } }],
  ])('take no model that is %s', async (_, model) => {
    const owner = newUser();
    const id = await startConversation(owner);
    expect(await codeOf(fields.call(owner, 'chooseModel', { id, model }))).toBe('settings.invalid');
    expect(await codeOf(fields.call(owner, 'createConversation', { id: v7(), title: 'x', model }))).toBe(
      'settings.invalid',
    );
    expect((await fields.get('Conversation', { owner: owner.user, id }))?.model).toBeUndefined();
  });

  test('are made under the client’s id, and the same id again changes nothing', async () => {
    const owner = newUser();
    const id = v7();
    const first = await eventOf(fields.call(owner, 'createConversation', { id, title: '  Trip ' }));
    expect(first).toMatchObject({
      kind: 'conversation.changed',
      conversationId: id,
      conversation: { title: 'Trip' },
    });
    fields.now += 1000;
    const again = await eventOf(fields.call(owner, 'createConversation', { id, title: 'Other' }));
    expect(again).toEqual(first);
  });

  test('are listed with the latest activity first, a page at a time, and only one’s own', async () => {
    const owner = newUser();
    await startConversation(newUser());
    const ids: string[] = [];
    for (let count = 0; count < 53; count += 1) {
      fields.now += 1000;
      ids.unshift(await startConversation(owner, `${count}`));
    }
    const first = (await fields.call(owner, 'conversations', { nextToken: null })).result as JsonObject;
    const second = (await fields.call(owner, 'conversations', { nextToken: first.nextToken ?? null }))
      .result as JsonObject;
    const items = [first, second].flatMap((page) => JSON.parse(page.items as string) as unknown[]);
    expect(items.map((item) => conversation.parse(item).id)).toEqual(ids);
    expect(second.nextToken).toBeNull();
  });

  test('refuse ids and titles that break the rules', async () => {
    const owner = newUser();
    const create = (id: string, title: string) =>
      codeOf(fields.call(owner, 'createConversation', { id, title }));
    expect(await create('4c2a3c1e-0000-4000-8000-000000000000', 'x')).toBe('conversation.id_invalid');
    expect(await create(`${v7()}#x`, 'x')).toBe('conversation.id_invalid');
    expect(await create(v7(), 'x'.repeat(121))).toBe('conversation.title_invalid');
    const id = await startConversation(owner);
    expect(await codeOf(fields.call(owner, 'renameConversation', { id, title: '  ' }))).toBe(
      'conversation.title_invalid',
    );
  });

  test('can’t be renamed or deleted by anybody else', async () => {
    const id = await startConversation(newUser());
    const stranger = newUser();
    expect(await codeOf(fields.call(stranger, 'renameConversation', { id, title: 'Mine' }))).toBe(
      'conversation.not_found',
    );
    expect(await codeOf(fields.call(stranger, 'deleteConversation', { id }))).toBe('conversation.not_found');
    expect(await fields.get('Conversation', { owner: stranger.user, id })).toBeNull();
  });

  test('take their messages with them when they are deleted', async () => {
    const owner = newUser();
    const id = await startConversation(owner);
    const messageId = await putMessage(owner.user, id);
    expect(await eventOf(fields.call(owner, 'deleteConversation', { id }))).toEqual({
      kind: 'conversation.deleted',
      conversationId: id,
    });
    expect(await codeOf(fields.call(owner, 'messages', { conversationId: id }))).toBe(
      'conversation.not_found',
    );
    expect((await fields.call(owner, 'message', { conversationId: id, id: messageId })).result).toBeNull();
  });

  test('that were deleted leave nothing to be read, are nobody’s to make or change again, and are due to be erased', async () => {
    const owner = newUser();
    const id = await startConversation(owner, 'A secret');
    await fields.call(owner, 'pinConversation', { id, pinned: true });
    await fields.call(owner, 'deleteConversation', { id });
    expect(erased).toEqual([{ owner: owner.user, conversationId: id }]);
    expect(await fields.get('Conversation', { owner: owner.user, id })).toEqual({
      ...{ owner: owner.user, id, deletedAt: new Date(fields.now).toISOString() },
      ...{ erasureShard, eraseAt: fields.now },
    });
    for (const [field, args] of [
      ['createConversation', { id, title: 'Again' }],
      ['renameConversation', { id, title: 'Again' }],
      ['pinConversation', { id, pinned: true }],
      ['deleteConversation', { id }],
    ] as const) {
      expect(await codeOf(fields.call(owner, field, args)), field).toBe('conversation.not_found');
    }
    const { items, pinned } = (await fields.call(owner, 'conversations', {})).result as JsonObject;
    expect([items, pinned]).toEqual(['[]', '[]']);
    expect(Object.keys((await fields.get('Conversation', { owner: owner.user, id })) ?? {})).not.toContain(
      'title',
    );
  });

  test('are deleted although nobody can be told to erase them', async () => {
    const owner = newUser();
    const id = await startConversation(owner);
    fields.invoke = () => {
      throw new Error('throttled');
    };
    await fields.call(owner, 'deleteConversation', { id });
    expect(await codeOf(fields.call(owner, 'messages', { conversationId: id }))).toBe(
      'conversation.not_found',
    );
  });
});

describe('Messages', () => {
  test('are listed newest first, at most a hundred at a time, without anybody else’s', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const other = await startConversation(owner);
    await putMessage(owner.user, other);
    await putMessage(newUser().user, conversationId);
    const ids: string[] = [];
    for (let count = 0; count < 101; count += 1) ids.unshift(await putMessage(owner.user, conversationId));
    const page = (await fields.call(owner, 'messages', { conversationId, limit: 1000 })).result as JsonObject;
    const items = (JSON.parse(page.items as string) as unknown[]).map((item) => message.parse(item));
    expect(items.map(({ id }) => id)).toEqual(ids.slice(0, 100));
    const rest = await fields.call(owner, 'messages', {
      conversationId,
      nextToken: page.nextToken ?? null,
    });
    expect(JSON.parse((rest.result as JsonObject).items as string)).toHaveLength(1);
  });

  test('are read with their checkpoint, without what only functions need', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const tool = {
      id: 't',
      name: 'exec',
      title: 'ls',
      status: 'done',
      at: 0,
      startedAt: '2026-11-23T10:00:00.000Z',
    };
    const id = await putMessage(owner.user, conversationId, {
      status: 'working',
      epoch: 2,
      answer: 'Good',
      seq: 3,
      tools: [tool],
      toolsRan: true,
    });
    const { result } = await fields.call(owner, 'message', { conversationId, id });
    const read = JSON.parse(result as string) as JsonObject;
    expect(message.parse(read)).toMatchObject({
      id,
      status: 'working',
      epoch: 2,
      answer: 'Good',
      seq: 3,
      tools: [tool],
    });
    expect(Object.keys(read)).not.toEqual(expect.arrayContaining(['pendingShard']));
    expect((await fields.call(newUser(), 'message', { conversationId, id })).result).toBeNull();
  });

  test('that wait are stopped at once and wait no longer', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const id = await putMessage(owner.user, conversationId);
    const lease = { ...emptyLease(owner.user), wakeSeq: 1, pending: [`${conversationId}#${id}`] };
    await fields.put('Agent', lease as unknown as JsonObject, ['pending']);
    const event = await eventOf(fields.call(owner, 'stopMessage', { conversationId, id }));
    expect(event).toMatchObject({ kind: 'message.finished', message: { id, status: 'stopped' } });
    expect(await readMessage(owner.user, conversationId, id)).not.toHaveProperty('pendingShard');
    expect(await fields.get('Agent', { owner: owner.user })).not.toHaveProperty('pending');
    expect(await eventOf(fields.call(owner, 'stopMessage', { conversationId, id }))).toEqual(event);
  });

  test('that came by a channel and are stopped before a task took them are brought there; the event stands', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const brought: unknown[] = [];
    fields.invoke = (payload) => {
      brought.push(payload);
      throw new Error('the channel is away');
    };
    const stop = async (change: JsonObject) => {
      const id = await putMessage(owner.user, conversationId, change);
      const event = await eventOf(fields.call(owner, 'stopMessage', { conversationId, id }));
      return { id, event };
    };
    expect((await stop({})).event).toMatchObject({ kind: 'message.finished' });
    expect((await stop({ channel: 'telegram', status: 'working' })).event).toMatchObject({
      kind: 'message.stopping',
    });
    expect(brought).toEqual([]);
    const { id, event } = await stop({ channel: 'telegram' });
    expect(event).toMatchObject({ kind: 'message.finished', message: { id, status: 'stopped' } });
    expect(brought).toEqual([{ owner: owner.user, conversationId, id }]);
  });

  test('stopped and retried in one moment stay in the queue', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const id = await putMessage(owner.user, conversationId);
    const key = `${conversationId}#${id}`;
    const lease = { owner: owner.user, revision: 1, epoch: 0, state: 'asleep', wakeSeq: 1, pending: [key] };
    await fields.put('Agent', lease, ['pending']);
    await fields.callWhile(owner, 'stopMessage', { conversationId, id }, async (step) => {
      if (step.endsWith('drop-pending.js')) await fields.put('Agent', { ...lease, wakeSeq: 2 }, ['pending']);
    });
    expect(await fields.get('Agent', { owner: owner.user })).toMatchObject({ pending: [key] });
  });

  test('in work are asked to stop, and only their task ends them', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const id = await putMessage(owner.user, conversationId, { status: 'working', epoch: 1 });
    const event = await eventOf(fields.call(owner, 'stopMessage', { conversationId, id }));
    expect(event).toEqual({ kind: 'message.stopping', conversationId, messageId: id });
    expect(await readMessage(owner.user, conversationId, id)).toMatchObject({
      status: 'working',
      stopRequested: true,
    });
  });

  test('of somebody else, or that are final, are not touched by a stop', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const id = await putMessage(owner.user, conversationId);
    expect(await codeOf(fields.call(newUser(), 'stopMessage', { conversationId, id }))).toBe(
      'message.not_found',
    );
    const done = await putMessage(owner.user, conversationId, { status: 'answered', answer: 'Yes', seq: 2 });
    const before = await readMessage(owner.user, conversationId, done);
    const event = await eventOf(fields.call(owner, 'stopMessage', { conversationId, id: done }));
    expect(event).toMatchObject({ kind: 'message.finished', message: { status: 'answered', answer: 'Yes' } });
    expect(await readMessage(owner.user, conversationId, done)).toEqual(before);
  });
});

describe('Approvals', () => {
  const approval = { id: 'a1', command: 'rm -r x', requestedAt: '2026-11-23T10:00:00.000Z' };

  test('are decided once, by their owner, for the command that waits', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const id = await putMessage(owner.user, conversationId, { status: 'working', epoch: 1, approval });
    const decide = (caller: { user: string }, approvalId: string, decision: string) =>
      fields.call(caller, 'decideApproval', { conversationId, id, approvalId, decision });
    expect(await codeOf(decide(newUser(), 'a1', 'deny'))).toBe('approval.not_found');
    expect(await codeOf(decide(owner, 'a2', 'deny'))).toBe('approval.not_found');
    expect(await codeOf(decide(owner, 'a1', 'allow-always'))).toBe('approval.not_found');
    const event = await eventOf(decide(owner, 'a1', 'deny'));
    expect(event).toMatchObject({
      kind: 'message.approval',
      attempt: 1,
      approval: { ...approval, decision: 'deny' },
    });
    expect(await eventOf(decide(owner, 'a1', 'deny'))).toEqual(event);
    expect(await codeOf(decide(owner, 'a1', 'allow-once'))).toBe('approval.not_found');
  });

  test('end with the message', async () => {
    const owner = newUser();
    const conversationId = await startConversation(owner);
    const id = await putMessage(owner.user, conversationId, { status: 'failed', approval });
    const args = { conversationId, id, approvalId: 'a1', decision: 'allow-once' };
    expect(await codeOf(fields.call(owner, 'decideApproval', args))).toBe('approval.not_found');
  });
});

describe('The agent', () => {
  const read = async (owner: { user: string }) =>
    agentView.parse(JSON.parse((await fields.call(owner, 'agent')).result as string));
  const withoutNulls = (view: object) =>
    Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));

  test('sleeps until it is first woken', async () => {
    expect(withoutNulls(await read(newUser()))).toEqual({ state: 'asleep', revision: 0 });
  });

  test('is shown as the functions show it, at every step and with every median', async () => {
    const base = {
      revision: 4,
      epoch: 2,
      wakeSeq: 3,
      phase: 'pulling',
      phaseAt: '2026-11-23T10:00:01.000Z',
      wakeStartedAt: '2026-11-23T10:00:00.000Z',
      sleepsAt: '2026-11-23T10:20:00.000Z',
      keepAwakeUntil: '2026-11-23T12:00:00.000Z',
      sleepRequested: true,
      error: { code: 'task.lost' },
    } as const;
    for (const state of ['asleep', 'waking', 'awake', 'stopping', 'failed'] as const) {
      for (const wakeMs of [[], [9], [70_000, 9000], [100, 9, 30], [30, 9, 9, 100], [5, 5, 5, 5]]) {
        const owner = newUser();
        const lease = { ...base, owner: owner.user, state, wakeMs, pending: [], previousSnapshots: [] };
        await fields.put('Agent', { ...lease, error: { ...base.error }, pending: ['c#m'] }, ['pending']);
        expect(withoutNulls(await read(owner))).toEqual(viewOf(lease));
      }
    }
  });
});

describe('An agent that is awake', () => {
  const lease = { revision: 4, epoch: 2, wakeSeq: 3, taskId: 't1', capacity: 'FARGATE' };
  const agent = async (state: string, more: JsonObject = {}) => {
    const owner = newUser();
    await fields.put('Agent', { owner: owner.user, state, ...lease, ...more });
    return owner;
  };
  const row = (owner: { user: string }) => fields.get('Agent', { owner: owner.user });
  const inHours = (hours: number) => new Date(fields.now + hours * 3_600_000).toISOString();

  test.each(['waking', 'awake'])(
    'is kept so until a time, and no longer when that is taken back (%s)',
    async (state) => {
      const owner = await agent(state, { sleepRequested: true });
      const until = inHours(2);
      expect(await eventOf(fields.call(owner, 'keepAwake', { until }))).toMatchObject({
        kind: 'agent.changed',
        agent: { state, revision: 5, keepAwakeUntil: until, sleepRequested: null },
      });
      expect(await row(owner)).toEqual({
        owner: owner.user,
        state,
        ...lease,
        revision: 5,
        keepAwakeUntil: until,
      });
      expect(await eventOf(fields.call(owner, 'keepAwake', {}))).toMatchObject({
        agent: { revision: 6, keepAwakeUntil: null },
      });
      expect(await row(owner)).not.toHaveProperty('keepAwakeUntil');
    },
  );

  test.each([-1, 12.1])('is not kept so until a time that is %d hours away', async (hours) => {
    const owner = await agent('awake');
    expect(await codeOf(fields.call(owner, 'keepAwake', { until: inHours(hours) }))).toBe(
      'agent.until_invalid',
    );
    expect(await row(owner)).toEqual({ owner: owner.user, state: 'awake', ...lease });
  });

  test.each(['asleep', 'failed', 'stopping'])(
    'is what only one can be: not one that is %s',
    async (state) => {
      const owner = await agent(state);
      expect(await codeOf(fields.call(owner, 'keepAwake', { until: inHours(1) }))).toBe('agent.asleep');
      expect(await codeOf(fields.call(newUser(), 'keepAwake', { until: inHours(1) }))).toBe('agent.asleep');
      expect(await row(owner)).toEqual({ owner: owner.user, state, ...lease });
    },
  );

  test('is asked to sleep now, which ends its being kept awake; its task hears of it', async () => {
    const owner = await agent('awake', { keepAwakeUntil: inHours(1) });
    const told = await eventOf(fields.call(owner, 'sleepNow'));
    expect(told).toMatchObject({
      kind: 'agent.changed',
      agent: { sleepRequested: true, keepAwakeUntil: null },
    });
    expect(await row(owner)).toEqual({
      ...{ owner: owner.user, state: 'awake', ...lease },
      ...{ revision: 5, sleepRequested: true },
    });
  });

  test('is left alone by it when it sleeps', async () => {
    const owner = await agent('asleep');
    expect(await eventOf(fields.call(owner, 'sleepNow'))).toMatchObject({
      agent: { state: 'asleep', revision: 4 },
    });
    expect(await row(owner)).toEqual({ owner: owner.user, state: 'asleep', ...lease });
    expect(await eventOf(fields.call(newUser(), 'sleepNow'))).toMatchObject({ agent: { state: 'asleep' } });
  });
});

describe('Settings', () => {
  const save = (owner: { user: string }, value: unknown, revision: number) =>
    fields.call(owner, 'saveSettings', { settings: value as JsonObject, revision });
  const read = async (owner: { user: string }) =>
    JSON.parse((await fields.call(owner, 'settings')).result as string) as {
      settings: object;
      revision: number;
    };

  test('are empty under revision 0 until they are saved, and whole after it', async () => {
    const owner = newUser();
    const before = await read(owner);
    expect(before.revision).toBe(0);
    expect(Object.values(settings.parse(before.settings)).every((value) => value === null)).toBe(true);
    const wanted = {
      provider: 'openai-compatible',
      model: 'qwen3',
      baseUrl: 'http://localhost:11434/v1',
      idleSeconds: 60,
      capacity: 'spot-only',
      language: 'ko',
      wakeAhead: 'typing',
      api: 'openai-responses',
      modelPrice: { input: 0.5, output: 2, cacheRead: 0.1 },
      dayCapCents: 150,
      monthCapCents: 2000,
      spendingStopped: true,
      taskSize: '1024x4096',
      thinking: 'low',
    };
    expect(Object.keys(wanted).sort()).toEqual(Object.keys(settings.shape).sort());
    expect(await eventOf(save(owner, wanted, 0))).toEqual({ kind: 'settings.changed' });
    expect(await read(owner)).toMatchObject({ settings: wanted, revision: 1 });
    await save(owner, { language: 'en' }, 1);
    expect(await read(owner)).toMatchObject({
      settings: { language: 'en', provider: null, baseUrl: null },
      revision: 2,
    });
  });

  test('come with what the deployment does where none is set, and which sizes it offers', async () => {
    const owner = newUser();
    const { deployment } = settingsView.parse(await read(owner));
    expect(deployment).toEqual({
      ...{ idleSeconds: 600, capacity: 'spot-first', region: 'us-east-1' },
      sizes: { usual: { cpu: 1024, memory: 2048 }, largest: { cpu: 2048, memory: 4096 } },
    });
    let revision = 0;
    for (const taskSize of taskSizes) {
      const isOffered = offeredSizes(deployment.sizes).includes(taskSize);
      expect(await codeOf(save(owner, { taskSize }, revision))).toBe(
        isOffered ? 'no error' : 'settings.invalid',
      );
      if (isOffered) revision += 1;
    }
  });

  test('that were changed elsewhere are not overwritten', async () => {
    const owner = newUser();
    await save(owner, { language: 'en' }, 0);
    expect(await codeOf(save(owner, { language: 'ko' }, 0))).toBe('settings.changed');
    expect(await codeOf(save(owner, { language: 'ko' }, 7))).toBe('settings.changed');
    expect(await read(owner)).toMatchObject({ settings: { language: 'en' }, revision: 1 });
  });

  test.each([
    [null],
    [[]],
    ['x'],
    [{ provider: 'acme' }],
    [{ provider: 3 }],
    [{ model: '' }],
    [{ model: 'x'.repeat(201) }],
    [{ baseUrl: 'ftp://a.example' }],
    [{ baseUrl: 'http://' }],
    [{ baseUrl: 'http://a b' }],
    [{ baseUrl: 'http://u:p@a.example' }],
    [{ baseUrl: 'http://a:70000' }],
    [{ baseUrl: 'http://1.2.3.999' }],
    [{ idleSeconds: 4 }],
    [{ idleSeconds: 3601 }],
    [{ idleSeconds: 7.5 }],
    [{ idleSeconds: '60' }],
    [{ capacity: 'free' }],
    [{ taskSize: '1024x3072' }],
    [{ taskSize: '2048x8192' }],
    [{ taskSize: 1024 }],
    [{ thinking: 'hard' }],
    [{ language: 'fr' }],
    [{ wakeAhead: 'always' }],
    [{ api: 'telepathy' }],
    [{ dayCapCents: -1 }],
    [{ monthCapCents: 0.5 }],
    [{ dayCapCents: '5' }],
    [{ spendingStopped: 'yes' }],
    [{ modelPrice: { input: 1 } }],
    [{ modelPrice: { input: 1, output: -1 } }],
    [{ modelPrice: { input: 1, output: 1, cacheRead: 'x' } }],
    [{ modelPrice: 3 }],
  ])('refuse %j and keep what is there', async (value) => {
    const owner = newUser();
    expect(await codeOf(save(owner, value, 0))).toBe('settings.invalid');
    expect((await read(owner)).revision).toBe(0);
  });

  test.each([
    'http://a',
    'https://api.example.com/v1',
    'http://127.0.0.1:8080',
    'http://host.docker.internal:65535/v1/',
    'https://a-b.example/x?y=1',
    'http://1.example',
    'http://255.255.255.255/%20',
    'http://a.1',
    'http://0x7f.0.0.1',
  ])('take a base URL %s only if core/settings.ts does too', async (baseUrl) => {
    const owner = newUser();
    const taken = (await codeOf(save(owner, { baseUrl }, 0))) === 'no error';
    if (taken) expect(settings.safeParse({ baseUrl }).success).toBe(true);
    else expect(baseUrl).toMatch(/\?|\.1$/);
  });
});

describe('Settings of the deployment', () => {
  const admin = newUser();
  const save = (value: unknown, revision: number) =>
    fields.call(admin, 'saveDeploymentSettings', { settings: value as JsonObject, revision });
  const read = async () =>
    deploymentSettingsView.parse(
      JSON.parse((await fields.call(admin, 'deploymentSettings')).result as string),
    );

  test('are saved with the revision that was seen, beside what the configuration allows at most', async () => {
    expect(await read()).toMatchObject({
      revision: 0,
      most: { dayMicros: 5_000_000, totalMonthMicros: 200_000_000, stopped: false },
    });
    const wanted = {
      ...{ dayCapCents: 100, monthCapCents: 1000, totalDayCapCents: 300, totalMonthCapCents: 3000 },
      spendingStopped: true,
    };
    expect(Object.keys(wanted).sort()).toEqual(Object.keys(deploymentSettings.shape).sort());
    await save(wanted, 0);
    expect(await read()).toMatchObject({ settings: wanted, revision: 1 });
    expect(await codeOf(save({}, 0))).toBe('settings.changed');
    await save({}, 1);
    expect((await read()).settings).toEqual(
      Object.fromEntries(Object.keys(wanted).map((name) => [name, null])),
    );
  });

  test.each([[[]], ['x'], [{ dayCapCents: -1 }], [{ totalDayCapCents: 0.5 }], [{ spendingStopped: 'yes' }]])(
    'refuse %j and keep what is there',
    async (value) => {
      const { revision } = await read();
      expect(await codeOf(save(value, revision))).toBe('settings.invalid');
      expect((await read()).revision).toBe(revision);
    },
  );
});

describe('Events', () => {
  test('reach the person whom they are for, and nobody else', async () => {
    const owner = newUser();
    const { filter } = await fields.call(owner, 'onEvent');
    if (!filter) throw new Error('no filter was set');
    const wire = (await fields.call(owner, 'createConversation', { id: v7(), title: '' })).result;
    expect(passes(filter, wire)).toBe(true);
    expect(passes(filter, { ...(wire as JsonObject), owner: newUser().user })).toBe(false);
    expect(passes(filter, {})).toBe(false);
  });

  test('are not told to a caller who is nobody', async () => {
    expect(await codeOf(fields.call({ task: 'x', role: 'admin' }, 'onEvent'))).toBe('unauthorized');
  });
});

describe('Files', () => {
  test('are listed with the newest first and their conversation’s title, only one’s own, and none of a deleted one', async () => {
    const owner = newUser();
    const file = { id: v7(), name: 'a.png', type: 'image/png', size: 3 };
    const place = await startConversation(owner, 'Trip');
    const deleted = await startConversation(owner, 'Gone');
    const at = (minute: number) => `2026-11-23T10:0${minute}:00.000Z`;
    const first = await putMessage(owner.user, place, { attachments: [file], filedAt: at(1) });
    const second = await putMessage(owner.user, place, { files: [file], filedAt: at(2) });
    await putMessage(owner.user, place);
    await putMessage(owner.user, deleted, { attachments: [file], filedAt: at(3) });
    await fields.call(owner, 'deleteConversation', { id: deleted });
    const other = newUser();
    await putMessage(other.user, await startConversation(other), { files: [file], filedAt: at(4) });

    const { result } = await fields.call(owner, 'files', {});
    const { items, nextToken } = result as { items: string; nextToken: null };
    expect(nextToken).toBeNull();
    expect(fileEntry.array().parse(JSON.parse(items))).toEqual([
      { conversationId: place, messageId: second, title: 'Trip', at: at(2), attachments: [], files: [file] },
      { conversationId: place, messageId: first, title: 'Trip', at: at(1), attachments: [file], files: [] },
    ]);
  });

  test('that are none are an empty page', async () => {
    const { result } = await fields.call(newUser(), 'files', {});
    expect(result).toEqual({ items: '[]', nextToken: null });
  });
});
