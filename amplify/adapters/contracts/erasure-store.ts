import { beforeEach, describe, expect, test } from 'vitest';
import type { ConversationErasure, ErasureStore } from '../../core/erasure.ts';
import { newId } from '../../core/message-id.ts';

const at = Date.parse('2026-05-01T09:00:00.000Z');

/** What every ErasureStore does. `mark` leaves of a conversation what the resolver that deletes it does. */
export function erasureStoreContract(
  name: string,
  make: () => Promise<{
    store: ErasureStore;
    mark: (erasure: ConversationErasure, at: number) => Promise<void>;
  }>,
): void {
  describe(`erasure store: ${name}`, () => {
    let store: ErasureStore;
    let mark: (erasure: ConversationErasure, at: number) => Promise<void>;
    beforeEach(async () => {
      ({ store, mark } = await make());
    });
    const [anns, bobs] = ['ann', 'bob'].map((owner) => ({ owner, conversationId: newId() })) as [
      ConversationErasure,
      ConversationErasure,
    ];

    test('what was deleted is due, the oldest first', async () => {
      await mark(anns, at + 1);
      await mark(bobs, at);
      expect(await store.due(at - 1, 10)).toEqual([]);
      expect(await store.due(at + 1, 10)).toEqual([bobs, anns]);
      expect(await store.due(at + 1, 1)).toEqual([bobs]);
      expect(await store.deletedAt(anns)).toBe(new Date(at + 1).toISOString());
      expect(await store.deletedAt({ ...anns, owner: 'bob' })).toBeNull();
    });

    test('what is postponed is due later, what is closed never again', async () => {
      await mark(anns, at);
      await store.postpone(anns, at + 1000);
      expect(await store.due(at + 999, 10)).toEqual([]);
      expect(await store.due(at + 1000, 10)).toEqual([anns]);
      await store.close(anns, 1);
      await store.postpone(anns, at);
      expect(await store.due(at + 5000, 10)).toEqual([]);
      expect(await store.deletedAt(anns)).toBeNull();
    });

    test('what was never deleted is not marked by being put off', async () => {
      await store.postpone(anns, at);
      await store.close(anns, 1);
      expect(await store.due(at, 10)).toEqual([]);
    });
  });
}
