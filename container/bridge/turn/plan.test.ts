import { describe, expect, it } from 'vitest';
import type { PulledMessage } from '../appsync/backend.ts';
import { plan } from './plan.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const message = (
  id: string,
  conversationId: string,
  second: number,
  more: Partial<PulledMessage> = {},
): PulledMessage => ({
  id,
  conversationId,
  text: 'hi',
  channel: 'web',
  status: 'queued',
  attempt: 1,
  acceptedAt: at(second),
  answer: '',
  seq: 0,
  tools: [],
  attachments: [],
  files: [],
  ...more,
});
const idle = { running: new Map<string, string>(), finished: new Set<string>() };
const ids = (messages: readonly PulledMessage[]) => messages.map(({ id }) => id);

describe('what to do after a pull', () => {
  it('starts the oldest message of each conversation, in the order of acceptance', () => {
    const todo = plan([message('b2', 'b', 4), message('b1', 'b', 2), message('a1', 'a', 3)], idle);
    expect(ids(todo.start)).toEqual(['b1', 'a1']);
  });

  it('leaves a message alone while its files are being fetched, and holds up those behind it, and no other conversation', () => {
    const file = { id: 'f', name: 'a.jpg', type: 'image/jpeg', size: 3 };
    const arriving = message('a1', 'a', 1, { attachments: [file, { ...file, id: 'g', arriving: true }] });
    const others = [message('a2', 'a', 2), message('b1', 'b', 3)];
    expect(ids(plan([arriving, ...others], idle).start)).toEqual(['b1']);
    const there = { ...arriving, attachments: [file, { ...file, id: 'g' }] };
    expect(ids(plan([there, ...others], idle).start)).toEqual(['a1', 'b1']);
  });

  it('waits for the rest of an album, and says for how long', () => {
    const album = message('a1', 'a', 1, { joinsInMs: 1_200 });
    const todo = plan([album, message('a2', 'a', 2), message('b1', 'b', 3, { joinsInMs: 800 })], idle);
    expect([ids(todo.start), todo.lookAgainIn]).toEqual([[], 800]);
    const there = plan([{ ...album, joinsInMs: 0 }], idle);
    expect([ids(there.start), there.lookAgainIn]).toEqual([['a1'], undefined]);
  });

  it('never starts a message of a conversation in which one is running', () => {
    const state = { ...idle, running: new Map([['a', 'a1']]) };
    expect(plan([message('a1', 'a', 1, { status: 'working' }), message('a2', 'a', 2)], state).start).toEqual(
      [],
    );
  });

  it('runs at most three conversations side by side', () => {
    const four = ['a', 'b', 'c', 'd'].map((place, n) => message(place, place, n));
    expect(ids(plan(four, idle).start)).toEqual(['a', 'b', 'c']);
    const state = {
      ...idle,
      running: new Map([
        ['x', 'x1'],
        ['y', 'y1'],
      ]),
    };
    expect(ids(plan(four, state).start)).toEqual(['a']);
  });

  it('takes up again what another task left before any tool ran, and ends what a tool had run in', () => {
    const todo = plan(
      [
        message('a1', 'a', 1, { status: 'working', epoch: 1 }),
        message('b1', 'b', 2, { status: 'working', epoch: 1, toolsRan: true }),
        message('b2', 'b', 3),
      ],
      idle,
    );
    expect(ids(todo.start)).toEqual(['a1']);
    expect(ids(todo.interrupt)).toEqual(['b1']);
  });

  it('runs again once what was cut off before any tool, and ends what was cut off twice', () => {
    const cutOff = (id: string, claims: number) =>
      message(id, id, 1, { status: 'working', epoch: 1, claims });
    const todo = plan([cutOff('once', 1), cutOff('twice', 2)], idle);
    expect(ids(todo.start)).toEqual(['once']);
    expect(ids(todo.interrupt)).toEqual(['twice']);
  });

  it('leaves alone what it has made final itself, also when an older pull still shows it', () => {
    const state = { ...idle, finished: new Set(['a1:1']) };
    expect(ids(plan([message('a1', 'a', 1, { status: 'working' })], state).start)).toEqual([]);
    expect(ids(plan([message('a1', 'a', 1, { attempt: 2 })], state).start)).toEqual(['a1']);
  });

  it('passes on stops and decisions for what runs, and for nothing else', () => {
    const approval = { id: 'p', command: 'ls', requestedAt: at(1), decision: 'deny' as const };
    const state = { ...idle, running: new Map([['a', 'a1']]) };
    const todo = plan(
      [
        message('a1', 'a', 1, { status: 'working', stopRequested: true, approval }),
        message('b1', 'b', 1, { stopRequested: true, approval }),
      ],
      state,
    );
    expect(todo.stop).toEqual(['a1']);
    expect(todo.decide).toEqual([{ id: 'a1', approvalId: 'p', decision: 'deny' }]);
  });
});
