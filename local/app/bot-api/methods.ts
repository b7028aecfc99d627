import type { MessageEntity } from 'grammy/types';
import * as z from 'zod';
import type { Flood } from './flood.ts';
import { checkText, entity } from './formatted-text.ts';
import { badRequest, Refusal } from './refusal.ts';
import type { UpdateQueue } from './update-queue.ts';
import { type Chat, type ChatMessage, draftLifeMs, type StoredFile, type World } from './world.ts';

export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}
export interface Call {
  readonly world: World;
  readonly flood: Flood;
  readonly queue: UpdateQueue;
  /** The files of a multipart call, by field. */
  readonly uploads: ReadonlyMap<string, Upload>;
}

const button = z.union([
  z.strictObject({ text: z.string().min(1), callback_data: z.string().min(1) }),
  z.strictObject({ text: z.string().min(1), url: z.url() }),
]);
const replyMarkup = z.strictObject({ inline_keyboard: z.array(z.array(button)) });
const chatId = z.number().int();
const thread = z.number().int().positive().optional();
const reply = z
  .strictObject({
    message_id: z.number().int(),
    allow_sending_without_reply: z.boolean().optional(),
    quote: z.string().optional(),
  })
  .optional();
const common = {
  chat_id: chatId,
  message_thread_id: thread,
  reply_parameters: reply,
  reply_markup: replyMarkup.optional(),
  disable_notification: z.boolean().optional(),
};
const previews = z.strictObject({ is_disabled: z.boolean() }).optional();
const entities = z.array(entity).default([]);
const language = z
  .string()
  .regex(/^([a-z]{2})?$/)
  .default('');

function define<Shape extends z.ZodType>(shape: Shape, run: (input: z.output<Shape>, call: Call) => unknown) {
  return (input: unknown, call: Call) => {
    const parsed = shape.safeParse(input);
    if (parsed.success) return run(parsed.data, call);
    const [issue] = parsed.error.issues;
    throw badRequest(`${issue?.path.join('.') || 'parameters'}: ${issue?.message}`);
  };
}

