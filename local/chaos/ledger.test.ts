import { describe, expect, test } from 'vitest';
import type { Event } from '../../amplify/core/event.ts';
import { emptyLease } from '../../amplify/core/lease.ts';
import { newId } from '../../amplify/core/message-id.ts';
import { pendingKey, type StoredMessage, storedMessage, toMessage } from '../../amplify/core/message-row.ts';
import type { JournalEntry } from './agent/journal.ts';
import { audit, type Evidence, type Sent } from './ledger.ts';

const owner = 'ann';
const key = { conversationId: newId(), id: newId() };
const at = '2026-01-01T00:00:00.000Z';
const row = (change: Partial<StoredMessage> = {}): StoredMessage =>
  storedMessage.parse({
    ...{ ...key, owner, text: 'hi', status: 'answered', attempt: 1, epoch: 1, acceptedAt: at },
    ...{ finishedAt: at, answer: 'yes' },
    ...change,
  });
const place = { conversationId: key.conversationId, messageId: key.id };
const finished = (message: StoredMessage): Event => ({
  kind: 'message.finished',
  ...place,
  message: toMessage(message),
});
const started = (epoch: number): Event => ({ kind: 'message.started', ...place, epoch, attempt: 1 });
const did = (event: JournalEntry['event'], boot = 'a', text?: string): JournalEntry => ({
  ...{ at: 0, boot, run: `${key.id}:1`, event },
  ...(text === undefined ? {} : { text }),
});

/** A run in which everything went as promised, with a change. */
function evidence(stored: StoredMessage | null, change: Partial<Evidence> = {}): Evidence {
  return {
    sent: [{ key, text: 'hi', reply: 'accepted', clockOff: false, stopped: false, retries: 0 }],
    rows: new Map(stored ? [[pendingKey(key), stored]] : []),
    lease: emptyLease(owner),
    sessions: [],
    atRest: true,
    livingTasks: [],
    events: stored ? [started(1), finished(stored)] : [],
    journal: [did('begin'), did('tool'), did('final', 'a', 'yes')],
    disturbed: true,
    ...change,
  };
}

describe('the ledger of a chaos run', () => {
  test('finds nothing where everything was kept', () => expect(audit(evidence(row()))).toEqual([]));

  test('takes a commit that was told twice for the same end', () => {
    expect(audit(evidence(row(), { events: [started(1), finished(row()), finished(row())] }))).toEqual([]);
  });

  test('takes an end that is told again after a later task has begun for no write, and a later end for one', () => {
    const second = { ...key, id: newId() };
    const laterRow = row({ ...second, epoch: 2, startedAt: '2026-01-01T00:00:05.000Z' });
    const sent = [key, second].map((each) => ({ ...evidence(null).sent[0], key: each }) as Sent);
    const rows = (first: StoredMessage) =>
      new Map([first, laterRow].map((each) => [pendingKey(each), each] as const));
    const told = (first: StoredMessage) => ({
      ...{ sent, rows: rows(first), journal: undefined },
      events: [started(1), started(2), finished(laterRow), finished(first)],
    });
    expect(audit(evidence(null, told(row())))).toEqual([]);
    const late = row({ finishedAt: '2026-01-01T00:00:06.000Z' });
    expect(audit(evidence(null, told(late))).join()).toMatch(/epoch 1 wrote \(message.finished\)/);
  });

  test('takes the late start of a zombie for what it is, as long as it gets no tool and commits nothing', () => {
    const boots = [did('boot', 'zombie'), did('boot', 'a')];
    const journal = [...boots, did('begin'), did('tool'), did('begin', 'zombie'), did('final', 'a', 'yes')];
    expect(audit(evidence(row(), { journal }))).toEqual([]);
    const later = [...boots.toReversed(), ...journal.slice(2)];
    expect(audit(evidence(row(), { journal: later })).join()).toMatch(/silently run again/);
  });

  test.each<[string, Evidence, RegExp]>([
    [
      'an answer of another run than the one that used a tool',
      evidence(row(), { journal: [did('begin'), did('begin', 'b'), did('tool'), did('final', 'b', 'yes')] }),
      /answered by another run/,
    ],
    ['a message without a row', evidence(null), /LOST/],
    ['a message that never ends', evidence(row({ status: 'working' })), /never ended/],
    [
      'a second answer',
      evidence(row(), { events: [finished(row({ answer: 'no' })), finished(row())] }),
      /ended 2 times/,
    ],
    [
      'an answer that no run gave',
      evidence(row(), { journal: [did('begin'), did('final', 'a', 'other')] }),
      /that of 0 runs/,
    ],
    [
      'a tool that silently ran again',
      evidence(row(), {
        journal: [did('begin'), did('tool'), did('begin', 'b'), did('final', 'b', 'yes')],
      }),
      /silently run again/,
    ],
    [
      'tools of a zombie beside those of its successor',
      evidence(row(), {
        journal: [did('begin'), did('begin', 'b'), did('tool'), did('tool', 'b'), did('final', 'b', 'yes')],
      }),
      /tools in two runs/,
    ],
    [
      'a turn that the agent took up by itself',
      evidence(row(), { journal: [did('resumed'), did('final', 'a', 'yes')] }),
      /by the agent itself/,
    ],
    [
      'a third run of one attempt',
      evidence(row(), {
        journal: [did('begin'), did('begin', 'b'), did('begin', 'c'), did('final', 'c', 'yes')],
      }),
      /run 3 times/,
    ],
    [
      'an older task that writes after a newer one',
      evidence(row(), { events: [started(2), started(1), finished(row())] }),
      /epoch 1 wrote/,
    ],
    ['a stop that nobody asked for', evidence(row({ status: 'stopped' })), /stopped by nobody/],
    [
      'a failure without a cause',
      evidence(row({ status: 'failed' }), { disturbed: false }),
      /nothing was broken/,
    ],
    [
      'what still waits',
      evidence(row(), { lease: { ...emptyLease(owner), pending: [pendingKey(key)] } }),
      /still pending/,
    ],
    [
      'a lease that is still held',
      evidence(row(), { lease: { ...emptyLease(owner), state: 'awake', taskId: 't' } }),
      /still held/,
    ],
    ['a task that still runs', evidence(row(), { livingTasks: ['t'] }), /still runs/],
    ['a run without an end', evidence(row(), { atRest: false }), /did not come to rest/],
  ])('finds %s', (_, given, fault) => {
    expect(audit(given).join('\n')).toMatch(fault);
  });
});
