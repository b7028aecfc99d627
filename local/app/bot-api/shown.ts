import { shownFile } from './stored-file.ts';
import type { ChatMessage, World } from './world.ts';

/** The bot as the API shows it. */
export const botUser = ({ bot: { id, username, first_name } }: World) => ({
  ...{ id, username, first_name },
  is_bot: true,
});

/** A message as the API shows it. */
export function shown(world: World, message: ChatMessage): Record<string, unknown> {
  const { message_id, chat, from, date, thread: threadId, text, entities, file, replyTo } = message;
  const answered = replyTo === undefined ? undefined : world.find(chat.id, replyTo);
  return {
    message_id,
    chat,
    date,
    from: from === null ? botUser(world) : { is_bot: false, ...from },
    ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }),
    ...(answered ? { reply_to_message: shown(world, answered) } : {}),
    ...(file
      ? {
          ...shownFile(file),
          ...(text && { caption: text, ...(entities.length > 0 && { caption_entities: entities }) }),
        }
      : { text, ...(entities.length > 0 && { entities }) }),
    ...(message.mediaGroup && { media_group_id: message.mediaGroup }),
    ...(message.keyboard && { reply_markup: { inline_keyboard: message.keyboard } }),
    ...(message.edits > 0 && { edit_date: date }),
  };
}
