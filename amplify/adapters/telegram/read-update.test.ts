import type { Update } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { allowedUpdates, readUpdate } from './read-update.ts';

/** Updates in the shapes of https://core.telegram.org/bots/api, with what Telegram's servers leave out left out. */
const bot = { id: 7_000_000_001, username: 'Claw_bot' };
const ann = { id: 4711, is_bot: false, first_name: 'Ann', last_name: 'Lee', language_code: 'en-GB' };
const me = { id: bot.id, is_bot: true, first_name: 'Claw', username: bot.username };
const home = { id: ann.id, type: 'private', first_name: 'Ann' };
const group = { id: -100_200_300, type: 'supergroup', title: 'Friends' };
const message = (more: object) => ({
  update_id: 10,
  message: { message_id: 5, date: 1_764_000_000, chat: home, from: ann, ...more },
});
const mention = { text: 'hi @CLAW_BOT', entities: [{ type: 'mention', offset: 3, length: 9 }] };
const read = (update: object) => readUpdate(update as Update, bot);
const place = { channel: 'telegram', chat: '4711', isPrivate: true };
const inGroup = { channel: 'telegram', chat: '-100200300', isPrivate: false };

test('asks for what it reads, and for nothing else', () => {
  expect([...allowedUpdates].sort()).toEqual([
    'callback_query',
    'message',
    'my_chat_member',
    'stopped_message_generation',
  ]);
});

describe('An update', () => {
  test.each([
    [
      'a text in private',
      message({ text: 'hi' }),
      { kind: 'message', text: 'hi', sequence: 10, sentAt: 1_764_000_000_000, place, reference: '5' },
    ],
    ['its sender', message({ text: 'hi' }), { sender: { id: '4711', name: 'Ann Lee', language: 'en' } }],
    [
      'a sender who speaks Korean',
      message({ text: 'hi', from: { ...ann, language_code: 'ko-KR' } }),
      { sender: { language: 'ko' } },
    ],
    [
      'a command',
      message({ text: '/start abc', entities: [{ type: 'bot_command', offset: 0, length: 6 }] }),
      { kind: 'command', name: 'start', argument: 'abc', place },
    ],
    [
      'a command for this bot among others',
      message({
        chat: group,
        text: '/new@claw_BOT',
        entities: [{ type: 'bot_command', offset: 0, length: 13 }],
      }),
      { kind: 'command', name: 'new', place: inGroup },
    ],
    ['a mention, whatever its case', message({ chat: group, ...mention }), { kind: 'message', text: 'hi' }],
    [
      'a reply to the bot',
      message({
        chat: group,
        text: 'thanks',
        reply_to_message: { message_id: 4, date: 1, chat: group, from: me },
      }),
      { kind: 'message', text: 'thanks', place: inGroup },
    ],
    [
      'a topic of a forum',
      message({
        chat: { ...group, is_forum: true },
        is_topic_message: true,
        message_thread_id: 77,
        ...mention,
      }),
      { place: { ...inGroup, thread: '77' } },
    ],
    [
      'a thread of replies, which is no place of its own',
      message({ chat: group, message_thread_id: 77, ...mention }),
      { place: inGroup },
    ],
    [
      'the part of a message that is quoted',
      message({ text: 'why?', quote: { text: 'the sky', position: 0, is_manual: true } }),
      { quote: 'the sky' },
    ],
    [
      'somebody else’s command that is passed on, which is no command',
      message({
        text: '/unlink now',
        entities: [{ type: 'bot_command', offset: 0, length: 7 }],
        forward_origin: { type: 'user', date: 1, sender_user: { id: 8, is_bot: false, first_name: 'Ben' } },
      }),
      { kind: 'message', text: '', quote: 'Ben: /unlink now' },
    ],
    [
      'a post that is passed on with its picture',
      message({
        caption: 'Sale!',
        photo: [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1, file_size: 10 }],
        forward_origin: {
          type: 'channel',
          date: 1,
          message_id: 3,
          chat: { id: -1, type: 'channel', title: 'Shop' },
        },
      }),
      { kind: 'message', text: '', quote: 'Shop: Sale!' },
    ],
    [
      'a button',
      {
        update_id: 11,
        callback_query: {
          id: 'q',
          from: ann,
          chat_instance: '1',
          data: 'stop:1',
          message: { message_id: 5, date: 1, chat: home },
        },
      },
      { kind: 'press', data: 'stop:1', reference: 'q', place },
    ],
    [
      'a button below a message too old to be shown',
      {
        update_id: 11,
        callback_query: {
          id: 'q',
          from: ann,
          chat_instance: '1',
          data: 'x',
          message: { message_id: 5, date: 0, chat: home },
        },
      },
      { kind: 'press', data: 'x' },
    ],
    [
      'the Stop beside a draft in a topic',
      { update_id: 12, stopped_message_generation: { chat: home, draft_id: 9, message_thread_id: 3 } },
      { kind: 'halt', sender: '4711', draft: 9, place: { ...place, thread: '3' } },
    ],
    [
      'a person who blocks the bot',
      {
        update_id: 13,
        my_chat_member: { chat: home, from: ann, date: 1, new_chat_member: { user: me, status: 'kicked' } },
      },
      { kind: 'reach', sender: '4711', isReachable: false },
    ],
  ])('is read: %s', (_what, update, expected) => {
    expect(read(update)).toMatchObject(expected);
  });

  test.each([
    ['words in a group that are not for the bot', message({ chat: group, text: 'lunch?' })],
    [
      'a mention of somebody else',
      message({ chat: group, text: '@claw_bot2 hi', entities: [{ type: 'mention', offset: 0, length: 10 }] }),
    ],
    [
      'a command for another bot',
      message({
        chat: group,
        text: '/new@other_bot',
        entities: [{ type: 'bot_command', offset: 0, length: 14 }],
      }),
    ],
    ['another bot', message({ from: { ...ann, is_bot: true }, ...mention })],
    [
      'an administrator who hides behind the group',
      message({
        chat: group,
        sender_chat: group,
        from: { id: 1_087_968_824, is_bot: true, first_name: 'Group' },
        ...mention,
      }),
    ],
    ['nobody', message({ from: undefined, text: 'hi' })],
    ['a service message', message({ chat: group, new_chat_members: [me] })],
    ['a pinned message', message({ pinned_message: { message_id: 1, date: 1, chat: home } })],
    [
      'somebody else’s mention of the bot that is passed on in a group',
      message({
        chat: group,
        ...mention,
        forward_origin: { type: 'hidden_user', date: 1, sender_user_name: 'Ben' },
      }),
    ],
    ['an edit', { update_id: 14, edited_message: message({ text: 'hi' }).message }],
    [
      'a post in a channel',
      { update_id: 15, channel_post: { message_id: 1, date: 1, chat: { id: -1, type: 'channel' } } },
    ],
    [
      'a button of an inline message',
      { update_id: 16, callback_query: { id: 'q', from: ann, inline_message_id: 'i', data: 'x' } },
    ],
    [
      'the bot’s own coming into a group',
      {
        update_id: 17,
        my_chat_member: { chat: group, from: ann, date: 1, new_chat_member: { user: me, status: 'member' } },
      },
    ],
    ['nothing that is known', { update_id: 18, story: {} }],
  ])('is left alone: %s', (_what, update) => {
    expect(read(update)).toBeNull();
  });
});
