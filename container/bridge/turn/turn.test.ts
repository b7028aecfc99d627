import { expect, test } from 'vitest';
import type { Backend, Outcome } from '../appsync/backend.ts';
import { Lanes } from '../model/lanes.ts';
import type { TurnModel } from '../model/turn-model.ts';
import type { GatewayClient } from '../openclaw/gateway-client.ts';
import { Turn } from './turn.ts';

const key = {
  conversationId: '0199a000-0000-7000-8000-00000000000c',
  id: '0199a000-0000-7000-8000-000000000001',
  attempt: 1,
};

const price = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1, cacheWriteLong: 1 };

/** A turn before a gateway that answers like this. Gives what was committed. */
async function runTurn(model: TurnModel | null, request: GatewayClient['request']) {
  const committed: Outcome[] = [];
  const asked: string[] = [];
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
    },
    {
      gateway: {
        onEvent: () => () => {},
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
    },
  );
  const result = await turn.run();
  // Nothing is kept that the next turn needs.
  expect(() => lanes.acquire('another conversation')).not.toThrow();
  return { result, committed, asked };
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
