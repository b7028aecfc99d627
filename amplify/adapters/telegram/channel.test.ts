import type { Update } from 'grammy/types';
import { startBotApi } from '../../../local/app/bot-api/bot-api.ts';
import { Refusal } from '../../../local/app/bot-api/refusal.ts';
import { ann, bot } from '../../../local/app/bot-api/telegram-under-test.ts';
import type { ChannelUpdate } from '../../core/channel/channel-update.ts';
import type { Place } from '../../core/channel/place.ts';
import { channelContract } from '../contracts/channel.ts';
import { telegramChannel } from './channel.ts';
import { telegramApi } from './client.ts';
import { allowedUpdates, readUpdate } from './read-update.ts';
import { webhookReply } from './webhook-reply.ts';

/** How Telegram says each of them. */
const mishaps = {
  busy: { refuse: new Refusal(429, 'Too Many Requests: retry after 7', 7) },
  closed: { refuse: new Refusal(403, 'Forbidden: bot was blocked by the user') },
  refused: { refuse: new Refusal(400, 'Bad Request: chat not found') },
  unreachable: 'unreachable',
} as const;

const group = { id: -100200300, type: 'supergroup' as const, title: 'Friends' };

channelContract('Telegram, at the stand-in for its Bot API', async () => {
  const clock = { now: Date.parse('2026-05-01T09:00:00.000Z') };
  const api = await startBotApi({ bot, now: () => clock.now });
  const person = api.person(ann);
  person.say('hi');
  person.say('hi', { chat: group });
  let offset = 0;
  let last: readonly Update[] = [];
  const readAll = (updates: readonly Update[]): ChannelUpdate[] =>
    updates.flatMap((update) => readUpdate(structuredClone(update), bot) ?? []);
  const call = async ({ method, ...input }: Record<string, unknown>) => {
    const response = await fetch(`${api.url}/bot${bot.token}/${String(method)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  const of = ({ chat }: Place) => api.world.of(Number(chat)).filter(({ from }) => from === null);
  return {
    channel: telegramChannel(telegramApi({ token: bot.token, apiRoot: api.url })),
    places: [
      { channel: 'telegram', chat: String(ann.id), isPrivate: true },
      { channel: 'telegram', chat: String(group.id), isPrivate: false },
    ],
    secret: bot.token,
    shown: (place) =>
      of(place).map(({ text, keyboard, file }) => ({
        text: file ? new TextDecoder().decode(file.bytes) : text,
        buttons: (keyboard ?? []).flat().map((each) => ('callback_data' in each ? each.callback_data : '')),
      })),
    drafts: ({ chat }) =>
      api.world
        .drafts()
        .filter((draft) => draft.chat === Number(chat))
        .map(({ text }) => text),
    fail: (kind) => api.mishap('sendMessage', mishaps[kind]),
    wait: (ms) => {
      clock.now += ms;
    },
    keep: (bytes) => {
      const file = { kind: 'document', name: 'kept.bin', type: 'application/octet-stream', bytes } as const;
      return person.say('', { file }).message.file?.file_id ?? '';
    },
    say: (text) => void person.say(text),
    press: (data) => {
      const message = of({ channel: 'telegram', chat: String(ann.id), isPrivate: true }).at(-1);
      const button = message?.keyboard
        ?.flat()
        .find((each) => 'callback_data' in each && each.callback_data === data);
      if (!message || !button) throw new Error('no such button');
      person.press(message, button.text);
    },
    read: async () => {
      last = (await api.queue.poll({
        offset,
        limit: 100,
        timeout: 0,
        allowed_updates: allowedUpdates,
      })) as unknown as Update[];
      offset = (last.at(-1)?.update_id ?? offset - 1) + 1;
      return readAll(last);
    },
    readAgain: async () => readAll(last),
    reply: async (reply) => {
      const answer = webhookReply(reply);
      if (answer) await call(answer);
    },
    close: () => api.close(),
  };
});
