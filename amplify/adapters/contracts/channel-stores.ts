import { beforeEach, describe, expect, test } from 'vitest';
import type { DeliveryStore, LinkStore, PlaceStore } from '../../core/channel/channel-ports.ts';
import { type Delivery, delivery, overdueMs } from '../../core/channel/delivery.ts';
import { newId } from '../../core/message-id.ts';

const now = Date.parse('2026-05-01T09:00:00.000Z');
const channel = 'pigeon';
const person = (userId: string) => ({
  channel,
  userId,
  name: '민수 👋',
  language: 'ko' as const,
  linkedAt: new Date(now).toISOString(),
  isActive: true,
});

/** What every LinkStore does. */
export function linkStoreContract(name: string, make: () => Promise<LinkStore>): void {
  describe(`link store: ${name}`, () => {
    let store: LinkStore;
    const link = async (owner: string, userId: string, hash = newId()) => {
      await store.putCode(channel, hash, owner, now + 1_000);
      return store.linkByCode(hash, now, person(userId));
    };
    beforeEach(async () => {
      store = await make();
    });

    test('a code links once, until it expires, on its channel', async () => {
      await store.putCode(channel, 'h1', 'ann', now + 1_000);
      expect(await store.linkByCode('h1', now + 1_000, person('1'))).toBeNull();
      expect(await store.linkByCode('h1', now, { ...person('1'), channel: 'discord' })).toBeNull();
      expect(await store.linkByCode('h1', now, person('1'))).toEqual({ ...person('1'), owner: 'ann' });
      expect(await store.linkByCode('h1', now, person('2'))).toBeNull();
      expect(await store.ofUser(channel, '1')).toEqual({ ...person('1'), owner: 'ann' });
      expect(await store.ofUser(channel, '2')).toBeNull();
    });

    test('of two that use a code at once, one is linked', async () => {
      await store.putCode(channel, 'h1', 'ann', now + 1_000);
      const results = await Promise.all(['1', '2'].map((id) => store.linkByCode('h1', now, person(id))));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect((await store.ofOwner(channel, 'ann'))?.userId).toBe(results.find(Boolean)?.userId);
    });

    test('an owner has one person and a person one owner', async () => {
      await link('ann', '1');
      await link('ann', '2');
      expect(await store.ofUser(channel, '1')).toBeNull();
      expect((await store.ofOwner(channel, 'ann'))?.userId).toBe('2');
      await link('bob', '2');
      expect(await store.ofOwner(channel, 'ann')).toBeNull();
      expect((await store.ofUser(channel, '2'))?.owner).toBe('bob');
    });

    test('an unlinked pair is linked on neither side; unlinking again changes nothing', async () => {
      await link('ann', '1');
      expect((await store.unlink(channel, 'ann'))?.userId).toBe('1');
      expect(await store.ofUser(channel, '1')).toBeNull();
      expect(await store.ofOwner(channel, 'ann')).toBeNull();
      expect(await store.unlink(channel, 'ann')).toBeNull();
    });

    test('who can’t be reached is noted, and nobody is made by that', async () => {
      await link('ann', '1');
      expect(await store.setActive(channel, '1', false)).toMatchObject({ owner: 'ann', isActive: false });
      expect(await store.setActive(channel, '9', true)).toBeNull();
      expect(await store.ofUser(channel, '9')).toBeNull();
    });

    test('strangers are counted by what they did', async () => {
      const count = (what: 'word' | 'try', id = '1') => store.countStranger(channel, id, what, now + 1_000);
      expect([
        await count('word'),
        await count('word'),
        await count('try'),
        await count('word', '2'),
      ]).toEqual([1, 2, 1, 1]);
    });
  });
}

