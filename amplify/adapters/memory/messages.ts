import { isFinal } from '../../core/message.ts';
import { type MessageKey, pendingKey, type StoredMessage } from '../../core/message-row.ts';
import type { MessageStore } from '../../core/ports.ts';

/** Message rows in memory. `rows` is open to tests, by owner and key. */
export function memoryMessages(): MessageStore & { rows: Map<string, StoredMessage> } {
  const rows = new Map<string, StoredMessage>();
  const name = (owner: string, key: MessageKey) => `${owner} ${pendingKey(key)}`;
  const save = (row: StoredMessage): StoredMessage => {
    rows.set(name(row.owner, row), structuredClone(row));
    return structuredClone(row);
  };
  return {
    rows,
    get: async (owner, key) => structuredClone(rows.get(name(owner, key))) ?? null,
    put: async (message) => {
      const existing = rows.get(name(message.owner, message));
      if (existing) return { stored: false, existing: structuredClone(existing) };
      save(message);
      return { stored: true };
    },
    requeue: async (owner, key, attempt, ownModel) => {
      const row = rows.get(name(owner, key));
      if (!row || !isFinal(row.status) || row.attempt !== attempt) return null;
      const { conversationId, id, text, attachments, channel, acceptedAt } = row;
      const { uploads, filedAt, sources, filesRevision, transcript } = row;
      return save({
        ...{ owner, conversationId, id, text, attachments, channel, acceptedAt },
        ...(uploads && { uploads }),
        ...(filedAt && { filedAt }),
        ...(ownModel && { ownModel }),
        ...(transcript && { transcript }),
        ...(sources && { sources }),
        ...(filesRevision && { filesRevision }),
        ...{ status: 'queued', attempt: attempt + 1, answer: '', seq: 0, tools: [], files: [] },
      });
    },
    finish: async (owner, key, end) => {
      const row = rows.get(name(owner, key));
      if (!row || isFinal(row.status) || row.attempt !== end.attempt) return null;
      const { approval: _approval, ...rest } = row;
      return save({ ...rest, status: end.status, error: end.error, finishedAt: end.finishedAt });
    },
    setFiles: async ({ owner, filesRevision, ...key }, { attachments, joining }) => {
      const row = rows.get(name(owner, key));
      if (!row || (row.filesRevision ?? 0) !== (filesRevision ?? 0)) return null;
      if (joining && (row.status !== 'queued' || row.epoch)) return null;
      return save({ ...row, attachments, ...joining, filesRevision: (filesRevision ?? 0) + 1 });
    },
    forgetFile: async ({ owner, ...key }, fileId, deletedAt) => {
      const row = rows.get(name(owner, key));
      if (!row || ![...row.attachments, ...row.files].some(({ id }) => id === fileId)) return null;
      const mark = (files: StoredMessage['files']) =>
        files.map((file) => (file.id === fileId ? { ...file, deletedAt } : file));
      const filesRevision = (row.filesRevision ?? 0) + 1;
      return save({ ...row, attachments: mark(row.attachments), files: mark(row.files), filesRevision });
    },
    stop: async (owner, key, finishedAt) => {
      const row = rows.get(name(owner, key));
      if (!row || isFinal(row.status)) return null;
      if (row.status === 'working') return save({ ...row, stopRequested: true });
      const { stopRequested: _asked, ...rest } = row;
      return save({ ...rest, status: 'stopped', finishedAt });
    },
    decide: async (owner, key, { id, decision }) => {
      const row = rows.get(name(owner, key));
      const waiting = row?.status === 'working' ? row.approval : undefined;
      if (!row || waiting?.id !== id || (waiting.decision ?? decision) !== decision) return null;
      return save({ ...row, approval: { ...waiting, decision } });
    },
    states: async (owner, keys) =>
      keys.flatMap((key) => {
        const row = rows.get(name(owner, key));
        if (!row) return [];
        const { conversationId, id, status, attempt, epoch, toolsRan, claims } = row;
        return [{ conversationId, id, status, attempt, epoch, toolsRan, claims }];
      }),
    newest: async (owner, conversationId, limit) =>
      [...rows.values()]
        .filter((row) => row.owner === owner && row.conversationId === conversationId)
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit)
        .map((row) => structuredClone(row)),
    remove: async (owner, keys) => {
      for (const key of keys) {
        const row = rows.get(name(owner, key));
        if (row && isFinal(row.status)) rows.delete(name(owner, key));
      }
    },
    unanswered: async (acceptedBefore, limit) =>
      [...rows.values()]
        .filter((row) => !isFinal(row.status) && row.acceptedAt < acceptedBefore)
        .sort((a, b) => (a.acceptedAt < b.acceptedAt ? -1 : 1))
        .slice(0, limit)
        .map(({ owner, conversationId, id }) => ({ owner, conversationId, id })),
  };
}
