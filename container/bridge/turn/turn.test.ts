import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Backend, Outcome, PulledMessage } from '../appsync/backend.ts';
import { Lanes } from '../model/lanes.ts';
import type { TurnModel } from '../model/turn-model.ts';
import type { GatewayClient, GatewayEvent } from '../openclaw/gateway-client.ts';
import { silenceMs } from './sign-of-life.ts';
import { Turn } from './turn.ts';

const key = {
  conversationId: '0199a000-0000-7000-8000-00000000000c',
  id: '0199a000-0000-7000-8000-000000000001',
  attempt: 1,
};

const price = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1, cacheWriteLong: 1 };

/** A turn before a gateway that answers like this, and tells what `tell` has it tell. Gives what was committed. */
async function runTurn(
  model: TurnModel | null,
  request: GatewayClient['request'],
  tell: (say: (event: GatewayEvent) => void, turn: Turn) => Promise<void> = async () => {},
  rest: Partial<PulledMessage> = {},
) {
  const committed: Outcome[] = [];
  const asked: string[] = [];
  const stuck: string[] = [];
  let say: (event: GatewayEvent) => void = () => {};
  const lanes = new Lanes(1);
  const turn = new Turn(
    {
      ...key,
      text: 'hello',
      channel: 'web',
      status: 'working',
      acceptedAt: '2026-01-01T00:00:00.000Z',
      answer: '',
      seq: 0,
      tools: [],
      attachments: [],
      files: [],
      ...rest,
    },
    {
      gateway: {
        onEvent: (listener: typeof say) => {
          say = listener;
          return () => {};
        },
        closed: new Promise(() => {}),
        request: (method: string, params: unknown) => {
          asked.push(method);
          return request(method, params as never);
        },
      } as unknown as GatewayClient,
      backend: {
        commit: async (_: unknown, outcome: Outcome) => {
          committed.push(outcome);
        },
        publish: async () => {},
        checkpoint: async () => {},
      } as unknown as Backend,
      proxy: { laneUrl: () => '', key: '', attach: () => {}, detach: () => {}, close: async () => {} },
      lanes,
      files: {
        handIn: async ({ text }) => ({ text, pictures: [], recordings: [] }),
        handOut: async () => [],
      },
      voice: { hear: async () => '' },
      log: () => {},
      epoch: 1,
      model,
      signal: new AbortController().signal,
      onBounce: () => {},
      onStuck: () => void stuck.push('stuck'),
    },
  );
  const [result] = await Promise.all([turn.run(), tell((event) => say(event), turn)]);
  // Nothing is kept that the next turn needs.
  expect(() => lanes.acquire('another conversation')).not.toThrow();
  return { result, committed, asked, stuck };
}

test('without a price a message fails with model.no_price, and OpenClaw is not even asked', async () => {
  const { committed, asked } = await runTurn({ name: 'm', price: null }, async () => ({}));
  expect(committed).toMatchObject([{ status: 'failed', error: { code: 'model.no_price' } }]);
  expect(asked).toEqual([]);
});

test('without a model a message fails with model.not_configured, and OpenClaw is not even asked', async () => {
  const { result, committed, asked } = await runTurn(null, async () => ({}));
  expect(result).toBe('committed');
  expect(committed).toMatchObject([
    { status: 'failed', error: { code: 'model.not_configured' }, answer: '' },
  ]);
  expect(asked).toEqual([]);
});

test('a message that OpenClaw can’t write down because the disk is full fails as that', async () => {
  const { committed } = await runTurn({ name: 'm', price }, async (method: string) => {
    if (method === 'chat.send') throw new Error('INVALID_REQUEST: database or disk is full');
    return {};
  });
  expect(committed).toMatchObject([{ status: 'failed', error: { code: 'agent.disk_full' } }]);
});

test('a message that OpenClaw refuses fails with its words, and the next one finds a free lane', async () => {
  const { committed } = await runTurn({ name: 'm', price }, async (method: string) => {
    if (method === 'chat.send') throw new Error('INVALID_REQUEST: attachments are off');
    return {};
  });
  expect(committed).toMatchObject([
    { status: 'failed', error: { code: 'internal', detail: expect.stringContaining('attachments are off') } },
  ]);
});

describe('a turn of which nothing is heard', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const runId = `${key.id}:1`;
  const tool = (phase: string): GatewayEvent => ({
    event: 'agent',
    payload: { runId, stream: 'tool', data: { phase, toolCallId: 't', name: 'exec' } },
  });
  const quiet = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  test('for half an hour is given up, and OpenClaw with it when it does not take that', async () => {
    const { committed, asked, stuck } = await runTurn(
      { name: 'm', price },
      async () => ({}),
      async (say) => {
        await quiet(silenceMs - 60_000);
        say({ event: 'chat', payload: { runId, state: 'status', phase: 'starting_model' } });
        await quiet(silenceMs - 60_000);
        await quiet(60_000 + 5_000);
      },
    );
    expect(committed).toMatchObject([{ status: 'failed', error: { code: 'agent.stuck' } }]);
    expect(asked.at(-1)).toBe('chat.abort');
    expect(stuck).toEqual(['stuck']);
  });

  test('is interrupted, not failed, when a tool had run, and OpenClaw is left alone when it takes the abort', async () => {
    const { committed, stuck } = await runTurn(
      { name: 'm', price },
      async () => ({}),
      async (say, turn) => {
        await turn.beforeTool();
        await quiet(silenceMs);
        say({ event: 'chat', payload: { runId, state: 'aborted' } });
        await quiet(5_000);
      },
    );
    expect(committed).toMatchObject([{ status: 'interrupted' }]);
    expect(stuck).toEqual([]);
  });

  test('is waited for while a command runs or a person is asked', async () => {
    const asks = { id: 'a', request: { sessionKey: `agent:main:${key.conversationId}` }, createdAtMs: 0 };
    const { committed } = await runTurn(
      { name: 'm', price },
      async () => ({}),
      async (say, turn) => {
        await quiet(0);
        say(tool('start'));
        await quiet(3 * silenceMs);
        say(tool('result'));
        say({ event: 'exec.approval.requested', payload: asks });
        await quiet(3 * silenceMs);
        await turn.decide('a', 'deny');
        say({
          event: 'chat',
          payload: { runId, state: 'delta', message: { content: [{ type: 'text', text: 'ok' }] } },
        });
        say({ event: 'chat', payload: { runId, state: 'final' } });
        await quiet(5_000);
      },
    );
    expect(committed).toMatchObject([{ status: 'answered', answer: 'ok' }]);
  });
});

test('OpenClaw is told that a schedule sent a message, and nothing beside what a person sends', async () => {
  const said: unknown[] = [];
  const hear = async (method: string, params: unknown) => {
    if (method !== 'chat.send') return {};
    said.push((params as { message: string }).message);
    throw new Error('INVALID_REQUEST: that is enough');
  };
  const schedule = { id: key.id, dueAt: '2026-01-01T00:00:00.000Z' };
  await runTurn({ name: 'm', price }, hear as GatewayClient['request'], undefined, { schedule });
  await runTurn({ name: 'm', price }, hear as GatewayClient['request']);
  expect(said).toEqual([expect.stringMatching(/^hello\n\n\[The user wrote this earlier/), 'hello']);
});
