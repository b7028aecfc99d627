import { beforeEach, describe, expect, test } from 'vitest';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { fileKey } from '../attachment.ts';
import { delivery } from '../channel/delivery.ts';
import { settleMs, tombstoneMs } from '../erasure.ts';
import { newId } from '../message-id.ts';
import { type MessageKey, pendingKey } from '../message-row.ts';
import { saveSchedule } from '../schedule/own-schedules.ts';
import { acceptMessage } from './accept-message.ts';
import { eraseConversation } from './erase-conversation.ts';

let world: MemoryWorld;
let conversationId: string;
beforeEach(() => {
  world = memoryWorld();
  conversationId = world.conversation('ann');
});

const file = () => ({ id: newId(world.clock.now), name: 'a.txt', type: 'text/plain', size: 3 });
async function send(owner: string, conversation: string): Promise<MessageKey> {
  const key = { conversationId: conversation, id: newId(world.clock.now) };
  await acceptMessage(world.ports, { owner, ...key, text: 'Hello' });
  return key;
}
/** A message that was answered, with a file that was sent, one that came back, and one that came to nothing. */
async function answered(owner: string, conversation: string) {
  const key = await send(owner, conversation);
  const [sent, made, lost] = [file(), file(), file()];
  for (const each of [sent, made, lost]) world.files.upload(owner, each);
  const row = world.message(owner, key);
  if (row) world.messages.rows.set(`${owner} ${pendingKey(key)}`, { ...row, attachments: [sent] });
  world.claim(owner, key);
  await world.commit(owner, key, {
    ...{ status: 'answered', answer: 'Hi', files: [made], uploads: [made.id, lost.id] },
  });
  const place = { channel: 'telegram', chat: '1', isPrivate: true };
  const outbox = {
    owner,
    ...key,
    place,
    language: 'en',
    createdAt: world.clock.now,
    revision: 0,
    attempt: 1,
  };
  await world.deliveries.open(delivery.parse(outbox), world.clock.now);
  return { key, files: [sent, made, lost].map(({ id }) => fileKey(owner, id)) };
}
const erase = (deadline = Number.POSITIVE_INFINITY, conversation = conversationId) =>
  eraseConversation(world.ports, { owner: 'ann', conversationId: conversation }, deadline);
const remove = () => world.deleteConversation('ann', conversationId);

describe('A deleted conversation', () => {
  test('leaves no message, file or delivery once what was begun before can’t write any more', async () => {
    const gone = await answered('ann', conversationId);
    const kept = [
      await answered('ann', world.conversation('ann')),
      await answered('bob', world.conversation('bob')),
    ];
    remove();
    await erase();
    expect(world.message('ann', gone.key)).toBeDefined();
    expect(await world.erasures.due(world.clock.now, 10)).toEqual([]);

    world.clock.now += settleMs;
    expect(await world.erasures.due(world.clock.now, 10)).toEqual([{ owner: 'ann', conversationId }]);
    await erase();
    expect(world.messages.rows.size).toBe(2);
    expect([...world.files.rows.keys()].sort()).toEqual(kept.flatMap(({ files }) => files).sort());
    expect([...world.deliveries.rows.values()].map(({ id }) => id)).toEqual(kept.map(({ key }) => key.id));
    expect(await world.erasures.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    const [mark] = world.erasures.rows.values();
    expect(mark?.expiresAt).toBe((world.clock.now + tombstoneMs) / 1000);
  });

  test('has its turns stopped at once, and is erased when they have ended', async () => {
    const working = await send('ann', conversationId);
    world.ready('ann');
    world.claim('ann', working);
    const waiting = await send('ann', conversationId);
    const other = await send('ann', world.conversation('ann'));
    remove();
    await erase();
    expect(world.message('ann', waiting)?.status).toBe('stopped');
    expect(world.message('ann', working)).toMatchObject({ status: 'working', stopRequested: true });
    expect(world.heard('message.stopping')).toMatchObject([{ messageId: working.id }]);
    expect(world.message('ann', other)?.status).toBe('queued');

    world.clock.now += settleMs;
    await erase();
    expect(world.message('ann', working)).toBeDefined();
    await world.commit('ann', working, { status: 'stopped', answer: 'Half' });
    world.clock.now += settleMs;
    await erase();
    expect(world.messages.rows.size).toBe(1);
  });

  test('has its schedules ended at once, and no other', async () => {
    const cadence = { kind: 'once', at: '2027-01-01T00:00:00.000Z' };
    const schedule = async (of: string, place: string) => {
      const given = { id: newId(), conversationId: place, text: 'Hello', cadence, isOn: true };
      return (await saveSchedule(world.ports, of, given)).id;
    };
    await schedule('ann', conversationId);
    const kept = [
      await schedule('ann', world.conversation('ann')),
      await schedule('bob', world.conversation('bob')),
    ];
    remove();
    await erase();
    expect([...world.schedules.rows.values()].map(({ id }) => id)).toEqual(kept);
  });

  test('is erased by as many calls as it takes, wherever one of them dies', async () => {
    for (let count = 0; count < 50; count += 1) await answered('ann', conversationId);
    remove();
    world.clock.now += settleMs;
    await erase(world.clock.now);
    expect(world.messages.rows.size).toBe(50);
    const { files, deliveries, messages } = world.ports;
    let step = 0;
    const deaths = [1, 4, 9, 11, 14];
    const dying = <Args extends unknown[]>(work: (...args: Args) => Promise<void>) => {
      return async (...args: Args) => {
        step += 1;
        // Before it or right after it.
        if (!deaths.includes(step) || step % 2 === 0) await work(...args);
        if (deaths.includes(step)) throw new Error('killed');
      };
    };
    const ports = {
      ...world.ports,
      files: { ...files, remove: dying(files.remove) },
      deliveries: { ...deliveries, remove: dying(deliveries.remove) },
      messages: { ...messages, remove: dying(messages.remove) },
    };
    for (const _ of [...deaths, 'the last']) {
      await eraseConversation(ports, { owner: 'ann', conversationId }, Number.POSITIVE_INFINITY).catch(
        () => {},
      );
    }
    expect([world.messages.rows.size, world.files.rows.size, world.deliveries.rows.size]).toEqual([0, 0, 0]);
    expect(await world.erasures.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  test('is not brought back by a message that was on its way', async () => {
    await answered('ann', conversationId);
    remove();
    await expect(send('ann', conversationId)).rejects.toMatchObject({ code: 'conversation.not_found' });
    // The function had looked for the conversation before it was deleted.
    const conversations = {
      ...world.conversations,
      get: async () => ({ id: conversationId, title: '', createdAt: '', activeAt: '' }),
    };
    const late = { owner: 'ann', conversationId, id: newId(world.clock.now), text: 'Late' };
    await acceptMessage({ ...world.ports, conversations }, late);
    await erase();
    expect(world.message('ann', late)?.status).toBe('stopped');
    world.clock.now += settleMs;
    await erase();
    expect(world.messages.rows.size).toBe(0);
  });
});

test('A conversation that was not deleted is not erased', async () => {
  await answered('ann', conversationId);
  world.clock.now += settleMs;
  await erase();
  expect(world.messages.rows.size).toBe(1);
});
