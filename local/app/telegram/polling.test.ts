import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setWebhook } from '../../../amplify/adapters/telegram/setup.ts';
import { Fault } from '../bootstrap/fault.mjs';
import { type BotApi, startBotApi } from '../bot-api/bot-api.ts';
import { ann, bot } from '../bot-api/telegram-under-test.ts';
import { type LocalTelegram, startRealBot } from './local-telegram.ts';
import { type Poller, pollUpdates } from './poller.ts';

/** The webhook of the local cloud: takes what comes as the test says. */
let webhook: Server;
let webhookUrl: string;
let taken: string[];
let secrets: Set<unknown>;
let answer: (text: string) => { status: number; body?: object } | 'never';
let api: BotApi;
let reports: string[];
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  taken = [];
  secrets = new Set();
  reports = [];
  answer = () => ({ status: 200 });
  webhook = createServer((request, response) => {
    secrets.add(request.headers['x-telegram-bot-api-secret-token']);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { text } = JSON.parse(Buffer.concat(chunks).toString()).message;
      const said = answer(text);
      if (said === 'never') return;
      if (said.status === 200) taken.push(text);
      response.writeHead(said.status).end(said.body && JSON.stringify(said.body));
    });
  });
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  webhookUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;
  api = await startBotApi({ bot });
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
  await api.close();
  webhook.closeAllConnections();
  webhook.close();
});

const access = () => ({ token: bot.token, apiRoot: api.url });
const begin = (token = bot.token): Poller => {
  const poller = pollUpdates(
    { token, apiRoot: api.url },
    { webhookUrl, secret: 'the-secret' },
    (fault) => reports.push(fault),
    { retryMs: 20, graceMs: 50 },
  );
  running.push(poller);
  return poller;
};
const say = (...texts: string[]) => {
  for (const text of texts) api.person(ann).say(text);
};
const soon = (work: () => void) => vi.waitFor(work, { timeout: 5_000, interval: 10 });

describe('A bot that is polled', () => {
  test('has each update handed to the webhook in order, with the secret, and what it answers carried out', async () => {
    answer = (text) => ({
      status: 200,
      body: { method: 'sendMessage', chat_id: ann.id, text: `re: ${text}` },
    });
    say('one', 'two', 'three');
    begin();
    await soon(() => expect(api.world.of(ann.id)).toHaveLength(6));
    expect(taken).toEqual(['one', 'two', 'three']);
    expect([...secrets]).toEqual(['the-secret']);
    expect(api.world.of(ann.id).at(-1)?.text).toBe('re: three');
    expect(reports).toEqual([]);
  });

  test('has an update that was not taken handed over again, before those behind it', async () => {
    let failures = 3;
    answer = () => {
      failures -= 1;
      return { status: failures >= 0 ? 503 : 200 };
    };
    say('one', 'two');
    begin();
    await soon(() => expect(taken).toEqual(['one', 'two']));
  });

  test('loses nothing and doubles nothing over a restart', async () => {
    const stopped = Promise.withResolvers<void>();
    // Stopped while the webhook takes it: nobody has told Telegram yet that it was.
    answer = (text) => {
      if (text === 'two') first.stop().then(stopped.resolve, stopped.reject);
      return { status: 200 };
    };
    say('one', 'two');
    const first = begin();
    await stopped.promise;
    say('three');
    begin();
    await soon(() => expect(taken.at(-1)).toBe('three'));
    expect(taken).toEqual(['one', 'two', 'three']);
  });

  test('gets again what the webhook had not taken when it was stopped', async () => {
    answer = (text) => (text === 'two' ? 'never' : { status: 200 });
    say('one', 'two');
    const first = begin();
    await soon(() => expect(taken).toEqual(['one']));
    await first.stop();
    answer = () => ({ status: 200 });
    begin();
    await soon(() => expect(taken).toEqual(['one', 'two']));
  });

  test('says once when another program fetches its updates, and that a webhook was set', async () => {
    begin();
    await soon(() => expect(api.calls.some(({ method }) => method === 'getUpdates')).toBe(true));
    const others = await fetch(`${api.url}/bot${bot.token}/getUpdates?`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ timeout: 0 }),
    });
    expect(others.status).toBe(200);
    await soon(() => expect(reports.join()).toContain('Another program fetches'));
    await setWebhook(access(), 'https://elsewhere.example/hook', 'x');
    // The request that waits hears of it when it ends.
    say('to wake it');
    await soon(() => expect(reports.at(-1)).toContain('Somebody has set a webhook'));
    expect(new Set(reports).size).toBe(reports.length);
  });

  test('ends when its token is not good any more, and says so without it', async () => {
    const token = `7000000001:${'B'.repeat(35)}`;
    const poller = begin(token);
    await poller.ended;
    expect(reports).toEqual([expect.stringContaining('Telegram does not know the token')]);
    expect(reports.join()).not.toContain(token);
  });
});

describe('npm start with a bot of one’s own', () => {
  const start = async (given: { token: string; apiRoot?: string }): Promise<LocalTelegram> => {
    const telegram = await startRealBot(given, (fault) => reports.push(fault));
    running.push({ stop: () => telegram.close() });
    return telegram;
  };
  const faultOf = async (given: { token: string; apiRoot?: string }) => {
    const fault: unknown = await start(given).catch((error: unknown) => error);
    if (!(fault instanceof Fault)) throw new Error(`no Fault: ${String(fault)}`);
    expect(`${fault.message} ${fault.resolution} ${fault.stack} ${fault.cause}`).not.toContain(given.token);
    return `${fault.message} ${fault.resolution}`;
  };

  test('takes its messages to the local cloud and tells Telegram its commands', async () => {
    const telegram = await start(access());
    expect(telegram.url).toBe(`https://t.me/${bot.username}`);
    await telegram.connect(webhookUrl);
    say('hello');
    await soon(() => expect(taken).toEqual(['hello']));
    const secret = [...telegram.parameters.values()].find(({ value }) => secrets.has(value));
    expect(secret?.type).toBe('SecureString');
    expect(api.queue.profile.commands.get('default ko')?.map(({ command }) => command)).toContain('usage');
  });

  test('leaves a bot alone that talks for another deployment', async () => {
    await setWebhook(access(), 'https://abc.lambda-url.us-east-1.on.aws/', 'x');
    expect(await faultOf(access())).toMatch(
      /another deployment already \(abc\.lambda-url\.us-east-1\.on\.aws\).*npm run telegram/,
    );
    expect(api.queue.webhookInfo()).toMatchObject({ url: 'https://abc.lambda-url.us-east-1.on.aws/' });
  });

  test.each([
    ['that is none', 'not-a-token', 'is no token of @BotFather'],
    ['that Telegram does not know', `7000000001:${'B'.repeat(35)}`, 'does not know the token'],
  ])('says what is wrong with a token %s', async (_what, token, says) => {
    expect(await faultOf({ token, apiRoot: api.url })).toContain(says);
  });

  test('says that Telegram was not reached, and what is no address', async () => {
    expect(await faultOf({ token: bot.token, apiRoot: 'http://127.0.0.1:9' })).toContain('was not reached');
    expect(await faultOf({ token: bot.token, apiRoot: 'nowhere' })).toContain(
      'TELEGRAM_API_ROOT is no address',
    );
  });
});
