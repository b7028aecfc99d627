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
