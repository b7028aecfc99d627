import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { maxAttachmentSize } from '../attachment.ts';
import { maxPending, maxTextLength } from '../message.ts';
import { newId } from '../message-id.ts';
import { pendingKey } from '../message-row.ts';
import { acceptMessage } from './accept-message.ts';
import { retryMessage } from './retry-message.ts';

const owner = 'ann';
let world: MemoryWorld;
let conversationId: string;
beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation(owner);
});

const input = (
  change: { id?: string; text?: string; conversationId?: string; attachments?: unknown } = {},
) => ({
  owner,
  conversationId,
  id: newId(world.clock.now),
  text: 'Hello there',
  ...change,
});

/** The message is refused with this code, and nothing at all was changed. */
async function refused(given: ReturnType<typeof input>, code: string) {
  const rows = structuredClone([world.messages.rows, world.leases.rows]);
  const heard = world.publisher.heard.length;
  await expect(acceptMessage(world.ports, given)).rejects.toMatchObject({ code });
  expect([world.messages.rows, world.leases.rows]).toEqual(rows);
  expect(world.publisher.heard).toHaveLength(heard);
  expect(world.runner.requests).toEqual([]);
}

describe('a first message', () => {
  test('is stored, waits in the lease row, and wakes one task on Spot', async () => {
    const given = input();
    const message = await acceptMessage(world.ports, given);
    expect(message).toMatchObject({
      id: given.id,
      text: 'Hello there',
      status: 'queued',
      attempt: 1,
      channel: 'web',
    });
    expect(world.message(owner, given)).toMatchObject({ status: 'queued', owner });
    expect(world.lease(owner)).toMatchObject({
      state: 'waking',
      epoch: 1,
      taskId: 'task1',
      wakeSeq: 1,
      pending: [pendingKey(given)],
    });
    expect(world.runner.requests).toHaveLength(1);
    expect(world.runner.requests[0]?.capacity).toBe('FARGATE_SPOT');
    expect(await world.sessions.get('task1')).toMatchObject({ owner, epoch: 1, capacity: 'FARGATE_SPOT' });
  });

  test('is for the model that its conversation has at that moment; so is a Retry', async () => {
    const row = world.conversations.rows.get(`${owner} ${conversationId}`);
    if (!row) throw new Error('no conversation');
    const model = { provider: 'openai' as const, model: 'gpt-6-sol' };
    world.conversations.rows.set(`${owner} ${conversationId}`, { ...row, model });
    const given = input();
    expect(await acceptMessage(world.ports, given)).not.toHaveProperty('ownModel');
    expect(world.message(owner, given)?.ownModel).toEqual(model);
    await world.commit(owner, given, { status: 'failed' });
    world.conversations.rows.set(`${owner} ${conversationId}`, row);
    await retryMessage(world.ports, { ...given, attempt: 1 });
    expect(world.message(owner, given)?.ownModel ?? null).toBeNull();
  });

  test('is announced before the agent is, and titles the conversation', async () => {
    const given = input({ text: '\n  서울   날씨 알려줘 \n두 번째 줄' });
    world.clock.now += 60_000;
    await acceptMessage(world.ports, given);
    const kinds = world.publisher.heard.map(({ event }) => event.kind);
    expect(kinds.indexOf('message.accepted')).toBeLessThan(kinds.indexOf('agent.changed'));
    expect(await world.conversations.get(owner, conversationId)).toMatchObject({
      title: '서울 날씨 알려줘',
      activeAt: new Date(world.clock.now).toISOString(),
    });
    expect(world.heard('conversation.changed')).toHaveLength(1);
  });

  test("leaves a person's own title", async () => {
    const id = newId(world.clock.now);
    const at = new Date(world.clock.now).toISOString();
    await world.conversations.create(owner, { id, title: 'Mine', createdAt: at, activeAt: at });
    await acceptMessage(world.ports, input({ conversationId: id }));
    expect((await world.conversations.get(owner, id))?.title).toBe('Mine');
  });

  test('never logs its text', async () => {
    await acceptMessage(world.ports, input({ text: 'a very secret thing' }));
    expect(JSON.stringify(world.logged)).not.toContain('secret');
    expect(JSON.stringify(world.logged)).not.toContain('"ann"');
  });

  test('is accepted although nobody can be told', async () => {
    world.publisher.down = true;
    expect(await acceptMessage(world.ports, input())).toMatchObject({ status: 'queued' });
    expect(world.lease(owner)).toMatchObject({ state: 'waking', taskId: 'task1' });
  });
});

