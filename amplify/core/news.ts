import type { Approval, Message } from './message.ts';

type Told = Pick<Message, 'status' | 'channel' | 'approval'>;

/** The command of a message that waits for its owner's word; null when none does. */
export const waitingApproval = ({ status, approval }: Omit<Told, 'channel'>): Approval | null =>
  status === 'working' && approval && !approval.decision ? approval : null;

/**
 * What people are told of: ends, and commands that wait for their word. What they stopped themselves is no news, and
 * another channel tells of its own.
 */
export const isNews = (message: Told): boolean => {
  const { status, channel } = message;
  if (channel !== 'web') return false;
  return (
    status === 'answered' ||
    status === 'failed' ||
    status === 'interrupted' ||
    waitingApproval(message) !== null
  );
};

/** One piece of news of one message: whoever tells of it twice tells of the same. */
export const newsKey = (message: Pick<Message, 'id' | 'attempt' | 'status' | 'approval'>): string => {
  const waiting = waitingApproval(message);
  return [message.id, message.attempt, ...(waiting ? [waiting.id] : [])].join(':');
};
