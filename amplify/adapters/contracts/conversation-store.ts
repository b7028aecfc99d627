import { beforeEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../../core/conversation.ts';
import { newId } from '../../core/message-id.ts';
import type { ConversationStore } from '../../core/ports.ts';

const row: Conversation = {
  id: newId(),
  title: '',
  createdAt: '2026-05-01T09:00:00.000Z',
  activeAt: '2026-05-01T09:00:00.000Z',
};

/** What every ConversationStore does. `plant` puts a row there as createConversation would. */
export function conversationStoreContract(
  name: string,
  make: () => Promise<{
    store: ConversationStore;
    plant: (owner: string, row: Conversation) => Promise<void>;
  }>,
): void {
  describe(`conversation store: ${name}`, () => {
    let store: ConversationStore;
    let plant: (owner: string, row: Conversation) => Promise<void>;
    beforeEach(async () => {
      ({ store, plant } = await make());
    });
    const later = { activeAt: '2026-05-01T10:00:00.000Z', title: 'First words' };

    test("an owner's conversation is given to that owner only", async () => {
      await plant('ann', row);
      expect(await store.get('ann', row.id)).toEqual(row);
      expect(await store.get('bob', row.id)).toBeNull();
    });

    test('the first message names the conversation and moves it up', async () => {
      await plant('ann', row);
      expect(await store.touch('ann', row.id, later)).toEqual({ ...row, ...later });
      expect(await store.get('ann', row.id)).toEqual({ ...row, ...later });
    });

    test("a person's title stays", async () => {
      await plant('ann', { ...row, title: 'Mine' });
      expect(await store.touch('ann', row.id, later)).toEqual({
        ...row,
        title: 'Mine',
        activeAt: later.activeAt,
      });
    });

    test('activity never moves backwards', async () => {
      await plant('ann', { ...row, ...later });
      const earlier = { ...later, activeAt: '2026-05-01T09:30:00.000Z' };
      expect(await store.touch('ann', row.id, earlier)).toEqual({ ...row, ...later });
    });

    test('the conversations that were active since a time are given, the last active first', async () => {
      const at = (hour: number) => `2026-05-01T1${hour}:00:00.000Z`;
      for (const hour of [1, 3, 2]) await plant('ann', { ...row, id: `c${hour}`, activeAt: at(hour) });
      await plant('bob', { ...row, activeAt: at(4) });
      expect(await store.active('ann', at(2), 10)).toEqual(['c3', 'c2']);
      expect(await store.active('ann', at(0), 2)).toEqual(['c3', 'c2']);
    });

    test('a conversation that is gone is not made again', async () => {
      expect(await store.touch('ann', row.id, later)).toBeNull();
      expect(await store.get('ann', row.id)).toBeNull();
    });
  });
}
