import type { Message } from './message.ts';

/** Ends of which people are told. What they stopped themselves is no news, and another channel tells of its own. */
export const isNews = ({ status, channel }: Pick<Message, 'status' | 'channel'>): boolean =>
  channel === 'web' && (status === 'answered' || status === 'failed' || status === 'interrupted');

/** One end of one message: whoever tells of it twice tells of the same. */
export const endKey = ({ id, attempt }: Pick<Message, 'id' | 'attempt'>): string => `${id}:${attempt}`;
