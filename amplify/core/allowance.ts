/** How much one owner may ask for, each at least 1. The deployment's configuration says it. */
export interface UsageLimits {
  readonly messagesPerMinute: number;
  readonly messagesPerHour: number;
  readonly messagesPerDay: number;
  readonly tasksPerDay: number;
}

/** Messages include Retries; tasks include those that are started again after a loss. */
export type Use = 'message' | 'task';

/** A span of the UTC clock in which uses are counted. */
export interface UsageWindow {
  /** Its counter's name in the row of its day. */
  readonly counter: string;
  readonly limit: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** A day's row is of no use after it; DynamoDB deletes within days what is past its time. */
const keptDays = 2;

/** The windows that a use at `now` falls into, and the row that holds their counters. */
export function usageWindows(
  use: Use,
  limits: UsageLimits,
  now: number,
): { day: string; expiresAt: number; windows: readonly UsageWindow[] } {
  const end = (span: number) => (Math.floor(now / span) + 1) * span;
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const window = (counter: string, limit: number, span: number) => ({ counter, limit, endsAt: end(span) });
  return {
    day: date,
    expiresAt: (end(day) + keptDays * day) / 1000,
    windows:
      use === 'task'
        ? [window('tasks', limits.tasksPerDay, day)]
        : [
            window('messages', limits.messagesPerDay, day),
            window(`messages${time.slice(0, 2)}`, limits.messagesPerHour, hour),
            window(`messages${time.slice(0, 2)}${time.slice(3, 5)}`, limits.messagesPerMinute, minute),
          ],
  };
}
