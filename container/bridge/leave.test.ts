import { expect, test } from 'vitest';
import type { SnapshotPointer } from '../../amplify/core/task-grant.ts';
import type { Backend } from './appsync/backend.ts';
import { Bounced } from './appsync/error.ts';
import { Leave } from './leave.ts';
import type { Session } from './session.ts';
import { defaultLimits } from './task-limits.ts';

const pointer = { key: 'owners/o/snapshots/1-1.tar.zst', epoch: 1, seq: 1 } as SnapshotPointer;

/** A task that wants to sleep, before an OpenClaw that answers like this. Gives what it did. */
async function tryToSleep(
  isOver: boolean,
  suspend: () => Promise<{ status: string; suspensionId?: string; blockers?: { kind: string }[] }>,
  more: { rings?: true; isBusy?: true } = {},
) {
  const did: string[] = [];
  const logs: unknown[] = [];
  const leave = new Leave({
    backend: {
      release: async ({ snapshot, error }: Parameters<Backend['release']>[0]) => {
        did.push(`release ${snapshot?.key ?? 'nothing'} ${error?.code ?? ''}`.trim());
        if (more.rings) throw new Bounced('agentRelease');
      },
      saveSnapshot: async () => void did.push('name the snapshot'),
    } as unknown as Backend,
    log: (_level, event, fields) => void logs.push({ event, ...fields }),
    limits: defaultLimits,
    signal: new AbortController().signal,
    end: (how) => void did.push(how),
  });
  leave.serve({
    session: {
      busy: more.isBusy ?? false,
      wakeSeq: 3,
      pause: () => void did.push('pause'),
      resume: (how?: string) => void did.push(how ? `resume, ${how}` : 'resume'),
      turnsEnded: async () => true,
    } as unknown as Session,
    gateway: {
      client: {
        request: async (method: string) => {
          if (method === 'gateway.suspend.prepare') return suspend();
          did.push(method);
        },
      },
    } as unknown as Parameters<Leave['serve']>[0]['gateway'],
    keeper: {
      restore: async () => ({ pointer: undefined, unreadable: [] }),
      save: async () => {
        did.push('save');
        return pointer;
      },
    },
    spending: undefined,
  });
  await leave.sleep(isOver);
  return { did, logs };
}

const ready = async () => ({ status: 'ready', suspensionId: 's' });
const draining = async () => ({
  status: 'draining',
  suspensionId: 's',
  blockers: [{ kind: 'background-exec', message: 'sleep 1000' }],
});

test('an agent that is quiet is saved and gives its lease back', async () => {
  const { did } = await tryToSleep(false, ready);
  expect(did).toEqual(['pause', 'save', `release ${pointer.key}`, 'slept']);
});

test('somebody who rings meanwhile is served, and the quiet time begins anew', async () => {
  const { did } = await tryToSleep(false, ready, { rings: true });
  expect(did.slice(3)).toEqual(['gateway.suspend.resume', 'resume']);
});

test('what runs in the background is waited for; the log says of what kind it is, and nothing else', async () => {
  const { did, logs } = await tryToSleep(false, draining);
  expect(did).toEqual(['pause', 'gateway.suspend.resume', 'resume, refused']);
  expect(logs).toEqual([{ event: 'sleep.refused', status: 'draining', by: ['background-exec'] }]);
});

test('waited for long enough, it ends with the task, which saves and says so', async () => {
  const { did } = await tryToSleep(true, draining);
  expect(did).toEqual([
    'pause',
    'pause',
    'save',
    `release ${pointer.key} agent.background_ended`,
    'terminated',
  ]);
});

test('so does an OpenClaw that answers nothing; whoever rang finds the last state named, and another task', async () => {
  const { did } = await tryToSleep(true, () => Promise.reject(new Error('TIMEOUT')), { rings: true });
  expect(did.slice(2)).toEqual([
    'save',
    `release ${pointer.key} agent.background_ended`,
    'name the snapshot',
    'terminated',
  ]);
});

test('a message that came meanwhile is never ended with it', async () => {
  const { did } = await tryToSleep(true, draining, { isBusy: true });
  expect(did.at(-1)).toBe('resume, refused');
});
