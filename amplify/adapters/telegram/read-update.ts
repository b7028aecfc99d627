import type { CallbackQuery, Chat, Message, MessageEntity, MessageOrigin, Update, User } from 'grammy/types';
import type { ChannelUpdate, Sender } from '../../core/channel/channel-update.ts';
import type { Place } from '../../core/channel/place.ts';
import type { BotProfile } from './client.ts';
import { maxFetchMegabytes, sentFileOf } from './sent-file.ts';

/** The bot, as far as reading needs it. */
type Bot = Pick<BotProfile, 'id' | 'username'>;

/** What the bot asks Telegram to tell it of, and nothing else. */
export const allowedUpdates = [
  'message',
  'callback_query',
  'my_chat_member',
  'stopped_message_generation',
] as const satisfies readonly (keyof Update)[];

/** How much of a quoted message the agent gets, UTF-16 units. */
const maxQuote = 1_000;

/** Reads an update; null for what the app has no use for: unaddressed words in groups, other bots, channels. */
export function readUpdate(update: Update, bot: Bot): ChannelUpdate | null {
  if (update.message) return readMessage(update.update_id, update.message, bot);
  if (update.callback_query) return readPress(update.update_id, update.callback_query);
  if (update.stopped_message_generation) {
    const { chat, message_thread_id, draft_id } = update.stopped_message_generation;
    const place = placeOf(chat, message_thread_id);
    return { kind: 'halt', sender: String(chat.id), place, draft: draft_id };
  }
  const change = update.my_chat_member;
  if (change?.chat.type === 'private') {
    const isReachable = change.new_chat_member.status !== 'kicked';
    return { kind: 'reach', channel: 'telegram', sender: String(change.from.id), isReachable };
  }
  return null;
}

const senderOf = (user: User): Sender => ({
  id: String(user.id),
  name: [user.first_name, user.last_name].filter(Boolean).join(' ').slice(0, 100),
  language: user.language_code?.toLowerCase().startsWith('ko') ? 'ko' : 'en',
});

const placeOf = (chat: Pick<Chat, 'id' | 'type'>, thread: number | undefined): Place => ({
  channel: 'telegram',
  chat: String(chat.id),
  isPrivate: chat.type === 'private',
  ...(thread === undefined ? {} : { thread: String(thread) }),
});

function readMessage(sequence: number, message: Message, bot: Bot): ChannelUpdate | null {
  const { from, chat } = message;
  if (!from || from.is_bot || chat.type === 'channel') return null;
  // Replies in an ordinary group carry a thread too; only topics are places of their own.
  const thread = message.is_topic_message ? message.message_thread_id : undefined;
  const at = {
    sequence,
    sender: senderOf(from),
    place: placeOf(chat, thread),
    sentAt: message.date * 1000,
  };
  const forwarded = message.forward_origin && forwardedText(message.forward_origin, message);
  // What somebody else wrote is neither a command nor an address.
  const text = forwarded === undefined ? (message.text ?? message.caption ?? '') : '';
  const entities = forwarded === undefined ? (message.entities ?? message.caption_entities ?? []) : [];
  const command = commandOf(text, entities, bot);
  if (command === 'other-bot') return null;
  if (command) return { kind: 'command', ...at, ...command };
  if (!at.place.isPrivate && !isAddressed(message, text, entities, bot)) return null;
  const file = sentFileOf(message);
  if (file && file.size > maxFetchMegabytes * 1024 * 1024)
    return { kind: 'too-large', ...at, name: file.name, megabytes: maxFetchMegabytes };
  if (message.text === undefined && !file) {
    const what = kinds.find((kind) => kind in message);
    return what ? { kind: 'unsupported', ...at, what } : null;
  }
  return {
    kind: 'message',
    ...at,
    text: at.place.isPrivate ? text : withoutMention(text, bot),
    file,
    album: file && message.media_group_id,
    quote: forwarded ?? quoteOf(message, bot),
    reference: String(message.message_id),
  };
}

const kinds = ['sticker', 'location', 'contact', 'poll'] as const;

/** The command that a message begins with; `other-bot`: one for somebody else in the group. */
function commandOf(
  text: string,
  entities: readonly MessageEntity[],
  bot: Bot,
): { name: string; argument: string } | 'other-bot' | undefined {
  const first = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (!first) return undefined;
  const [name = '', to] = text.slice(1, first.length).split('@');
  if (to !== undefined && to.toLowerCase() !== bot.username.toLowerCase()) return 'other-bot';
  return { name: name.toLowerCase(), argument: text.slice(first.length).trim() };
}

function isAddressed(message: Message, text: string, entities: readonly MessageEntity[], bot: Bot): boolean {
  if (message.reply_to_message?.from?.id === bot.id) return true;
  const name = `@${bot.username}`.toLowerCase();
  return entities.some(
    ({ type, offset, length }) =>
      type === 'mention' && text.slice(offset, offset + length).toLowerCase() === name,
  );
}

const withoutMention = (text: string, { username }: Bot): string =>
  text.replace(new RegExp(`@${username}\\b`, 'gi'), '').trim() || text;

/** What is answered: the part that the person marked, else the message, if it is not the bot's own last word. */
function quoteOf(message: Message, bot: Bot): string | undefined {
  if (message.quote?.text) return message.quote.text.slice(0, maxQuote);
  const answered = message.reply_to_message;
  // In a topic every message answers the one that opened it.
  if (!answered || answered.message_id === message.message_thread_id) return undefined;
  const text = answered.text ?? answered.caption;
  if (!text) return undefined;
  const who = answered.from?.id === bot.id ? '' : `${answered.from?.first_name ?? ''}: `;
  return `${message.chat.type === 'private' ? '' : who}${text}`.slice(0, maxQuote);
}

/** A message that was passed on, with who wrote it: the agent is to tell it from its person's own words. */
function forwardedText(origin: MessageOrigin, { text, caption }: Message): string {
  const who =
    origin.type === 'user'
      ? origin.sender_user.first_name
      : origin.type === 'hidden_user'
        ? origin.sender_user_name
        : (origin.type === 'chat' ? origin.sender_chat : origin.chat).title;
  return `${who ?? '?'}: ${text ?? caption ?? ''}`.trim();
}

function readPress(sequence: number, query: CallbackQuery): ChannelUpdate | null {
  const { message, data, from, id } = query;
  if (!message || data === undefined) return null;
  const thread =
    'is_topic_message' in message && message.is_topic_message ? message.message_thread_id : undefined;
  return {
    kind: 'press',
    sequence,
    sender: senderOf(from),
    place: placeOf(message.chat, thread),
    data,
    reference: id,
  };
}
