import type { ChannelReply } from '../../core/channel/channel-update.ts';
import type { Place } from '../../core/channel/place.ts';
import { blocksOf } from './markdown.ts';
import { toEntities } from './runs.ts';
import { splitBlocks } from './split.ts';

/**
 * A reply as the one call that the answer to a webhook may hold: so the webhook needs no token, and waits for nobody.
 * https://core.telegram.org/bots/api#making-requests-when-getting-updates
 */
export function webhookReply(reply: ChannelReply): Record<string, unknown> | null {
  switch (reply.kind) {
    case 'silent':
      return null;
    case 'typing':
      return { method: 'sendChatAction', ...chat(reply.place), action: 'typing' };
    case 'toast':
      return {
        method: 'answerCallbackQuery',
        callback_query_id: reply.reference,
        text: reply.text.slice(0, 200),
      };
    case 'text': {
      const { text, entities } = toEntities(splitBlocks(blocksOf(reply.markdown))[0] ?? []);
      return {
        method: 'sendMessage',
        ...chat(reply.place),
        text,
        entities,
        link_preview_options: { is_disabled: true },
      };
    }
  }
}

const chat = ({ chat, thread }: Place) => ({
  chat_id: Number(chat),
  ...(thread ? { message_thread_id: Number(thread) } : {}),
});
