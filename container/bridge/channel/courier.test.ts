import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DeliverResult } from '../../../amplify/core/channel/deliver-result.ts';
import { message } from '../../../amplify/core/message.ts';
import { newId } from '../../../amplify/core/message-id.ts';
import type { Backend } from '../appsync/backend.ts';
import { realTimers } from '../turn/pacer.ts';
import { withCouriers } from './courier.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const shown: DeliverResult = { state: 'shown', paceMs: 1_000, againMs: 4_000 };
const done: DeliverResult = { state: 'done', paceMs: 0, againMs: 0 };

/** A backend that holds one message; `calls` says when it was asked to bring it, milliseconds since the start. */
function backendWith(channel: string, results: (DeliverResult | Error)[]) {
  const calls: number[] = [];
  const begin = Date.now();
  const only = message.parse({
    conversationId: newId(),
    id: newId(),
    text: 'hi',
    channel,
    status: 'queued',
    attempt: 1,
    acceptedAt: '2026-05-01T09:00:00.000Z',
  });
  const key = { conversationId: only.conversationId, id: only.id, attempt: 1 };
  const nothing = async () => {};
  const backend = withCouriers(
    {
      pull: async () => ({
        epoch: 1,
        wakeSeq: 1,
        leaseExpiresAt: 0,
        sleepRequested: false,
        messages: [only],
      }),
      report: nothing,
      claim: async () => ({ toolsRan: false }),
      checkpoint: nothing,
      commit: nothing,
      deliver: async (place: unknown) => {
        expect(place).toEqual({ conversationId: key.conversationId, id: key.id });
        calls.push(Date.now() - begin);
        const result = results.shift() ?? shown;
        if (result instanceof Error) throw result;
        return result;
      },
    } as unknown as Backend,
    { log: () => {}, timers: realTimers },
  );
  return { backend, key, calls };
}

test('a message of a channel is brought at once, and again before what shows it fades', async () => {
  const { backend, calls } = backendWith('telegram', []);
  await backend.pull(undefined);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(calls).toEqual([0, 4_000, 8_000]);
});

test('changes are brought soon, but no faster than asked for', async () => {
  const { backend, key, calls } = backendWith('telegram', []);
  await backend.pull(undefined);
  await vi.advanceTimersByTimeAsync(100);
  for (let count = 0; count < 20; count += 1) {
    await backend.checkpoint(key, { answer: 'x' });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(calls).toEqual([0, 1_000, 2_000]);
});

test('an end is brought until it is there, and then nothing more', async () => {
  const waits: DeliverResult = { state: 'waits', paceMs: 7_000, againMs: 7_000 };
  const { backend, key, calls } = backendWith('telegram', [shown, waits, new Error('no network'), done]);
  await backend.pull(undefined);
  await vi.advanceTimersByTimeAsync(2_000);
  await backend.commit(key, { status: 'answered', seq: 1, answer: 'x', tools: [] });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toEqual([0, 2_000, 9_000, 12_000]);
});

test('wake phases are brought too', async () => {
  const { backend, calls } = backendWith('telegram', []);
  await backend.pull(undefined);
  await vi.advanceTimersByTimeAsync(1_500);
  await backend.report({ phase: 'booting' });
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toEqual([0, 1_500]);
});

test('messages of the web app are left alone', async () => {
  const { backend, key, calls } = backendWith('web', []);
  await backend.pull(undefined);
  await backend.checkpoint(key, { answer: 'x' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toEqual([]);
});
