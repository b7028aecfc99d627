import { randomUUID } from 'node:crypto';
import type { MessageEntity } from 'grammy/types';
import { checkText } from './formatted-text.ts';
import type { Call } from './method.ts';
import type { Common } from './parameters.ts';
import { pictureSize } from './picture-size.ts';
import { badRequest, Refusal } from './refusal.ts';
import { shown } from './shown.ts';
import { store } from './stored-file.ts';
import type { Chat, ChatMessage, World } from './world.ts';

/** At which pace a chat takes messages. */
export const floodKind = (chat: Chat) => (chat.type === 'private' ? 'private' : 'group');

/** A chat in which the bot may write. */
export function chatOf(world: World, id: number): Chat {
  const chat = world.chats.get(id);
  if (!chat) throw badRequest('chat not found');
  if (world.blocked.has(id)) {
    const why =
      chat.type === 'private' ? 'bot was blocked by the user' : 'bot was kicked from the group chat';
    throw new Refusal(403, `Forbidden: ${why}`);
  }
  return chat;
}

/** A message that the bot wrote. */
export function own(world: World, chat: Chat, id: number, to: 'edit' | 'delete'): ChatMessage {
  const message = world.find(chat.id, id);
  if (!message) throw badRequest(`message to ${to} not found`);
  if (message.from !== null) throw badRequest(`message can't be ${to}ed`);
  return message;
}

/** Throws the Refusal of a button whose data is too long. */
export function checkKeyboard(markup: Common['reply_markup']): void {
  const buttons = markup?.inline_keyboard.flat() ?? [];
  if (buttons.some((each) => 'callback_data' in each && Buffer.byteLength(each.callback_data) > 64))
    throw badRequest('BUTTON_DATA_INVALID');
}

/** Telegram takes white space from both ends of a text, and entities move with it. */
export function trimmed(text: string, entities: readonly MessageEntity[]) {
  const start = text.length - text.trimStart().length;
  const whole = text.trim();
  const moved = entities.map((each) => {
    const offset = Math.max(0, each.offset - start);
    const end = Math.min(whole.length, each.offset + each.length - start);
    return { ...each, offset, length: end - offset };
  });
  // What lay in the white space only is gone with it; what lies beyond the text is a fault that checkText tells.
  const isWithin = (each: MessageEntity) => each.offset + each.length <= text.length;
  return {
    text: whole,
    entities: entities.every(isWithin) ? moved.filter((each) => each.length > 0) : [...entities],
  };
}

type Content = Pick<ChatMessage, 'text' | 'entities' | 'file' | 'mediaGroup'>;

/** Puts a message of the bot into a chat, and gives it as the API shows it. */
export function sent(call: Call, input: Common, content: Content): object {
  const chat = admitted(call, input, 1);
  return put(call, chat, input, content);
}

/** The chat that takes so many messages now. Throws the Refusal of a call that it does not. */
function admitted({ world, flood }: Call, input: Common, count: number): Chat {
  const chat = chatOf(world, input.chat_id);
  const { message_thread_id: threadId, reply_parameters: answered } = input;
  if (threadId !== undefined && !(chat.is_forum || (chat.type === 'private' && world.topics)))
    throw badRequest('message thread not found');
  if (answered && !world.find(chat.id, answered.message_id) && !answered.allow_sending_without_reply)
    throw badRequest('message to be replied not found');
  checkKeyboard(input.reply_markup);
  flood.take(floodKind(chat), chat.id, count);
  return chat;
}

function put({ world }: Call, chat: Chat, input: Common, content: Content): object {
  const { message_thread_id: threadId, reply_parameters: answered } = input;
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

/** Largest file that a bot sends, bytes. https://core.telegram.org/bots/api#sending-files */
const maxDocument = 50 * 1024 * 1024;
const maxPhoto = 10 * 1024 * 1024;

/** https://core.telegram.org/bots/api#sendphoto */
function checkPhoto(bytes: Uint8Array): void {
  if (bytes.length > maxPhoto)
    throw badRequest(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${maxPhoto} bytes`,
    );
  const size = pictureSize(bytes);
  if (!size) throw badRequest('IMAGE_PROCESS_FAILED');
  const { width, height } = size;
  if (width + height > 10_000 || Math.max(width, height) > 20 * Math.min(width, height))
    throw badRequest('PHOTO_INVALID_DIMENSIONS');
}

type Captioned = { caption: string; caption_entities: readonly MessageEntity[] };
export type SentKind = 'photo' | 'document';

/** An uploaded file with its caption, as it goes into a message. Throws a Refusal. */
function fileContent(call: Call, input: Captioned, kind: SentKind, reference: string): () => Content {
  checkText(input.caption, input.caption_entities, 1024);
  const upload = call.uploads.get(reference.replace(/^attach:\/\//, ''));
  if (!upload) throw badRequest('wrong file identifier/HTTP URL specified');
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
  if (upload.bytes.length > maxDocument) throw new Refusal(413, 'Request Entity Too Large');
  if (kind === 'photo') checkPhoto(upload.bytes);
  return () => ({
    text: input.caption,
    entities: input.caption_entities,
    file: store(call.world, { kind, ...upload }),
  });
}

/** The same with an uploaded file and its caption. */
export function sendFile(call: Call, input: Common & Captioned, kind: SentKind, reference: string): object {
  const content = fileContent(call, input, kind, reference);
  return put(call, admitted(call, input, 1), input, content());
}

/** Several files at once, or none of them. https://core.telegram.org/bots/api#sendmediagroup */
export function sendAlbum(
  call: Call,
  input: Common,
  media: readonly (Captioned & { type: SentKind; media: string })[],
): object[] {
  if (media.length < 2 || media.length > 10) throw badRequest('an album has 2 to 10 files');
  if (new Set(media.map(({ type }) => type)).size > 1)
    throw badRequest("document can't be mixed with other media types");
  const contents = media.map((each, at) => {
    try {
      return fileContent(call, each, each.type, each.media);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 400) throw error;
      const why = error.message.replace('Bad Request: ', '');
      throw badRequest(`failed to send message #${at + 1} with the error message "${why}"`);
    }
  });
  const chat = admitted(call, input, media.length);
  const mediaGroup = randomUUID();
  return contents.map((content) => put(call, chat, input, { ...content(), mediaGroup }));
}