/** The methods that a chat bot needs, with their rules. Parameters that are not here are refused, unlike Telegram does. */
const methods = {
  getMe: define(z.strictObject({}), (_input, { world }) => ({
    ...botUser(world),
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    has_topics_enabled: world.topics,
  })),

  sendMessage: define(
    z.strictObject({ ...common, text: z.string(), entities, link_preview_options: previews }),
    (input, call) => {
      const { text, entities } = trimmed(input.text, input.entities);
      if (text === '') throw badRequest('message text is empty');
      checkText(text, entities);
      return sent(call, input, { text, entities });
    },
  ),

  sendDocument: define(
    z.strictObject({
      ...common,
      document: z.string(),
      caption: z.string().default(''),
      caption_entities: entities,
    }),
    (input, call) => sendFile(call, input, input.document, 50),
  ),
  sendPhoto: define(
    z.strictObject({
      ...common,
      photo: z.string(),
      caption: z.string().default(''),
      caption_entities: entities,
    }),
    (input, call) => sendFile(call, input, input.photo, 10),
  ),

  editMessageText: define(
    z.strictObject({
      chat_id: chatId,
      message_id: z.number().int(),
      text: z.string(),
      entities,
      link_preview_options: previews,
      reply_markup: replyMarkup.optional(),
    }),
    (input, call) => {
      const { world } = call;
      const chat = chatOf(world, input.chat_id);
      const message = own(world, chat, input.message_id, 'edit');
      const { text, entities } = trimmed(input.text, input.entities);
      if (text === '') throw badRequest('message text is empty');
      checkText(text, entities);
      checkKeyboard(input.reply_markup);
      const keyboard = input.reply_markup?.inline_keyboard;
      const before = JSON.stringify([message.text, message.entities, message.keyboard ?? []]);
      if (before === JSON.stringify([text, entities, keyboard ?? []])) {
        throw badRequest(
          'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
        );
      }
      call.flood.take(floodKind(chat), chat.id);
      Object.assign(message, { text, entities, keyboard, edits: message.edits + 1 });
      world.changed();
      return shown(world, message);
    },
  ),

  deleteMessage: define(
    z.strictObject({ chat_id: chatId, message_id: z.number().int() }),
    (input, { world }) => {
      const message = own(world, chatOf(world, input.chat_id), input.message_id, 'delete');
      if (world.now() / 1000 - message.date > 48 * 3600)
        throw badRequest("message can't be deleted for everyone");
      world.messages.splice(world.messages.indexOf(message), 1);
      world.changed();
      return true;
    },
  ),

  sendChatAction: define(
    z.strictObject({
      chat_id: chatId,
      message_thread_id: thread,
      action: z.enum(['typing', 'upload_photo', 'upload_document', 'upload_voice']),
    }),
    ({ chat_id, message_thread_id, action }, { world }) => {
      chatOf(world, chat_id);
      world.actions.push({ chat: chat_id, thread: message_thread_id, action, at: world.now() });
      world.changed();
      return true;
    },
  ),

  sendMessageDraft: define(
    z.strictObject({
      chat_id: chatId,
      message_thread_id: thread,
      draft_id: z.number().int(),
      text: z.string().default(''),
      entities,
      can_stop: z.boolean().default(false),
      keep_on_stop: z.boolean().default(false),
    }),
    (input, { world, flood }) => {
      const chat = chatOf(world, input.chat_id);
      if (chat.type !== 'private') throw badRequest('TEXTDRAFT_PEER_INVALID');
      if (input.draft_id === 0) throw badRequest('draft_id must be non-zero');
      checkText(input.text, input.entities);
      flood.take('draft', chat.id);
      world.showDraft({
        chat: chat.id,
        thread: input.message_thread_id,
        id: input.draft_id,
        text: input.text,
        entities: input.entities,
        canStop: input.can_stop,
        expiresAt: world.now() + draftLifeMs,
      });
      return true;
    },
  ),

  answerCallbackQuery: define(
    z.strictObject({
      callback_query_id: z.string(),
      text: z.string().max(200).default(''),
      show_alert: z.boolean().default(false),
    }),
    (input, { world }) => {
      const press = world.presses.get(input.callback_query_id);
      if (!press || press.answered || world.now() - press.at > 60_000) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid');
      }
      press.answered = true;
      world.toasts.push({ press: input.callback_query_id, text: input.text, alert: input.show_alert });
      world.changed();
      return true;
    },
  ),

  getFile: define(z.strictObject({ file_id: z.string() }), ({ file_id }, { world }) => {
    const file = world.files.get(file_id);
    if (!file) throw badRequest('invalid file_id');
    if (file.bytes.length > 20 * 1024 * 1024) throw badRequest('file is too big');
    const { file_unique_id } = file;
    return {
      file_id,
      file_unique_id,
      file_size: file.bytes.length,
      file_path: `documents/${file_unique_id}`,
    };
  }),

  setMyCommands: define(
    z.strictObject({
      commands: z
        .array(
          z.strictObject({
            command: z.string().regex(/^[a-z0-9_]{1,32}$/),
            description: z.string().min(1).max(256),
          }),
        )
        .max(100),
      language_code: language,
      scope: z.strictObject({ type: z.enum(['default', 'all_private_chats', 'all_group_chats']) }).optional(),
    }),
    ({ commands, language_code, scope }, { queue }) => {
      queue.profile.commands.set(`${scope?.type ?? 'default'} ${language_code}`.trim(), commands);
      return true;
    },
  ),
  setMyDescription: define(
    z.strictObject({ description: z.string().max(512), language_code: language }),
    ({ description, language_code }, { queue }) => {
      queue.profile.descriptions.set(language_code, description);
      return true;
    },
  ),
  setMyShortDescription: define(
    z.strictObject({ short_description: z.string().max(120), language_code: language }),
    ({ short_description, language_code }, { queue }) => {
      queue.profile.shortDescriptions.set(language_code, short_description);
      return true;
    },
  ),

  setWebhook: define(
    z.strictObject({
      url: z.string(),
      secret_token: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,256}$/)
        .optional(),
      allowed_updates: z.array(z.string()).optional(),
      max_connections: z.number().int().min(1).max(100).optional(),
      drop_pending_updates: z.boolean().default(false),
    }),
    (input, { queue }) => queue.setWebhook(input),
  ),
  deleteWebhook: define(
    z.strictObject({ drop_pending_updates: z.boolean().default(false) }),
    ({ drop_pending_updates }, { queue }) => queue.setWebhook({ url: '', drop_pending_updates }),
  ),
  getWebhookInfo: define(z.strictObject({}), (_input, { queue }) => queue.webhookInfo()),
  getUpdates: define(
    z.strictObject({
      offset: z.number().int().optional(),
      limit: z.number().int().min(1).max(100).default(100),
      timeout: z.number().int().min(0).default(0),
      allowed_updates: z.array(z.string()).optional(),
    }),
    (input, { queue }) => queue.poll(input),
  ),
};

const byName = new Map(Object.entries(methods).map(([name, run]) => [name.toLowerCase(), run]));

/** Runs a method by its name in any case. Throws a Refusal. */
export async function runMethod(name: string, input: unknown, call: Call): Promise<unknown> {
  const run = byName.get(name.toLowerCase());
  if (!run) throw new Refusal(404, 'Not Found: method not found');
  return run(input, call);
}

export const botUser = ({ bot: { id, username, first_name } }: World) => ({
  ...{ id, username, first_name },
  is_bot: true,
});

const floodKind = (chat: Chat) => (chat.type === 'private' ? 'private' : 'group');

function chatOf(world: World, id: number): Chat {
  const chat = world.chats.get(id);
  if (!chat) throw badRequest('chat not found');
  if (world.blocked.has(id)) {
    const why =
      chat.type === 'private' ? 'bot was blocked by the user' : 'bot was kicked from the group chat';
    throw new Refusal(403, `Forbidden: ${why}`);
  }
  return chat;
}

