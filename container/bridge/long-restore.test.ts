import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { leaseMs } from '../../amplify/core/lease.ts';
import type { TaskGrant } from '../../amplify/core/task-grant.ts';
import { startTask, type TaskPorts } from './agent-task.ts';
import type { AgentReport, Backend } from './appsync/backend.ts';
import { Bounced } from './appsync/error.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'long-restore-'));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

/** A state as large as one may be, on a slow disk. */
const restoreMs = 12 * 60_000;

test('a restore that takes longer than a lease lives keeps the lease, and no message is taken before it is done', async () => {
  const bytes = Buffer.from('a saved state');
  const pointer = {
    ...{ key: 'owners/o/snapshots/1-1.tar.zst', epoch: 1, seq: 1, savedAt: '2026-05-01T08:00:00.000Z' },
    ...{ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
  const url = `data:application/octet-stream;base64,${bytes.toString('base64')}`;
  const grant: TaskGrant = {
    ...{ epoch: 2, idleSeconds: 600, model: null },
    snapshots: [{ pointer, download: { url, headers: {} } }],
  };
  const reports: AgentReport[] = [];
  const claims: unknown[] = [];
  let isUnpacking = false;
  let leaseUntil = Date.now() + leaseMs;
  const renewed = () => {
    if (Date.now() > leaseUntil) throw new Bounced('agentPull');
    leaseUntil = Date.now() + leaseMs;
  };
  const folders = Object.fromEntries(
    ['root', 'state', 'workspace', 'temporary', 'bridge'].map((name) => [name, join(root, name)]),
  );
  for (const folder of Object.values(folders)) mkdirSync(folder);
  const task = startTask({
    backend: {
      openSession: async () => grant,
      pull: async () => {
        renewed();
        const message = { conversationId: 'c', id: 'm', attempt: 1, status: 'queued', text: 'Hi', tools: [] };
        return {
          epoch: 2,
          wakeSeq: 1,
          leaseExpiresAt: leaseUntil,
          sleepRequested: false,
          messages: [message],
        };
      },
      report: async (report: AgentReport) => void reports.push(report),
      recall: async () => [],
      deletedConversations: async () => [],
      claim: async () => void claims.push('claim'),
    } as unknown as Backend,
    openDoorbell: () => ({ close: () => {} }),
    folders,
    isolation: {},
    worker: {
      run: async (action: string) => {
        isUnpacking ||= action === 'unpack';
        if (action === 'unpack') await new Promise((resolve) => setTimeout(resolve, restoreMs));
        return { action, entries: 1, endedTurns: 0 };
      },
    },
    workspaceFiles: {},
    openclawEntry: join(root, 'none.mjs'),
    log: () => {},
  } as unknown as TaskPorts);
  let end: string | undefined;
  void task.ended.then((how) => {
    end = how;
  });
  const phases = () => reports.flatMap(({ phase }) => phase ?? []);
  await vi.waitFor(() => expect(phases()).toEqual(['starting', 'restoring']));
  await vi.waitFor(() => expect(isUnpacking).toBe(true));
  await vi.advanceTimersByTimeAsync(restoreMs - 60_000);
  expect([end, phases(), claims]).toEqual([undefined, ['starting', 'restoring'], []]);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(phases()).toContain('booting');
  expect(leaseUntil).toBeGreaterThan(Date.now());
  task.terminate();
  await task.ended;
});
