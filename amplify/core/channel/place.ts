import * as z from 'zod';

/** The name of a channel, e.g. `web`. Those that are there are listed in adapters/channels.ts. */
export const channelName = z.string().regex(/^[a-z][a-z0-9-]{0,19}$/);

/** Where people write on a channel: a chat, or a topic in it. Ids are the channel's own. */
export const place = z.object({
  channel: channelName,
  chat: z.string().min(1),
  thread: z.string().min(1).nullish(),
  /** Nobody but the sender and the agent is there. */
  isPrivate: z.boolean(),
});
export type Place = z.infer<typeof place>;

/** One text for each place. */
export const placeKey = ({ channel, chat, thread }: Place): string =>
  [channel, chat, ...(thread ? [thread] : [])].join('#');

/** The reverse of placeKey, which does not tell whether a place is private; null for anything else. */
export function parsePlaceKey(text: string): Omit<Place, 'isPrivate'> | null {
  const [channel, chat, thread, ...rest] = text.split('#');
  return channel && chat && rest.length === 0 ? { channel, chat, ...(thread && { thread }) } : null;
}
