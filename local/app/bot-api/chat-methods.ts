import * as z from 'zod';
import { checkText } from './formatted-text.ts';
import { define } from './method.ts';
import { chatId, common, entities, previews, replyMarkup, thread } from './parameters.ts';
import { badRequest } from './refusal.ts';
import { chatOf, checkKeyboard, floodKind, own, sendAlbum, sendFile, sent, trimmed } from './sending.ts';
import { botUser, shown } from './shown.ts';
import { draftLifeMs } from './world.ts';

/** The methods by which a bot takes part in a chat, with their rules. */
export const chatMethods = {
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
    (input, call) => sendFile(call, input, 'document', input.document),
  ),
  sendPhoto: define(
    z.strictObject({
      ...common,
      photo: z.string(),
      caption: z.string().default(''),
      caption_entities: entities,
    }),
    (input, call) => sendFile(call, input, 'photo', input.photo),
  ),
  sendMediaGroup: define(
    z.strictObject({
      ...{ ...common, reply_markup: z.undefined().optional() },
      media: z.array(
        z.strictObject({
          type: z.enum(['photo', 'document']),
          media: z.string(),
          caption: z.string().default(''),
          caption_entities: entities,
        }),
      ),
    }),
    (input, call) => sendAlbum(call, input, input.media),
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
    if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
    if (file.bytes.length > 20 * 1024 * 1024) throw badRequest('file is too big');
    const { file_unique_id, file_path } = file;
    return { file_id, file_unique_id, file_size: file.bytes.length, file_path };
  }),
};
