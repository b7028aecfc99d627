import { beforeEach, describe, expect, test } from 'vitest';
import type { TaskSession, TaskSessionStore } from '../../core/ports.ts';

const session: TaskSession = {
  taskId: 't1',
  owner: 'ann',
  epoch: 2,
  capacity: 'FARGATE_SPOT',
  startedAt: '2026-05-01T09:00:00.000Z',
};
const expiresAt = Math.floor(Date.parse('2026-06-01T00:00:00.000Z') / 1000);

/** What every TaskSessionStore does. */
export function taskSessionStoreContract(name: string, make: () => Promise<TaskSessionStore>): void {
  describe(`task session store: ${name}`, () => {
    let store: TaskSessionStore;
    beforeEach(async () => {
      store = await make();
    });

    test('a session is recorded once', async () => {
      expect(await store.get('t1')).toBeNull();
      await store.put(session, expiresAt);
      await store.put({ ...session, owner: 'mallory' }, expiresAt);
      expect(await store.get('t1')).toEqual(session);
    });

    test('a repeated or older event is not noted', async () => {
      await store.put(session, expiresAt);
      const runningAt = '2026-05-01T09:01:00.000Z';
      const stoppedAt = '2026-05-01T09:02:00.000Z';
      expect(await store.note('t1', { version: 3, runningAt })).toBe(true);
      expect(await store.note('t1', { version: 3, runningAt: stoppedAt })).toBe(false);
      expect(await store.note('t1', { version: 2 })).toBe(false);
      expect(await store.note('t1', { version: 10, stoppedAt, stopReason: 'SpotInterruption' })).toBe(true);
      expect(await store.get('t1')).toEqual({
        ...session,
        ...{ version: 10, runningAt, stoppedAt, stopReason: 'SpotInterruption' },
      });
    });

    test('an event of an unknown task makes no session', async () => {
      expect(await store.note('t9', { version: 1 })).toBe(false);
      expect(await store.get('t9')).toBeNull();
    });
  });
}
