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

/** Puts a message of the bot into a chat, and gives it as the API shows it. */
export function sent(
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

/** The same with an uploaded file and its caption. */
export function sendFile(
  call: Call,
  input: Common & { caption: string; caption_entities: readonly MessageEntity[] },
  kind: 'photo' | 'document',
  reference: string,
): object {
  checkText(input.caption, input.caption_entities, 1024);
  const upload = call.uploads.get(reference.replace(/^attach:\/\//, ''));
  if (!upload) throw badRequest('wrong file identifier/HTTP URL specified');
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
  if (upload.bytes.length > maxDocument) throw new Refusal(413, 'Request Entity Too Large');
  if (kind === 'photo') checkPhoto(upload.bytes);
  const file = store(call.world, { kind, ...upload });
  return sent(call, input, { text: input.caption, entities: input.caption_entities, file });
}
