import type { Message } from '../../../amplify/core/message.ts';

/** A message is late when it was accepted so long after it was due, milliseconds. */
const lateMs = 5 * 60_000;

/**
 * What OpenClaw is told with a message that nobody writes at this moment: else it takes “Call the dentist” for an order
 * to itself. '' for any other.
 */
export function scheduleNote({ schedule, acceptedAt }: Pick<Message, 'schedule' | 'acceptedAt'>): string {
  if (!schedule) return '';
  const isLate = Date.parse(acceptedAt) - Date.parse(schedule.dueAt) > lateMs;
  return [
    `[The user wrote this earlier, to be sent now by a schedule. It was due at ${schedule.dueAt}${isLate ? ' and comes late' : ''}.`,
    'If it is a reminder, remind the user of it. If it is a task, do it now. The user may not be here to answer questions.]',
  ].join(' ');
}