describe('bad input gets a clear error and changes nothing', () => {
  test.each(['', '   \n\t '])('an empty text', async (text) => {
    await refused(input({ text }), 'message.empty');
  });
  test('a text that is too long', async () => {
    await refused(input({ text: 'x'.repeat(maxTextLength + 1) }), 'message.too_long');
    await acceptMessage(world.ports, input({ text: 'x'.repeat(maxTextLength) }));
  });
  test.each(['', 'x', 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6', '../../etc'])(
    'a malformed id (%s)',
    async (id) => {
      await refused(input({ id }), 'message.id_invalid');
    },
  );
  test('an id in upper case, which would be a second key for the same message', async () => {
    await refused(input({ id: newId(world.clock.now).toUpperCase() }), 'message.id_invalid');
    await refused(input({ conversationId: conversationId.toUpperCase() }), 'conversation.id_invalid');
  });
  test('a malformed conversation id', async () => {
    await refused(input({ conversationId: 'a#b' }), 'conversation.id_invalid');
  });
  test('a conversation that does not exist, or is somebody else’s', async () => {
    await refused(input({ conversationId: newId() }), 'conversation.not_found');
    await refused(input({ conversationId: world.conversation('bob') }), 'conversation.not_found');
  });
  test('an id from a clock far ahead or far behind', async () => {
    await refused(input({ id: newId(world.clock.now + 6 * 60_000) }), 'message.clock_off');
    await refused(input({ id: newId(world.clock.now - 25 * 3_600_000) }), 'message.clock_off');
  });
  test('a full queue', async () => {
    for (let n = 0; n < maxPending; n += 1) await world.leases.ring(owner, `c#${n}`, maxPending);
    await refused(input(), 'message.queue_full');
  });
});

describe('more than an owner may ask for', () => {
  const limits = { messagesPerMinute: 2, messagesPerHour: 3, messagesPerDay: 4, tasksPerDay: 1 };
  const send = (given = input()) => acceptMessage({ ...world.ports, limits }, given);
  /** Refused, with when the next is allowed; nothing is stored. */
  const refusedUntil = async (detail: string) => {
    const given = input();
    await expect(send(given)).rejects.toMatchObject({
      code: 'message.rate_limited',
      detail,
      retryable: true,
    });
    expect(world.message(owner, given)).toBeUndefined();
    expect(world.lease(owner)?.pending).not.toContain(pendingKey(given));
  };

  test('is refused until the minute, the hour or the day is over', async () => {
    await send();
    await send();
    await refusedUntil('2026-05-01T09:01:00.000Z');
    world.clock.now += 60_000;
    await send();
    await refusedUntil('2026-05-01T10:00:00.000Z');
    world.clock.now += 3_600_000;
    await send();
    await refusedUntil('2026-05-02T00:00:00.000Z');
    world.clock.now += 24 * 3_600_000;
    await send();
  });

  test('does not count a resend, and a refused one can be sent under its id later', async () => {
    const given = input();
    await Promise.all([send(given), send(given), send(given)]);
    await send();
    const late = input();
    await expect(send(late)).rejects.toMatchObject({ code: 'message.rate_limited' });
    expect((await send(given)).id).toBe(given.id);
    world.clock.now += 60_000;
    expect((await send(late)).id).toBe(late.id);
  });

  test('counts Retries, and leaves the message as it was', async () => {
    const given = input();
    await send(given);
    await send();
    world.claim(owner, given);
    await world.commit(owner, given, { status: 'failed' });
    const again = retryMessage({ ...world.ports, limits }, { ...given, attempt: 1 });
    await expect(again).rejects.toMatchObject({ code: 'message.rate_limited' });
    expect(world.message(owner, given)).toMatchObject({ status: 'failed', attempt: 1 });
  });

  test('starts no task beyond the day’s, and says so on the message', async () => {
    const given = input();
    await send(given);
    world.ready(owner);
    world.claim(owner, given);
    await world.commit(owner, given, { status: 'answered' });
    expect(world.release(owner, 1)).toBe(true);
    expect(await send()).toMatchObject({
      status: 'failed',
      error: { code: 'task.rate_limited', detail: '2026-05-02T00:00:00.000Z' },
    });
    expect(world.runner.requests).toHaveLength(1);
    world.clock.now += 24 * 3_600_000;
    expect(await send()).toMatchObject({ status: 'queued' });
    expect(world.runner.requests).toHaveLength(2);
  });

  test('counts a start once, however often it is called for', async () => {
    const given = input();
    await send(given);
    const { taskId: _lost, ...crashed } = world.lease(owner) ?? ({} as never);
    world.leases.rows.set(owner, crashed);
    world.clock.now += 11_000;
    expect(await send(given)).toMatchObject({ status: 'queued' });
    expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 1, taskId: 'task1' });
  });

  test('counts no start that found no capacity', async () => {
    world.runner.full.add('FARGATE_SPOT');
    expect(await send()).toMatchObject({ status: 'queued' });
    expect(world.lease(owner)).toMatchObject({ capacity: 'FARGATE', taskId: 'task1' });
  });

  test('is one owner’s affair', async () => {
    await send();
    await send();
    const other = 'somebody-else';
    await acceptMessage(
      { ...world.ports, limits },
      { ...input(), owner: other, conversationId: world.conversation(other) },
    );
  });
});

