import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BotApi, startBotApi } from './bot-api.ts';
import { picture } from './picture-under-test.ts';
import { ann, bot } from './telegram-under-test.ts';

let api: BotApi;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-05-01T09:00:00Z');
  api = await startBotApi({ bot, now: () => now });
  api.person(ann).say('hi');
});
afterEach(() => api.close());

const call = async (method: string, input: object, token = bot.token) => {
  const response = await fetch(`${api.url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { ...body, status: response.status } as Record<string, unknown>;
};
const send = (more: object) => call('sendMessage', { chat_id: ann.id, text: 'hello', ...more });

describe('The stand-in for the Bot API refuses', () => {
  test.each([
    ['an empty text', { text: '  \n ' }, 'message text is empty'],
    ['a text of 4,097 units', { text: 'x'.repeat(4097) }, 'message is too long'],
    ['a chat that it does not know', { chat_id: 9 }, 'chat not found'],
    ['an entity beyond the text', { entities: [{ type: 'bold', offset: 3, length: 3 }] }, 'beyond the end'],
    [
      'an entity that tears a letter apart',
      { text: 'a👋b', entities: [{ type: 'bold', offset: 0, length: 2 }] },
      'middle of a UTF-16 symbol',
    ],
    [
      'entities that cross each other',
      {
        entities: [
          { type: 'bold', offset: 0, length: 3 },
          { type: 'italic', offset: 2, length: 3 },
        ],
      },
      'cross each other',
    ],
    [
      'code inside something bold',
      {
        entities: [
          { type: 'bold', offset: 0, length: 5 },
          { type: 'code', offset: 1, length: 2 },
        ],
      },
      "can't be nested",
    ],
    [
      'a kind of entity that bots don’t set',
      { entities: [{ type: 'mention', offset: 0, length: 2 }] },
      'Bad Request',
    ],
    ['a parameter that it does not know', { parse_mode: 'MarkdownV2' }, 'Unrecognized key'],
    [
      'a button of more than 64 bytes',
      { reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: '가'.repeat(22) }]] } },
      'BUTTON_DATA_INVALID',
    ],
    ['a topic where there are none', { message_thread_id: 5 }, 'message thread not found'],
  ])('%s', async (_what, input, why) => {
    const answer = await send(input);
    expect(answer).toMatchObject({ status: 400, ok: false, error_code: 400 });
    expect(answer.description).toContain(why);
    expect(api.world.of(ann.id)).toHaveLength(1);
  });

  test('a wrong token and an unknown method', async () => {
    expect(await call('getMe', {}, 'wrong')).toMatchObject({ status: 401, description: 'Unauthorized' });
    expect(await call('sendSmoke', {})).toMatchObject({
      status: 404,
      description: 'Not Found: method not found',
    });
    expect(await call('GETME', {})).toMatchObject({ status: 200 });
  });

  test('a flood, and says after how many seconds it takes more', async () => {
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push(await send({}));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
    expect(answers.at(-1)).toMatchObject({ status: 429, parameters: { retry_after: 1 } });
    now += 1_000;
    expect(await send({})).toMatchObject({ ok: true });
  });

  test('an edit that changes nothing, and of what is not the bot’s', async () => {
    const { result } = (await send({})) as unknown as { result: { message_id: number } };
    const edit = (message_id: number, text: string) =>
      call('editMessageText', { chat_id: ann.id, message_id, text });
    expect(await edit(result.message_id, 'hello')).toMatchObject({ status: 400 });
    expect(await edit(result.message_id, 'other')).toMatchObject({ ok: true });
    expect(await edit(1, 'other')).toMatchObject({ status: 400 });
    expect(await edit(99, 'other')).toMatchObject({ status: 400 });
  });

  test.each([
    ['an album of one', [{ type: 'photo', media: 'attach://a' }], '2 to 10'],
    [
      'an album of two sorts',
      [
        { type: 'photo', media: 'attach://a' },
        { type: 'document', media: 'attach://b' },
      ],
      "can't be mixed",
    ],
    [
      'an album with a file that is not there',
      [
        { type: 'document', media: 'attach://b' },
        { type: 'document', media: 'attach://nothing' },
      ],
      'failed to send message #2',
    ],
  ])('%s, all of it', async (_what, media, why) => {
    const form = new FormData();
    form.set('chat_id', String(ann.id));
    form.set('media', JSON.stringify(media));
    form.set('a', new File([new Uint8Array(picture(9, 9))], 'a.png'));
    form.set('b', new File(['words'], 'b.txt'));
    const url = `${api.url}/bot${bot.token}/sendMediaGroup`;
    const answer = await (await fetch(url, { method: 'POST', body: form })).json();
    expect(answer).toMatchObject({ ok: false, error_code: 400, description: expect.stringContaining(why) });
    expect(api.world.of(ann.id)).toHaveLength(1);
  });

  test('people who have blocked the bot', async () => {
    api.world.blocked.add(ann.id);
    expect(await send({})).toMatchObject({
      status: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
  });
});

describe('A draft', () => {
  const draft = (more: object) =>
    call('sendMessageDraft', { chat_id: ann.id, draft_id: 7, text: 'so', ...more });

  test('fades after half a minute, and goes when the bot says something', async () => {
    await draft({});
    expect(api.world.drafts()).toHaveLength(1);
    now += 29_000;
    expect(api.world.drafts()).toHaveLength(1);
    now += 1_000;
    expect(api.world.drafts()).toEqual([]);
    await draft({});
    await send({});
    expect(api.world.drafts()).toEqual([]);
  });

  test('has a number and is for private chats', async () => {
    expect(await draft({ draft_id: 0 })).toMatchObject({ status: 400 });
    const group = { id: -100, type: 'group' as const, title: 'g' };
    api.person(ann).say('x', { chat: group });
    expect(await draft({ chat_id: -100 })).toMatchObject({ status: 400 });
  });
});
