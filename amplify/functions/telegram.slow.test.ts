import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picture } from '../../local/app/bot-api/picture-under-test.ts';
import { ann as annAtTelegram, bot, minsu } from '../../local/app/bot-api/telegram-under-test.ts';
import { openSocket } from '../../local/cloud/appsync/graphql-socket-under-test.ts';
import { telegramParameters } from '../adapters/telegram/client.ts';
import { channelTexts } from '../core/channel/channel-text.ts';
import type { Person } from '../data/whole-cloud-under-test.ts';
import {
  profile,
  secret,
  soon,
  startTelegramFunctions,
  type TelegramFunctions,
} from './telegram-functions-under-test.ts';

/**
 * The functions of Telegram as they are deployed: bundled, at their function URL, behind AppSync and Lambda's own calls,
 * with their policies, on the stand-in for the Bot API. Tasks do nothing: the tests speak in their place.
 */
const { en } = channelTexts;
/** What Telegram shows of a text that is written in markdown. */
const plain = (markdown: string) => markdown.replace(/[*_]/g, '');

let under: TelegramFunctions;
beforeAll(async () => {
  under = await startTelegramFunctions();
}, 300_000);
afterAll(() => under?.close());

describe('The webhook', () => {
  test('refuses who does not know the secret, whatever they send, and keeps nothing of it', async () => {
    const before = await under.everyRow();
    const forged = under.saying('/start please');
    const heads: Record<string, string>[] = [
      { 'x-telegram-bot-api-secret-token': '' },
      { 'x-telegram-bot-api-secret-token': 'the-secret-of-the-webhooK' },
      { 'x-telegram-bot-api-secret-token': `${secret}, ${secret}` },
      { 'x-telegram-bot-api-secret-token': '', authorization: `Bearer ${secret}` },
    ];
    for (const headers of heads) {
      for (const body of [forged, 'no JSON', 'x'.repeat(300 * 1024)]) {
        const response = await under.post(body, headers);
        expect([response.status, await response.text()]).toEqual([401, '']);
      }
    }
    expect((await under.post('', { 'x-telegram-bot-api-secret-token': '' }, 'GET')).status).toBe(401);
    expect(await under.everyRow()).toBe(before);
  });

  test('takes no more than a quarter of a megabyte, and posts only', async () => {
    expect((await under.post('x'.repeat(256 * 1024 + 1))).status).toBe(413);
    expect((await under.post('', {}, 'GET')).status).toBe(405);
  });

  test.each([
    ['not JSON', '{"update_id": 1, '],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[1, 2]'],
    ['a text', '"message"'],
    ['without an update', '{"update_id": 12}'],
    ['of a kind that nobody asked for', '{"update_id": 13, "edited_message": {"text": "hello"}}'],
    ['of a kind that nobody knows yet', '{"update_id": 14, "telepathy": {"text": "hello"}}'],
    ['a message without a chat', '{"update_id": 15, "message": {"text": "hello"}}'],
    ['a message of nobody', '{"update_id": 16, "message": {"chat": {"id": 1, "type": "private"}}}'],
  ])('leaves alone what is %s, so that it does not come again', async (_what, body) => {
    const before = await under.everyRow();
    const response = await under.post(body);
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await under.everyRow()).toBe(before);
  });

  test('reads an update whatever its body is called', async () => {
    const body = new TextEncoder().encode(under.saying('hello from nowhere', { ...minsu, id: 9_001 }));
    const response = await under.post(body, { 'content-type': 'application/octet-stream' });
    expect(await response.json()).toMatchObject({ method: 'sendMessage', chat_id: 9_001 });
  });

  test('asks for an update again that it could not take, and takes it once when it can', async () => {
    await under.link(under.bob, minsu);
    // What the function needs can't be read, and one that has just started has nothing kept.
    await under.put(telegramParameters.profile, '{}');
    const [url] = under.whole.cloud.assembly.byType('AWS::Lambda::Url');
    const pids = under.whole.cloud.lambda.pids(String(url?.properties.TargetFunctionArn));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    under.api.person(minsu).say('are you there?');
    await soon(() => expect(under.api.queue.webhookInfo()).toMatchObject({ last_error_message: /503/ }));
    expect(await under.rowsOf('Message')).toEqual([]);
    await under.put(telegramParameters.profile, profile);
    await under.taken();
    expect((await under.rowsOf('Message')).map(({ text }) => text)).toEqual(['are you there?']);
    await under.unlink(under.bob);
  });

  test('has done everything when it answers: a function that is frozen then owes nothing', async () => {
    await under.link(under.ann);
    expect(await (await under.post(under.saying('hello'))).json()).toMatchObject({
      method: 'sendChatAction',
    });
    const [row] = await under.rowsOf('Message', under.ann);
    expect(row).toMatchObject({ text: 'hello', status: 'queued', channel: 'telegram' });
    const [lease] = await under.rowsOf('Agent', under.ann);
    expect(lease).toMatchObject({ pending: new Set([`${row?.conversationId}#${row?.id}`]) });
    const sessions = await under.rowsOf('TaskSession', under.ann);
    expect(sessions.map(({ taskId }) => taskId)).toEqual([lease?.taskId]);
    expect(await under.rowsOf('Delivery', under.ann)).toHaveLength(1);
  });

  test('takes the same update ten times, one after the other and side by side, as one message', async () => {
    const update = under.saying('once, please');
    const again = () => under.post(update).then(({ status }) => status);
    expect(await again()).toBe(200);
    expect(new Set(await Promise.all(Array.from({ length: 8 }, again)))).toEqual(new Set([200]));
    expect(await again()).toBe(200);
    expect((await under.rowsOf('Message')).filter(({ text }) => text === 'once, please')).toHaveLength(1);
    const [lease] = await under.rowsOf('Agent', under.ann);
    expect(lease).toMatchObject({ pending: { size: 2 } });
  });
});