describe('the same id again', () => {
  test('with the same text is the same message, and one task', async () => {
    const given = input();
    const first = await acceptMessage(world.ports, given);
    expect(await acceptMessage(world.ports, given)).toEqual(first);
    expect(world.runner.requests).toHaveLength(1);
    expect(world.lease(owner)?.pending).toEqual([pendingKey(given)]);
  });

  test('with another text is refused and leaves the first', async () => {
    const given = input();
    await acceptMessage(world.ports, given);
    await expect(acceptMessage(world.ports, { ...given, text: 'Other' })).rejects.toMatchObject({
      code: 'message.id_taken',
    });
    expect(world.message(owner, given)?.text).toBe('Hello there');
  });

  test('mends a crash between the message and the lease', async () => {
    const given = input();
    await world.ports.messages.put({
      ...given,
      ...{
        channel: 'web',
        status: 'queued',
        attempt: 1,
        answer: '',
        seq: 0,
        tools: [],
        attachments: [],
        files: [],
      },
      acceptedAt: new Date(world.clock.now).toISOString(),
    });
    expect(world.lease(owner)).toBeUndefined();
    await acceptMessage(world.ports, given);
    expect(world.lease(owner)).toMatchObject({
      state: 'waking',
      taskId: 'task1',
      pending: [pendingKey(given)],
    });
  });

  test('mends a crash between RunTask and its record, with the same task', async () => {
    const given = input();
    await acceptMessage(world.ports, given);
    const { taskId: _lost, ...crashed } = world.lease(owner) ?? ({} as never);
    world.leases.rows.set(owner, crashed);
    world.clock.now += 11_000;
    await acceptMessage(world.ports, given);
    expect(world.lease(owner)).toMatchObject({ epoch: 1, taskId: 'task1' });
    expect(world.runner.tasks.size).toBe(1);
  });

  test('a day later gives what became of it instead of a clock fault', async () => {
    const given = input();
    await acceptMessage(world.ports, given);
    await world.commit(owner, given, { status: 'answered', answer: 'Hi' });
    world.clock.now += 30 * 3_600_000;
    expect(await acceptMessage(world.ports, given)).toMatchObject({ status: 'answered', answer: 'Hi' });
    expect(world.lease(owner)?.pending).toEqual([]);
  });

  test('of an answered message gives the answer while the queue is full', async () => {
    const given = input();
    await acceptMessage(world.ports, given);
    await world.commit(owner, given, { status: 'answered', answer: 'Hi' });
    for (let n = 0; n < maxPending; n += 1) await world.leases.ring(owner, `c#${n}`, maxPending);
    expect(await acceptMessage(world.ports, given)).toMatchObject({ status: 'answered' });
  });

  test('twice at the same time is one message and one task', async () => {
    const given = input();
    await Promise.all([acceptMessage(world.ports, given), acceptMessage(world.ports, given)]);
    expect(world.messages.rows.size).toBe(1);
    expect(world.runner.tasks.size).toBe(1);
    expect(world.lease(owner)).toMatchObject({ epoch: 1, taskId: 'task1' });
  });
});

