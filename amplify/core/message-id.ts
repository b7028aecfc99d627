import { v7, validate, version } from 'uuid';
import { AppError } from './error.ts';

/** An id may lie this far in the future of the server's clock (an unset device clock), milliseconds. */
export const maxAhead = 5 * 60_000;
/** …and this far in the past (a message written offline and sent later). */
export const maxBehind = 24 * 60 * 60_000;

/** A new message or conversation id: UUID version 7, which sorts by time. `now` in milliseconds since 1970. */
export const newId = (now: number = Date.now()): string => v7({ msecs: now });

/** The time inside a version 7 id, milliseconds since 1970. Throws `message.id_invalid` for any other text. */
export function idTime(id: string): number {
  if (!validate(id) || version(id) !== 7)
    throw new AppError('message.id_invalid', { detail: 'not a UUID version 7' });
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

/** Throws `message.clock_off` when the id was made by a clock too far from `now`. */
export function checkIdTime(id: string, now: number): void {
  const drift = idTime(id) - now;
  if (drift > maxAhead || drift < -maxBehind) {
    throw new AppError('message.clock_off', { detail: new Date(now).toISOString(), retryable: true });
  }
}