/** What every PlaceStore does. */
export function placeStoreContract(name: string, make: () => Promise<PlaceStore>): void {
  describe(`place store: ${name}`, () => {
    const place = { channel, chat: '1', isPrivate: true };
    const entry = (since: number, owner = 'ann') => ({ owner, conversationId: newId(), since, at: now });
    const first = { gone: null, isNewer: false };

    test('of two that begin at once both get the same conversation; a topic is another place', async () => {
      const store = await make();
      const [a, b] = await Promise.all([entry(1), entry(2)].map((each) => store.begin(place, each, first)));
      expect(a).toEqual(b);
      expect(await store.get(place)).toEqual(a);
      expect(await store.get({ ...place, thread: '7' })).toBeNull();
    });

    test('a newer beginning takes the place of an older one, not the reverse', async () => {
      const store = await make();
      const [old, young] = [entry(1), entry(5)];
      const newer = { gone: null, isNewer: true };
      await store.begin(place, young, newer);
      expect(await store.begin(place, old, newer)).toEqual(young);
      const latest = entry(6);
      expect(await store.begin(place, latest, newer)).toEqual(latest);
    });

    test('the place that writes in a conversation is found by it, while it does, for its owner only', async () => {
      const store = await make();
      const [one, two, other] = [entry(1), entry(2), entry(3)];
      const topic = { channel, chat: '2', thread: '7', isPrivate: false };
      await store.begin(place, one, first);
      await store.begin(topic, other, first);
      expect(await store.ofConversation('ann', one.conversationId)).toEqual(place);
      expect(await store.ofConversation('ann', other.conversationId)).toEqual(topic);
      expect(await store.ofConversation('bob', one.conversationId)).toBeNull();
      await store.begin(place, two, { gone: null, isNewer: true });
      expect(await store.ofConversation('ann', one.conversationId)).toBeNull();
      expect(await store.ofConversation('ann', two.conversationId)).toEqual(place);
    });

    test('a conversation that is gone is replaced once; another owner’s is', async () => {
      const store = await make();
      const [one, two, three] = [entry(1), entry(2), entry(3)];
      await store.begin(place, one, first);
      const over = { gone: one.conversationId, isNewer: false };
      expect(await store.begin(place, two, over)).toEqual(two);
      expect(await store.begin(place, three, over)).toEqual(two);
      const bobs = entry(1, 'bob');
      expect(await store.begin(place, bobs, first)).toEqual(bobs);
      await store.remove(place);
      expect(await store.get(place)).toBeNull();
    });
  });
}

/** What every DeliveryStore does. */
export function deliveryStoreContract(name: string, make: () => Promise<DeliveryStore>): void {
  describe(`delivery store: ${name}`, () => {
    const row = (change: Partial<Delivery> = {}): Delivery =>
      delivery.parse({
        owner: 'ann',
        id: newId(),
        conversationId: newId(),
        place: { channel, chat: '1', isPrivate: true },
        language: 'en',
        createdAt: now,
        revision: 0,
        attempt: 1,
        ...change,
      });

    test('a row is opened once and written by who has seen it last', async () => {
      const store = await make();
      const opened = row();
      await store.open(opened, now);
      await store.open({ ...opened, language: 'ko' }, now);
      expect(await store.get('ann', opened.id)).toEqual(opened);
      const saved = await store.save({ ...opened, parts: [{ ref: null }] }, now);
      expect(saved).toEqual({ ...opened, revision: 1, parts: [{ ref: null }] });
      expect(await store.save({ ...opened, parts: [] }, now)).toBeNull();
      expect(await store.get('ann', opened.id)).toEqual(saved);
      expect(await store.get('bob', opened.id)).toBeNull();
    });

    test('rows are removed by their messages, one’s own only, and one that is gone is no error', async () => {
      const store = await make();
      const [mine, other] = [row(), row()];
      for (const each of [mine, other, { ...mine, owner: 'bob' }]) await store.open(each, now);
      await store.remove('ann', [mine.id, newId()]);
      expect(await store.get('ann', mine.id)).toBeNull();
      expect(await store.get('ann', other.id)).not.toBeNull();
      expect(await store.get('bob', mine.id)).not.toBeNull();
      const due = (await store.overdue(now + overdueMs + 1, 10)).map(({ owner, id }) => [owner, id]);
      expect(due.sort()).toEqual(
        [
          ['ann', other.id],
          ['bob', mine.id],
        ].sort(),
      );
    });

    test('overdue is what nobody has brought to its end, oldest first', async () => {
      const store = await make();
      const [late, later, done] = [row(), row({ owner: 'bob' }), row()];
      await store.open(later, now + 1_000);
      for (const each of [late, done]) await store.open(each, now);
      await store.save({ ...done, doneAttempt: 1 }, now);
      expect(await store.overdue(now + overdueMs, 10)).toEqual([]);
      const keys = [late, later].map(({ owner, conversationId, id }) => ({ owner, conversationId, id }));
      expect(await store.overdue(now + overdueMs + 2_000, 10)).toEqual(keys);
      expect(await store.overdue(now + overdueMs + 2_000, 1)).toEqual(keys.slice(0, 1));
    });
  });
}