test('a message that was stored when the fiftieth other slipped in is shown as failed, not lost', async () => {
  for (let n = 0; n < maxPending; n += 1) await world.leases.ring(owner, `c#${n}`, maxPending);
  const given = input();
  const before = { ...world.leases, get: async () => null };
  expect(await acceptMessage({ ...world.ports, leases: before }, given)).toMatchObject({
    status: 'failed',
    error: { code: 'message.queue_full' },
  });
  expect(world.heard('message.finished')).toHaveLength(1);
  expect(world.lease(owner)?.pending).toHaveLength(maxPending);
});

test('messages that come at the same time wake one agent', async () => {
  await Promise.all(Array.from({ length: 8 }, () => acceptMessage(world.ports, input())));
  expect(world.lease(owner)).toMatchObject({ epoch: 1, taskId: 'task1', wakeSeq: 8 });
  expect(world.runner.tasks.size).toBe(1);
  expect(world.runner.stopped).toEqual([]);
});

describe('while an agent lives', () => {
  test('a message rings and starts nothing', async () => {
    await acceptMessage(world.ports, input());
    world.ready(owner);
    const second = input();
    await acceptMessage(world.ports, second);
    expect(world.runner.requests).toHaveLength(1);
    expect(world.lease(owner)).toMatchObject({ wakeSeq: 2, state: 'awake' });
    expect(world.heard('message.accepted')).toHaveLength(2);
  });

  test('a message that slips in while the agent is leaving makes its release fail', async () => {
    const first = input();
    await acceptMessage(world.ports, first);
    world.ready(owner);
    const pulled = world.lease(owner)?.wakeSeq ?? 0;
    await world.commit(owner, first, { status: 'answered' });
    const second = input();
    await acceptMessage(world.ports, second);
    expect(world.release(owner, pulled)).toBe(false);
    expect(world.lease(owner)?.pending).toEqual([pendingKey(second)]);
  });

  test('a message right after the release wakes a new one', async () => {
    const first = input();
    await acceptMessage(world.ports, first);
    world.ready(owner);
    await world.commit(owner, first, { status: 'answered' });
    expect(world.release(owner, 1)).toBe(true);
    await acceptMessage(world.ports, input());
    expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 2, taskId: 'task2' });
  });

  test('a message to an agent that is being stopped is accepted and waits, and a successor boots for it', async () => {
    await acceptMessage(world.ports, input());
    world.ready(owner);
    const row = world.lease(owner);
    if (row) world.leases.rows.set(owner, { ...row, state: 'stopping' });
    const second = input();
    expect(await acceptMessage(world.ports, second)).toMatchObject({ status: 'queued' });
    expect(world.runner.requests).toHaveLength(2);
    expect(world.lease(owner)).toMatchObject({
      taskId: 'task1',
      epoch: 1,
      successor: { taskId: 'task2', epoch: 2 },
    });
    expect(world.lease(owner)?.pending).toContain(pendingKey(second));
    await acceptMessage(world.ports, input());
    expect(world.runner.requests).toHaveLength(2);
  });

  test('a task that ECS gave only after its lease was lost is stopped', async () => {
    const run: typeof world.runner.run = async (request) => {
      if (world.runner.requests.length === 0) {
        world.runner.requests.push(request);
        world.clock.now += 130_000;
        await acceptMessage(world.ports, input());
        return { outcome: 'started', taskId: 'late' };
      }
      return world.runner.run(request);
    };
    await acceptMessage({ ...world.ports, runner: { ...world.runner, run } }, input());
    expect(world.lease(owner)).toMatchObject({ epoch: 2, taskId: 'task1' });
    expect(world.runner.stopped).toEqual(['late']);
  });

  test('a message after the lease ran out starts a successor and stops the silent task', async () => {
    await acceptMessage(world.ports, input());
    world.ready(owner);
    world.clock.now += 121_000;
    await acceptMessage(world.ports, input());
    expect(world.lease(owner)).toMatchObject({ epoch: 2, taskId: 'task2' });
    expect(world.runner.stopped).toEqual(['task1']);
  });
});

