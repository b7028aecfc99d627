import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../core/message-id.ts';
import { type StoredMessage, storedMessage } from '../../core/message-row.ts';
import type { MessageStore } from '../../core/ports.ts';

const conversationId = newId();
const queued = (change: Partial<StoredMessage> = {}): StoredMessage =>
  storedMessage.parse({
    owner: 'ann',
    conversationId,
    id: newId(),
    text: '안녕 👋 "quoted"',
    status: 'queued',
    attempt: 1,
    acceptedAt: '2026-05-01T09:00:00.000Z',
    ...change,
  });
const end = {
  attempt: 1,
  status: 'failed',
  error: { code: 'task.lost', detail: 'SpotInterruption' },
  finishedAt: '2026-05-01T09:05:00.000Z',
} as const;

/** What every MessageStore does. `make` gives an empty one; `plant` puts a row there as a task's resolvers would leave it. */
export function messageStoreContract(
  name: string,
  make: () => Promise<{ store: MessageStore; plant: (row: StoredMessage) => Promise<void> }>,
): void {
  describe(`message store: ${name}`, () => {
    let store: MessageStore;
    let plant: (row: StoredMessage) => Promise<void>;
    beforeEach(async () => {
      ({ store, plant } = await make());
    });

    test('a message is stored once; a second put gives the first', async () => {
      const row = queued();
      expect(await store.put(row)).toEqual({ stored: true });
      expect(await store.put({ ...row, text: 'other' })).toEqual({ stored: false, existing: row });
      expect(await store.get('ann', row)).toEqual(row);
    });

    test("another owner's message of the same key is another message", async () => {
      const row = queued();
      await store.put(row);
      expect(await store.get('bob', row)).toBeNull();
      expect(await store.put({ ...row, owner: 'bob' })).toEqual({ stored: true });
    });

    test('of two that put the same key at once, one stores it', async () => {
      const row = queued();
      const results = await Promise.all([store.put(row), store.put(row)]);
      expect(results.filter((result) => result.stored)).toHaveLength(1);
    });

    test('a file that was deleted is marked where it is named, and nothing else is touched', async () => {
      const file = { id: newId(), name: 'a.png', type: 'image/png', size: 5 };
      const made = { ...file, id: newId() };
      const row = queued({
        attachments: [{ ...file, id: newId() }, file],
        files: [made],
        filedAt: end.finishedAt,
      });
      await plant(row);
      const marked = { ...file, deletedAt: end.finishedAt };
      const attachments = [row.attachments[0], marked];
      expect(await store.forgetFile(row, file.id, end.finishedAt)).toEqual({
        ...{ ...row, attachments, filesRevision: 1 },
      });
      const after = await store.forgetFile(row, made.id, end.finishedAt);
      expect(after).toMatchObject({ attachments, files: [{ id: made.id, deletedAt: end.finishedAt }] });
      expect(await store.forgetFile(row, newId(), end.finishedAt)).toBeNull();
      expect(await store.forgetFile({ ...row, owner: 'bob' }, file.id, end.finishedAt)).toBeNull();
    });

    test('what files go with a message is changed by who saw the last change, a deletion too', async () => {
      const file = { id: newId(), name: 'a.png', type: 'image/png', size: 5, arriving: true };
      const row = queued({ attachments: [file], filedAt: end.finishedAt });
      await plant(row);
      const there = { attachments: [{ ...file, arriving: false, size: 7 }] };
      const after = await store.setFiles(row, there);
      expect(after).toEqual({ ...row, ...there, filesRevision: 1 });
      expect(await store.setFiles(row, { attachments: [] })).toBeNull();
      await store.forgetFile(row, file.id, end.finishedAt);
      expect(await store.setFiles(after as StoredMessage, there)).toBeNull();
      expect(await store.setFiles({ ...row, id: newId() }, there)).toBeNull();
      expect((await store.get('ann', row))?.attachments).toMatchObject([{ deletedAt: end.finishedAt }]);
    });

    test('more joins a message until a task has taken it', async () => {
      const file = { id: newId(), name: 'a.png', type: 'image/png', size: 5, arriving: true };
      const row = queued({ attachments: [file], filedAt: end.finishedAt });
      await plant(row);
      const more = { ...file, id: newId() };
      const joining = {
        ...{ text: 'both', joinsUntil: end.finishedAt },
        sources: [{ id: more.id, ref: 'file-2', caption: 'both' }],
      };
      const attachments = [file, more];
      const after = await store.setFiles(row, { attachments, joining });
      expect(after).toEqual({ ...row, ...joining, attachments, filesRevision: 1 });
      const taken = { ...row, id: newId(), status: 'working', epoch: 3 } as const;
      await plant(taken);
      expect(await store.setFiles(taken, { attachments, joining })).toBeNull();
      expect(await store.setFiles(taken, { attachments })).toEqual({
        ...taken,
        attachments,
        filesRevision: 1,
      });
    });

    test('a Retry keeps what was sent with the message and drops what its answer had made', async () => {
      const file = { id: newId(), name: 'a.png', type: 'image/png', size: 5 };
      const row = queued({
        ...{ attachments: [file], filedAt: end.finishedAt, uploads: [newId()], filesRevision: 1 },
        sources: [{ id: file.id, ref: 'file-1', caption: '' }],
        transcript: { text: 'Buy milk.' },
      });
      await plant({ ...row, status: 'failed', files: [{ ...file, id: newId() }] });
      expect(await store.requeue('ann', row, 1, null)).toEqual({ ...row, attempt: 2 });
    });

    test('a message that is not final ends with its error and keeps its partial answer', async () => {
      const row = queued({ status: 'working', epoch: 3, answer: 'so far', seq: 4, toolsRan: true });
      await plant(row);
      expect(await store.finish('ann', row, end)).toEqual({
        ...row,
        status: 'failed',
        error: end.error,
        finishedAt: end.finishedAt,
      });
    });

    test('a final message, one of another attempt and one that is not there do not end', async () => {
      const answered = queued({ status: 'answered', answer: 'yes' });
      const second = queued({ attempt: 2 });
      await plant(answered);
      await plant(second);
      expect(await store.finish('ann', answered, end)).toBeNull();
      expect(await store.finish('ann', second, end)).toBeNull();
      expect(await store.finish('ann', queued(), end)).toBeNull();
      expect(await store.get('ann', answered)).toEqual(answered);
    });

    test('a final message is queued anew without what its attempt left', async () => {
      const row = queued();
      await plant({
        ...row,
        ...{
          status: 'interrupted',
          epoch: 3,
          answer: 'half',
          seq: 9,
          toolsRan: true,
          claims: 2,
          stopRequested: true,
        },
        ...{
          error: { code: 'task.lost' },
          model: 'm',
          startedAt: row.acceptedAt,
          finishedAt: row.acceptedAt,
        },
        usage: {
          inputTokens: 1,
          outputTokens: 2,
          cachedTokens: 0,
          cacheWriteTokens: 0,
          reasoningTokens: 0,
          estimated: false,
        },
        tools: [{ id: 't', name: 'exec', title: 'ls', status: 'done', at: 0, startedAt: row.acceptedAt }],
      });
      expect(await store.requeue('ann', row, 1, null)).toEqual({ ...row, attempt: 2 });
      expect(await store.requeue('ann', row, 1, null)).toBeNull();
      expect(await store.requeue('ann', queued(), 1, null)).toBeNull();
    });

    test('a Retry is for the model that its conversation has by now', async () => {
      const ownModel = { provider: 'openai' as const, model: 'm', price: { input: 1, output: 2.5 } };
      const row = queued();
      await plant({ ...row, status: 'failed', ownModel: { ...ownModel, model: 'before' } });
      expect(await store.requeue('ann', row, 1, ownModel)).toEqual({ ...row, attempt: 2, ownModel });
      const other = queued();
      await plant({ ...other, status: 'failed', ownModel });
      expect(await store.requeue('ann', other, 1, null)).toEqual({ ...other, attempt: 2 });
    });

    test('a message that waits or is worked on is not queued anew', async () => {
      for (const status of ['queued', 'working'] as const) {
        const row = queued({ status });
        await plant(row);
        expect(await store.requeue('ann', row, 1, null)).toBeNull();
      }
    });

    test('a stop ends what waits, asks for what is worked on, and leaves what is final', async () => {
      const [waiting, working, done] = [
        queued({ stopRequested: true }),
        queued({ status: 'working', epoch: 2, answer: 'so far' }),
        queued({ status: 'answered' }),
      ];
      for (const row of [waiting, working, done]) await plant(row);
      const { stopRequested: _asked, ...rest } = waiting;
      const at = end.finishedAt;
      expect(await store.stop('ann', waiting, at)).toEqual({ ...rest, status: 'stopped', finishedAt: at });
      expect(await store.unanswered('2027-01-01T00:00:00.000Z', 10)).not.toContainEqual(
        expect.objectContaining({ id: waiting.id }),
      );
      expect(await store.stop('ann', working, at)).toEqual({ ...working, stopRequested: true });
      expect(await store.stop('ann', done, at)).toBeNull();
      expect(await store.stop('ann', queued(), at)).toBeNull();
      expect(await store.stop('bob', working, at)).toBeNull();
    });

    test('a decision is noted for the approval that waits; the first one stands', async () => {
      const approval = { id: 'a1', command: 'ls', requestedAt: end.finishedAt };
      const row = queued({ status: 'working', epoch: 2, approval });
      await plant(row);
      expect(await store.decide('ann', row, { id: 'a0', decision: 'deny' })).toBeNull();
      const decided = { ...row, approval: { ...approval, decision: 'deny' } };
      expect(await store.decide('ann', row, { id: 'a1', decision: 'deny' })).toEqual(decided);
      expect(await store.decide('ann', row, { id: 'a1', decision: 'deny' })).toEqual(decided);
      expect(await store.decide('ann', row, { id: 'a1', decision: 'allow-once' })).toBeNull();
      expect(await store.decide('ann', queued(), { id: 'a1', decision: 'deny' })).toBeNull();
    });

    test('states are given for the keys that exist', async () => {
      const row = queued({ status: 'working', epoch: 2, toolsRan: true, claims: 1 });
      await plant(row);
      expect(await store.states('ann', [queued(), row])).toEqual([
        { conversationId, id: row.id, status: 'working', attempt: 1, epoch: 2, toolsRan: true, claims: 1 },
      ]);
      expect(await store.states('bob', [row])).toEqual([]);
    });

    test('fifty states are given', async () => {
      const rows = Array.from({ length: 50 }, () => queued());
      for (const row of rows) await store.put(row);
      expect(await store.states('ann', rows)).toHaveLength(50);
    });

    test('the newest messages of a conversation are given, newest first', async () => {
      const rows = [1, 2, 3].map((n) => queued({ id: newId(n) }));
      for (const row of rows) await store.put(row);
      await store.put(queued({ conversationId: newId() }));
      await store.put({ ...queued(), owner: 'bob' });
      const found = await store.newest('ann', conversationId, 2);
      expect(found.map(({ id }) => id)).toEqual([rows[2]?.id, rows[1]?.id]);
      expect(found[0]).toMatchObject({ owner: 'ann', text: '안녕 👋 "quoted"' });
      expect(await store.newest('eve', conversationId, 2)).toEqual([]);
    });

    test('final messages are removed, what is not final and another’s stay', async () => {
      const [done, open, kept] = [queued(), queued(), queued()];
      for (const row of [done, open, kept, { ...done, owner: 'bob' }]) await store.put(row);
      for (const row of [done, kept]) await store.finish('ann', row, end);
      await store.remove('ann', [done, open, { conversationId, id: newId() }]);
      expect(await store.get('ann', done)).toBeNull();
      for (const row of [open, kept]) expect(await store.get('ann', row)).not.toBeNull();
      expect(await store.get('bob', done)).not.toBeNull();
    });

    test('unanswered are the messages that are not final and old enough, oldest first', async () => {
      const at = (minute: number) => `2026-05-01T09:0${minute}:00.000Z`;
      const [old, older, young, done] = [
        queued({ acceptedAt: at(2) }),
        queued({ acceptedAt: at(1), owner: 'bob' }),
        queued({ acceptedAt: at(8) }),
        queued({ acceptedAt: at(0) }),
      ];
      for (const row of [old, older, young, done]) await store.put(row);
      await store.finish('ann', done, end);
      const found = await store.unanswered(at(5), 10);
      expect(found).toEqual([
        { owner: 'bob', conversationId, id: older.id },
        { owner: 'ann', conversationId, id: old.id },
      ]);
      expect(await store.unanswered(at(5), 1)).toHaveLength(1);
      await store.requeue('ann', done, 1, null);
      expect(await store.unanswered(at(5), 10)).toHaveLength(3);
    });
  });
}