function own(world: World, chat: Chat, id: number, to: 'edit' | 'delete'): ChatMessage {
  const message = world.find(chat.id, id);
  if (!message) throw badRequest(`message to ${to} not found`);
  if (message.from !== null) throw badRequest(`message can't be ${to}ed`);
  return message;
}

function checkKeyboard(markup: z.output<typeof replyMarkup> | undefined): void {
  const buttons = markup?.inline_keyboard.flat() ?? [];
  if (buttons.some((each) => 'callback_data' in each && Buffer.byteLength(each.callback_data) > 64))
    throw badRequest('BUTTON_DATA_INVALID');
}

/** Telegram takes white space from both ends of a text, and entities move with it. */
function trimmed(text: string, entities: readonly MessageEntity[]) {
  const start = text.length - text.trimStart().length;
  const whole = text.trim();
  const moved = entities.map((each) => {
    const offset = Math.max(0, each.offset - start);
    const end = Math.min(whole.length, each.offset + each.length - start);
    return { ...each, offset, length: end - offset };
  });
  // What lay in the white space only is gone with it; what lies beyond the text is a fault that checkText tells.
  const lost = (each: MessageEntity) => each.offset + each.length <= text.length;
  return {
    text: whole,
    entities: entities.every(lost) ? moved.filter((each) => each.length > 0) : [...entities],
  };
}

interface Common {
  readonly chat_id: number;
  readonly message_thread_id?: number | undefined;
  readonly reply_parameters?: z.output<typeof reply>;
  readonly reply_markup?: z.output<typeof replyMarkup> | undefined;
}

function sent(
  { world, flood }: Call,
  input: Common,
  content: Pick<ChatMessage, 'text' | 'entities' | 'file'>,
): object {
  const chat = chatOf(world, input.chat_id);
  const { message_thread_id: threadId, reply_parameters: answered } = input;
  if (threadId !== undefined && !(chat.is_forum || (chat.type === 'private' && world.topics)))
    throw badRequest('message thread not found');
  if (answered && !world.find(chat.id, answered.message_id) && !answered.allow_sending_without_reply)
    throw badRequest('message to be replied not found');
  checkKeyboard(input.reply_markup);
  flood.take(floodKind(chat), chat.id);
  const message: ChatMessage = {
    message_id: world.nextId(),
    chat,
    from: null,
    date: Math.floor(world.now() / 1000),
    ...(threadId === undefined ? {} : { thread: threadId }),
    ...(answered ? { replyTo: answered.message_id } : {}),
    ...content,
    keyboard: input.reply_markup?.inline_keyboard,
    edits: 0,
  };
  world.messages.push(message);
  // A message of the bot takes the place of what was being written.
  world.hideDrafts(chat.id, threadId);
  world.changed();
  return shown(world, message);
}

function sendFile(
  call: Call,
  input: Common & { caption: string; caption_entities: readonly MessageEntity[] },
  reference: string,
  maxMegabytes: number,
): object {
  checkText(input.caption, input.caption_entities, 1024);
  const upload = call.uploads.get(reference.replace(/^attach:\/\//, ''));
  if (!upload) throw badRequest('wrong file identifier/HTTP URL specified');
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
  if (upload.bytes.length > maxMegabytes * 1024 * 1024) throw new Refusal(413, 'Request Entity Too Large');
  const file: StoredFile = {
    file_id: `file${call.world.files.size + 1}`,
    file_unique_id: `unique${call.world.files.size + 1}`,
    file_name: upload.name,
    mime_type: upload.type,
    bytes: upload.bytes,
  };
  call.world.files.set(file.file_id, file);
  return sent(call, input, { text: input.caption, entities: input.caption_entities, file });
}

/** A message as the API shows it. */
export function shown(world: World, message: ChatMessage): Record<string, unknown> {
  const { message_id, chat, from, date, thread: threadId, text, entities, file, replyTo } = message;
  const answered = replyTo === undefined ? undefined : world.find(chat.id, replyTo);
  const isPhoto = file?.mime_type.startsWith('image/') && from !== null;
  const described = file && {
    file_id: file.file_id,
    file_unique_id: file.file_unique_id,
    file_size: file.bytes.length,
  };
  return {
    message_id,
    chat,
    date,
    from: from === null ? botUser(world) : { is_bot: false, ...from },
    ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }),
    ...(answered ? { reply_to_message: shown(world, answered) } : {}),
    ...(described
      ? {
          ...(isPhoto
            ? { photo: [{ ...described, width: 90, height: 90 }] }
            : { document: { ...described, file_name: file.file_name, mime_type: file.mime_type } }),
          ...(text && { caption: text, ...(entities.length > 0 && { caption_entities: entities }) }),
        }
      : { text, ...(entities.length > 0 && { entities }) }),
    ...(message.keyboard && { reply_markup: { inline_keyboard: message.keyboard } }),
    ...(message.edits > 0 && { edit_date: date }),
  };
}
