import type { InlineKeyboardMarkup, MessageEntity } from 'grammy/types';
import { type Api, InputFile } from 'grammy/web';
import remend from 'remend';
import { type Button, type Channel, ChannelFault, type Part } from '../../core/channel/channel-ports.ts';
import type { Place } from '../../core/channel/place.ts';
import { calling } from './client.ts';
import { downloadFile } from './download.ts';
import { blocksOf } from './markdown.ts';
import { toEntities } from './runs.ts';
import { groupFiles, sendFiles } from './send-files.ts';
import { maxLength, splitBlocks } from './split.ts';

type Formatted = { text: string; entities: MessageEntity[] };
type Content = ({ kind: 'text' } & Formatted) | { kind: 'file'; markdown: string };

/** An answer of more messages than this comes as its beginning and a file. */
const maxParts = 3;
/** How much of it stands above the file, UTF-16 units. */
const headLength = 1500;

/** Telegram's published pace, with some room: a message a second in a chat, twenty a minute in a group. */
const paces = {
  private: { everyMs: 1_050, typingMs: 4_000, draftMs: 15_000 },
  group: { everyMs: 3_100, typingMs: 4_000, draftMs: 60_000 },
} as const;

const previews = { is_disabled: true };

/**
 * The Bot API as a channel; files go by `uploads`, which waits longer. Formatting goes as entities, never as MarkdownV2:
 * nothing in an answer can break a message.
 */
export function telegramChannel(api: Api, uploads: Api = api): Channel {
  /** Without the topic, where that is gone meanwhile. */
  const inThread = async <Result>(
    place: Place,
    work: (thread: { message_thread_id?: number }) => Promise<Result>,
  ): Promise<Result> => {
    const thread = place.thread ? { message_thread_id: Number(place.thread) } : {};
    try {
      return await calling(() => work(thread));
    } catch (error) {
      const isGone = error instanceof ChannelFault && /thread not found/i.test(error.message);
      if (!isGone || !place.thread) throw error;
      return calling(() => work({}));
    }
  };

  const sendText = async (
    place: Place,
    { text, entities }: Formatted,
    more: { replyTo?: string | null | undefined; buttons?: readonly Button[] | undefined },
  ): Promise<string> => {
    const send = (formatting: MessageEntity[]) =>
      inThread(place, (thread) =>
        api.sendMessage(chatOf(place), text, {
          ...thread,
          entities: formatting,
          link_preview_options: previews,
          ...replying(more.replyTo),
          ...keyboard(more.buttons),
        }),
      );
    try {
      return String((await send(entities)).message_id);
    } catch (error) {
      // Better plain than not at all.
      if (!(error instanceof ChannelFault) || error.kind !== 'refused' || !/entit/i.test(error.message))
        throw error;
      return String((await send([])).message_id);
    }
  };

  const editText = async (
    place: Place,
    ref: string,
    { text, entities }: Formatted,
    buttons?: readonly Button[],
  ): Promise<'done' | 'gone'> => {
    try {
      await calling(() =>
        api.editMessageText(chatOf(place), Number(ref), text, {
          entities,
          link_preview_options: previews,
          ...keyboard(buttons),
        }),
      );
      return 'done';
    } catch (error) {
      if (!(error instanceof ChannelFault) || error.kind !== 'refused') throw error;
      if (/not modified/.test(error.message)) return 'done';
      if (/not found|can't be edited/.test(error.message)) return 'gone';
      throw error;
    }
  };

  return {
    name: 'telegram',
    pace: (place) => (place.isPrivate ? paces.private : paces.group),
    hasDrafts: (place) => place.isPrivate,
    typing: (place) =>
      inThread(place, (thread) => api.sendChatAction(chatOf(place), 'typing', thread)).then(() => undefined),
    draft: (place, id, markdown, canStop) =>
      inThread(place, (thread) => {
        const { text, entities } = tail(markdown);
        return api.raw.sendMessageDraft({
          chat_id: chatOf(place),
          ...thread,
          draft_id: id,
          text,
          entities,
          can_stop: canStop,
          keep_on_stop: true,
        });
      }).then(() => undefined),
    post: (place, markdown, buttons) => sendText(place, tail(markdown), { buttons }),
    edit: async (place, ref, markdown, buttons) => void (await editText(place, ref, tail(markdown), buttons)),
    remove: async (place, ref) => {
      try {
        await calling(() => api.deleteMessage(chatOf(place), Number(ref)));
      } catch (error) {
        // Gone, or older than two days: there is nothing to be done about it.
        if (!(error instanceof ChannelFault) || error.kind !== 'refused') throw error;
      }
    },
    split: (markdown) => split(markdown).map((content): Part => ({ content })),
    sendPart: async (place, part, more) => {
      const content = part.content as Content;
      if (content.kind === 'text') return sendText(place, content, more);
      const file = new InputFile(new TextEncoder().encode(content.markdown), 'answer.md');
      const sent = await inThread(place, (thread) =>
        api.sendDocument(chatOf(place), file, { ...thread, ...keyboard(more.buttons) }),
      );
      return String(sent.message_id);
    },
    groupFiles,
    sendFiles: async (place, files, { replyTo }) => {
      const ids = await inThread(place, (thread) =>
        sendFiles(uploads, chatOf(place), files, { ...thread, ...replying(replyTo) }),
      );
      return ids.map(String);
    },
    fetchFile: (ref, maxBytes) => downloadFile(api, ref, maxBytes),
    editToPart: async (place, ref, part, buttons) => {
      const content = part.content as Content;
      return content.kind === 'text' && (await editText(place, ref, content, buttons)) === 'done';
    },
  };
}

const chatOf = ({ chat }: Place): number => Number(chat);
const replying = (ref: string | null | undefined) =>
  ref ? { reply_parameters: { message_id: Number(ref), allow_sending_without_reply: true } } : {};

function keyboard(buttons: readonly Button[] | undefined): { reply_markup?: InlineKeyboardMarkup } {
  if (!buttons) return {};
  return {
    reply_markup: {
      inline_keyboard:
        buttons.length > 0 ? [buttons.map(({ label, data }) => ({ text: label, callback_data: data }))] : [],
    },
  };
}

/** A text that may be cut off anywhere, with what it leaves open closed; its end, where it is too long for one message. */
function tail(markdown: string): Formatted {
  const parts = splitBlocks(blocksOf(remend(markdown)), maxLength);
  return toEntities(parts.at(-1) ?? []);
}

function split(markdown: string): readonly Content[] {
  const blocks = blocksOf(markdown);
  const parts = splitBlocks(blocks);
  if (parts.length <= maxParts) return parts.map((runs) => ({ kind: 'text', ...toEntities(runs) }));
  const head = splitBlocks(blocks, headLength)[0] ?? [];
  const more = { text: '\n\n…', marks: [] };
  return [
    { kind: 'text', ...toEntities([...head, more]) },
    { kind: 'file', markdown },
  ];
}
