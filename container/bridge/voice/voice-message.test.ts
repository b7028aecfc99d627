import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { transcriberOf } from '../../../amplify/core/transcriber.ts';
import type { Transcript } from '../../../amplify/core/transcript.ts';
import type { SettledCall, Usage } from '../appsync/backend.ts';
import { Refused } from '../appsync/error.ts';
import { spendingOf } from '../model/spending.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';
import { voiceMessages } from './voice-message.ts';

const key = 'sk-secret-of-the-owner';
const message = { id: 'm', conversationId: 'c', transcript: null };
const recording = { name: 'voice.ogg', type: 'audio/ogg', bytes: new Uint8Array([79, 103, 103, 83]) };
/** The dearest that a call of OpenAI's can be: 16,000 tokens heard, 2,000 written. */
const worst = 16_000 * 3 + 2_000 * 5;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = { status: number; body: unknown } | 'nothing';

/** A provider that answers like this, a ledger, and an owner who has spoken. */
async function make(
  answer: Answer,
  options: { provider?: 'openai' | 'openrouter' | 'deepseek'; refusal?: 'spending.day_cap' } = {},
) {
  const calls: {
    path: string | undefined;
    headers: IncomingMessage['headers'];
    body: Buffer<ArrayBuffer>;
  }[] = [];
  const server = createServer(async (request, response) => {
    calls.push({
      path: request.url,
      headers: request.headers,
      body: (await buffer(request)) as Buffer<ArrayBuffer>,
    });
    if (answer === 'nothing') return void request.socket.destroy();
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const provider = options.provider ?? 'openai';
  const model: ModelGrant = {
    ...{ provider, api: 'openai-completions', keyHeader: 'authorization', model: 'm', apiKey: key },
    ...{ baseUrl: `http://127.0.0.1:${port}/v1`, reach: 'any', price: null },
    transcriber: transcriberOf({ api: 'openai-completions' }, provider),
  };
  const reserved: number[] = [];
  const settled: SettledCall[] = [];
  const logged: unknown[] = [];
  const kept: Transcript[] = [];
  const used: Usage[] = [];
  const { signal } = new AbortController();
  const spending = spendingOf({
    backend: {
      reserveSpending: async ({ amount }) => {
        if (options.refusal) throw new Refused('agentReserveSpending', options.refusal, 'no');
        reserved.push(amount);
        return { day: '2026-11-26' };
      },
      settleSpending: async (call) => void settled.push(call),
    },
    log: () => {},
    takeWorked: () => 0,
    signal,
  });
  const voice = voiceMessages({ model, spending, log: (...line) => void logged.push(line), signal });
  const told = await voice.hear({
    ...{ message, recordings: [recording] },
    keep: async (transcript) => void kept.push(transcript),
    used: (usage) => void used.push(usage),
  });
  await spending.settled(1_000);
  return { calls, reserved, settled, logged, kept, used, told, voice };
}

const usage = { type: 'tokens', input_tokens: 140, output_tokens: 12 };

test('what was spoken is written down by the owner’s provider, kept, and told to OpenClaw', async () => {
  const made = await make({ status: 200, body: { text: ' Buy milk. ', usage } });
  expect(made.told).toBe('[Voice message, written down by a machine]\nBuy milk.');
  expect(made.kept).toEqual([{ text: 'Buy milk.' }]);
  const [call] = made.calls;
  expect([call?.path, call?.headers.authorization]).toEqual(['/v1/audio/transcriptions', `Bearer ${key}`]);
  const form = await new Response(call?.body, {
    headers: { 'content-type': call?.headers['content-type'] ?? '' },
  }).formData();
  const file = form.get('file') as File;
  expect([form.get('model'), file.name, file.type, file.size]).toEqual([
    'gpt-4o-mini-transcribe',
    'voice.ogg',
    'audio/ogg',
    4,
  ]);
});

test('its worst case is reserved, and what it came to is counted with its message', async () => {
  const made = await make({ status: 200, body: { text: 'Buy milk.', usage } });
  const cost = 140 * 3 + 12 * 5;
  expect(made.reserved).toEqual([worst]);
  expect(made.settled).toMatchObject([{ amount: worst, cost, conversationId: 'c', inputTokens: 140 }]);
  expect(made.used).toMatchObject([{ costMicros: cost, estimated: false }]);
});

test('OpenRouter is asked in its own way, and its own cost is counted', async () => {
  const body = { text: 'Buy milk.', usage: { seconds: 3, cost: 0.0005 } };
  const made = await make({ status: 200, body }, { provider: 'openrouter' });
  expect(JSON.parse(String(made.calls[0]?.body))).toEqual({
    model: 'openai/gpt-4o-mini-transcribe',
    input_audio: { data: Buffer.from(recording.bytes).toString('base64'), format: 'ogg' },
  });
  expect(made.settled).toMatchObject([{ cost: 500 }]);
});

test('where the provider can’t, the agent and the person are told so, and nothing is called', async () => {
  const made = await make({ status: 200, body: {} }, { provider: 'deepseek' });
  expect(made.told).toContain('can’t turn voice into text');
  expect(made.kept).toEqual([{ fault: 'unsupported' }]);
  expect([made.calls, made.reserved]).toEqual([[], []]);
});

test('where nothing may be spent nothing is called, and the turn goes on', async () => {
  const made = await make({ status: 200, body: {} }, { refusal: 'spending.day_cap' });
  expect(made.kept).toEqual([{ fault: 'spending' }]);
  expect(made.calls).toEqual([]);
});

test.each<[string, Answer, boolean]>([
  ['refuses the key', { status: 401, body: { error: `wrong key ${key}` } }, false],
  ['does not know the model', { status: 404, body: {} }, false],
  ['answers with something else', { status: 200, body: { words: 'Buy milk.' } }, true],
  ['drops the connection', 'nothing', true],
])(
  'a provider that %s fails the transcript and no turn; no word of it is logged',
  async (_what, answer, mayBeBilled) => {
    const made = await make(answer);
    expect(made.told).toContain('could not be turned into text');
    expect(made.kept).toEqual([{ fault: 'failed' }]);
    expect(JSON.stringify(made.logged)).toContain('voice.not_heard');
    expect(JSON.stringify(made.logged)).not.toContain(key);
    // What may have been billed stays reserved; what was refused is given back.
    expect(made.settled).toMatchObject(mayBeBilled ? [] : [{ cost: 0 }]);
  },
);

test('what was understood once is not paid for again by a Retry', async () => {
  const made = await make({ status: 200, body: { text: 'Buy milk.', usage } });
  const told = await made.voice.hear({
    ...{ message: { ...message, transcript: { text: 'Buy milk.' } }, recordings: [recording] },
    keep: () => Promise.reject(new Error('not again')),
    used: () => {},
  });
  expect(told).toBe(made.told);
  expect(made.calls).toHaveLength(1);
});