describe('without capacity', () => {
  test('a spot-first owner gets an On-Demand task under another token', async () => {
    world.runner.full.add('FARGATE_SPOT');
    expect(await acceptMessage(world.ports, input())).toMatchObject({ status: 'queued' });
    const [spot, onDemand] = world.runner.requests;
    expect([spot?.capacity, onDemand?.capacity]).toEqual(['FARGATE_SPOT', 'FARGATE']);
    expect(spot?.clientToken).not.toBe(onDemand?.clientToken);
    expect(world.lease(owner)).toMatchObject({ epoch: 1, capacity: 'FARGATE', taskId: 'task1' });
  });

  test.each([
    ['spot-only', 'FARGATE_SPOT'],
    ['on-demand', 'FARGATE'],
  ] as const)('a %s owner is told so, and the message can be retried', async (capacity, provider) => {
    world.settings.rows.set(owner, { capacity });
    world.runner.full.add(provider);
    const given = input();
    expect(await acceptMessage(world.ports, given)).toMatchObject({
      status: 'failed',
      error: { code: 'task.no_capacity' },
    });
    expect(world.runner.requests.map((request) => request.capacity)).toEqual([provider]);
    expect(world.lease(owner)).toMatchObject({
      state: 'failed',
      error: { code: 'task.no_capacity' },
      pending: [],
    });
    expect(world.heard('message.finished')).toHaveLength(1);
    expect(world.pushes).toEqual([expect.objectContaining({ owner })]);
    world.runner.full.clear();
    expect(await acceptMessage(world.ports, input())).toMatchObject({ status: 'queued' });
    expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 2 });
    expect(world.lease(owner)).not.toHaveProperty('error');
  });

  test('everything that waits is failed, not only the message that rang', async () => {
    world.publisher.down = true;
    world.runner.full.add('FARGATE_SPOT').add('FARGATE');
    const stranded = input();
    await world.ports.messages.put({
      ...stranded,
      ...{
        channel: 'web',
        status: 'queued',
        attempt: 1,
        answer: '',
        seq: 0,
        tools: [],
        attachments: [],
        files: [],
      },
      acceptedAt: new Date(world.clock.now).toISOString(),
    });
    await world.leases.ring(owner, pendingKey(stranded), maxPending);
    await acceptMessage(world.ports, input());
    expect(world.message(owner, stranded)).toMatchObject({ status: 'failed' });
  });

  test('what waited is answered after all when a message wakes an agent in the same moment', async () => {
    world.runner.full.add('FARGATE_SPOT').add('FARGATE');
    const [first, second] = [input(), input()];
    let isFirst = true;
    const drop: typeof world.leases.drop = async (...given) => {
      if (isFirst) {
        isFirst = false;
        world.runner.full.clear();
        await acceptMessage(world.ports, second);
      }
      return world.leases.drop(...given);
    };
    await acceptMessage({ ...world.ports, leases: { ...world.leases, drop } }, first);
    expect(world.message(owner, first)).toMatchObject({ status: 'queued' });
    expect(world.lease(owner)).toMatchObject({ state: 'waking', epoch: 2, taskId: 'task1' });
    expect(world.lease(owner)?.pending).toHaveLength(2);
  });

  test('a cluster that refuses fails the message with task.start_failed', async () => {
    world.runner.broken = 'AccessDeniedException';
    expect(await acceptMessage(world.ports, input())).toMatchObject({
      status: 'failed',
      error: { code: 'task.start_failed', detail: 'AccessDeniedException' },
    });
    expect(world.lease(owner)?.state).toBe('failed');
  });
});

