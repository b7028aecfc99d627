import type { MessageKey } from '../message-row.ts';
import { isNews, newsKey } from '../news.ts';
import { notificationText } from '../notification.ts';
import type { ConversationStore, Log, MessageStore, OwnerHash } from '../ports.ts';
import type { PushDevice } from './device.ts';
import type { DeviceStore, PushedNews, Pusher, PushResult } from './push-ports.ts';

export interface PushPorts {
  devices: DeviceStore;
  pusher: Pusher;
  messages: Pick<MessageStore, 'get'>;
  conversations: Pick<ConversationStore, 'get'>;
  /** Waits so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  log: Log;
  ownerHash: OwnerHash;
}

/** After a push service was busy or not reached, milliseconds. Each is asked twice. */
const retryMs = 3_000;
/** A title can be as long as a message; a push can't. */
const titleCharacters = 80;

/**
 * Pushes what there is to tell of a message to its owner's browsers: its end, or a command that waits for a word. What a
 * browser then shows, and whether, is its service worker's to know. A browser that is gone is forgotten.
 */
export async function pushNews(
  ports: PushPorts,
  { owner, ...key }: MessageKey & { owner: string },
): Promise<void> {
  const message = await ports.messages.get(owner, key);
  if (!message || !isNews(message)) return;
  const devices = await ports.devices.list(owner);
  const isNamed = devices.some(({ showsText }) => showsText);
  const conversation = isNamed ? await ports.conversations.get(owner, key.conversationId) : null;
  const title = [...(conversation?.title ?? '')].slice(0, titleCharacters).join('');

  const newsFor = ({ language, showsText }: PushDevice): PushedNews => ({
    ...notificationText(message, { language, showsText, title }),
    ...{ key: newsKey(message), language, conversationId: key.conversationId, messageId: key.id },
  });
  const pushTo = async (device: PushDevice): Promise<PushResult> => {
    const first = await ports.pusher.push(device, newsFor(device));
    if (first !== 'busy') return first;
    await ports.pause(retryMs);
    return ports.pusher.push(device, newsFor(device));
  };
  const results = await Promise.all(
    devices.map(async (device) => {
      const result = await pushTo(device);
      if (result === 'gone') await ports.devices.remove(owner, device.id);
      return result;
    }),
  );
  const count = (wanted: PushResult) => results.filter((result) => result === wanted).length;
  ports.log({
    level: count('refused') + count('busy') > 0 ? 'warn' : 'info',
    what: 'pushed',
    owner: ports.ownerHash(owner),
    messageId: key.id,
    sent: count('sent'),
    gone: count('gone'),
    failed: count('refused') + count('busy'),
  });
}