describe('Delivery', () => {
  const said = () => under.api.world.of(annAtTelegram.id).filter(({ from }) => from === null);
  const deliverMessage = () => under.whole.nameOf('AWS::Lambda::Function', 'delivermessagelambda');
  /** The fields of the task that works for somebody, and the message that they wrote last. */
  async function taskFor(person: Person) {
    return soon(async () => {
      for (const { taskArn } of under.whole.cloud.ecs.tasks()) {
        const fields = under.whole.taskOf(taskArn.split('/').at(-1) ?? '');
        const { messages } = await fields.pull(undefined).catch(() => ({ messages: [] }));
        const message = messages.at(-1);
        const rows = await under.rowsOf('Message', person);
        if (message && rows.some(({ id }) => id === message.id)) return { fields, message };
      }
      throw new Error('no task yet');
    });
  }

  test('follows a message of a task’s own owner and of no other, up to its end, once', async () => {
    under.api.person(annAtTelegram).say('What is the answer?');
    await under.taken();
    const { fields, message } = await taskFor(under.ann);
    const key = { conversationId: message.conversationId, id: message.id, attempt: message.attempt };
    await fields.claim(key);
    await fields.checkpoint(key, { seq: 1, answer: 'It **is' });
    await soon(async () => {
      await fields.deliver(key);
      expect(under.api.world.drafts().map(({ text }) => text)).toEqual(['It is']);
    });
    expect(under.api.world.actions.map(({ action }) => action)).toContain('typing');

    under.api.person(minsu).say('/help');
    await under.taken();
    await under.link(under.bob, minsu);
    under.api.person(minsu).say('안녕');
    await under.taken();
    const bobs = await taskFor(under.bob);
    await fields.commit(key, { status: 'answered', seq: 2, answer: 'It **is** 42.', tools: [] });
    const before = said().length;
    expect(await bobs.fields.deliver(key)).toMatchObject({ state: 'done' });
    expect(said()).toHaveLength(before);

    const event = { owner: under.ann.sub, conversationId: key.conversationId, id: key.id };
    await Promise.all([
      ...Array.from({ length: 4 }, () => under.whole.cloud.invoke(deliverMessage(), event)),
      ...Array.from({ length: 4 }, () => fields.deliver(key)),
    ]);
    await soon(async () => expect(await fields.deliver(key)).toMatchObject({ state: 'done' }));
    expect(
      said()
        .slice(before)
        .map(({ text }) => text),
    ).toEqual(['It is 42.']);
    expect(under.api.world.drafts()).toEqual([]);
  });

  test('brings files both ways: a photo to the owner’s files and the task, what the task made to the chat', async () => {
    const bytes = picture(320, 200);
    const file = { kind: 'photo', name: 'x.jpg', type: 'image/jpeg', bytes } as const;
    under.api.person(annAtTelegram).say('What is this?', { file });
    await under.taken();
    const { fields, message } = await soon(async () => {
      const found = await taskFor(under.ann);
      expect(found.message).toMatchObject({ text: 'What is this?', attachments: [{ size: bytes.length }] });
      expect(found.message.attachments[0]).not.toHaveProperty('arriving');
      return found;
    });
    const key = { conversationId: message.conversationId, id: message.id, attempt: message.attempt };
    await fields.claim(key);
    const [sent] = await fields.downloadFiles(key);
    const fetched = await fetch(sent?.download.url ?? '');
    expect(Buffer.from(await fetched.arrayBuffer()).equals(bytes)).toBe(true);

    const made = Buffer.from('a report');
    const sha256 = createHash('sha256').update(made).digest('hex');
    const report = { name: '보고서.txt', type: 'text/plain', size: made.length, sha256 };
    const place = await fields.uploadFile(key, report);
    const { 'content-length': _, ...headers } = place.upload.headers;
    expect((await fetch(place.upload.url, { method: 'PUT', headers, body: made })).ok).toBe(true);
    const end = { status: 'answered', seq: 1, answer: 'Here.', tools: [], files: [place.file] } as const;
    await fields.commit(key, end);
    await soon(async () => expect(await fields.deliver(key)).toMatchObject({ state: 'done' }));
    const shown = said().at(-1);
    expect(shown?.file).toMatchObject({ kind: 'document', file_name: '보고서.txt' });
    expect(Buffer.from(shown?.file?.bytes ?? []).toString()).toBe('a report');
  });

  test('comes by itself when a message ends without its task: stopped while it waits', async () => {
    under.api.person(annAtTelegram).say('Never mind');
    under.api.person(annAtTelegram).say('/stop');
    await soon(() => expect(said().some(({ text }) => text.includes(plain(en.stopped)))).toBe(true));
    // Nothing more is sent for it.
    await soon(async () => {
      const rows = await under.rowsOf('Delivery', under.ann);
      const last = rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1)).at(-1);
      expect(last).toMatchObject({ doneAttempt: 1 });
    });
  });

  test('of an event that is none is refused, and sends nothing', async () => {
    const before = under.api.calls.length;
    for (const event of [
      {},
      { owner: under.ann.sub },
      { field: 'agentDeliver', arguments: { conversationId: 'c', id: 'm' } },
      { field: 'other', owner: under.ann.sub, arguments: { conversationId: 'c', id: 'm' } },
    ]) {
      const { functionError, payload } = await under.whole.cloud.invoke(deliverMessage(), event);
      expect([functionError, payload]).toMatchObject(['Unhandled', { errorType: 'internal' }]);
    }
    expect(under.api.calls).toHaveLength(before);
  });
});