describe('files with a message', () => {
  const photo = { id: newId(), name: 'photo.png', type: 'image/png', size: 5 };
  const upload = (file = photo) => world.files.upload(owner, file);

  test('are named in the message, kept from then on, and shown on the page of files', async () => {
    upload();
    const given = input({ attachments: [photo] });
    expect(await acceptMessage(world.ports, given)).toMatchObject({ attachments: [photo] });
    expect([...world.files.rows.values()]).toEqual([{ type: 'image/png', size: 5, unsent: false }]);
    expect(world.message(owner, given)?.filedAt).toBe(new Date(world.clock.now).toISOString());
    expect(world.heard('message.accepted')).toMatchObject([{ message: { attachments: [photo] } }]);
  });

  test('are what lies in the bucket, whatever the client says of them', async () => {
    upload();
    const lie = { ...photo, name: '../x\u202Egnp.exe', type: 'text/html', size: 1 };
    const { attachments } = await acceptMessage(world.ports, input({ attachments: [lie] }));
    expect(attachments).toEqual([{ ...photo, name: '_x_gnp.exe' }]);
  });

  test('may go without a text; the conversation is then called after the first', async () => {
    upload();
    await acceptMessage(world.ports, input({ text: '', attachments: [photo] }));
    expect((await world.conversations.get(owner, conversationId))?.title).toBe('photo.png');
  });

  test('are part of what makes a resend the same message', async () => {
    upload();
    const given = input({ attachments: [photo] });
    await acceptMessage(world.ports, given);
    world.files.rows.clear();
    expect(await acceptMessage(world.ports, given)).toMatchObject({ attachments: [photo] });
    expect(world.runner.requests).toHaveLength(1);
    await expect(acceptMessage(world.ports, { ...given, attachments: [] })).rejects.toMatchObject({
      code: 'message.id_taken',
    });
  });

  test('that were never uploaded, or are somebody else’s, are not there', async () => {
    world.files.upload('bob', photo);
    await refused(input({ attachments: [photo] }), 'attachment.missing');
    expect([...world.files.rows.values()]).toMatchObject([{ unsent: true }]);
  });

  test.each([
    ['eleven', Array.from({ length: 11 }, () => ({ ...photo, id: newId() })), 'attachment.too_many'],
    ['a list of something else', ['photo.png'], 'attachment.invalid'],
    ['no list', 'photo.png', 'attachment.invalid'],
    ['one twice', [photo, photo], 'attachment.invalid'],
    ['an id that leads elsewhere', [{ ...photo, id: '../bob/files/x' }], 'attachment.invalid'],
  ])('that are %s are refused', async (_, attachments, code) => {
    upload();
    await refused(input({ attachments }), code);
  });

  test('larger than the limit are refused', async () => {
    upload({ ...photo, size: maxAttachmentSize + 1 });
    await refused(input({ attachments: [photo] }), 'attachment.too_large');
  });
});