describe('Linking', () => {
  test('shows where to go, keeps the code by its hash only, and takes it once', async () => {
    await under.unlink(under.ann);
    expect(await under.channelOf(under.ann)).toEqual({
      channel: 'telegram',
      address: `@${bot.username}`,
      link: null,
    });
    const { url, code, expiresAt } = await under.makeCode(under.ann);
    expect(url).toBe(`https://t.me/${bot.username}?start=${code}`);
    expect(Buffer.from(code, 'base64url')).toHaveLength(16);
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
    expect(Math.round(minutes)).toBe(10);
    expect(JSON.stringify(await under.rowsOf('ChannelRow'))).not.toContain(code);

    const tryIt = async (who: typeof minsu) => {
      const reply = await (await under.post(under.saying(`/start ${code}`, who))).json();
      return (reply as { text: string }).text;
    };
    expect(await tryIt(annAtTelegram)).toContain('Connected, Ann.');
    expect(await tryIt({ id: 9_002, first_name: 'Eve' })).toBe(plain(en.codeUnknown('Telegram')));
    expect(await under.channelOf(under.ann)).toMatchObject({ link: { name: 'Ann', isActive: true } });
    expect(await under.channelOf(under.bob)).toMatchObject({ link: { name: '민수' } });
  });

  test('ends on either side, and the page hears of it', async () => {
    const header = { host: new URL(under.whole.cloud.endpoint).host, Authorization: under.ann.token };
    const socket = await openSocket(under.whole.cloud.endpoint, header);
    await socket.init();
    socket.start('s', 'subscription { onEvent { owner kind conversationId messageId body } }', header);
    expect(await socket.next()).toMatchObject({ type: 'start_ack' });
    const hearsOfIt = async (): Promise<void> => {
      const { payload } = await socket.next();
      if (payload.data.onEvent.kind !== 'channels.changed') await hearsOfIt();
    };
    expect(await under.unlink(under.ann)).toMatchObject({ link: null });
    await hearsOfIt();
    expect((await under.rowsOf('ChannelRow')).filter(({ id }) => id === 'user#telegram#4711')).toEqual([]);

    await under.link(under.ann);
    await hearsOfIt();
    const reply = await (await under.post(under.saying('/unlink'))).json();
    expect(reply).toMatchObject({ text: en.unlinked });
    await hearsOfIt();
    expect(await under.channelOf(under.ann)).toMatchObject({ link: null });
    socket.close();
  });

  test('knows no other channel', async () => {
    const { errors } = await under.whole.ask(under.ann, 'mutation { makeChannelCode(channel: "pigeon") }');
    expect(errors?.[0]?.message).toMatch(/^channel\.not_set_up/);
  });
});
