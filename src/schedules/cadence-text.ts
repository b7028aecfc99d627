import type { Language } from '../../amplify/core/language.ts';
import type { Cadence } from '../../amplify/core/schedule/cadence.ts';
import { formatAppointment, formatNumber } from '../i18n/format.ts';
import { ownZone, simpleCron } from './draft.ts';
import { scheduleTexts } from './schedule-texts.ts';

/** When something comes, as people say it. A zone is told where it is not the reader's. */
export function cadenceText(cadence: Cadence, language: Language, now: Date, reader = ownZone()): string {
  const { at } = scheduleTexts[language];
  if (cadence.kind === 'once') return at.once(formatAppointment(language, cadence.at, now));
  if (cadence.kind === 'every') return at.every(formatNumber(language, cadence.minutes));
  const simple = simpleCron(cadence.expression);
  const text = simple ? simpleText(simple, language) : cadence.expression;
  return cadence.zone === reader ? text : at.inZone(text, cadence.zone);
}

function simpleText(simple: NonNullable<ReturnType<typeof simpleCron>>, language: Language): string {
  const { at } = scheduleTexts[language];
  const time = clockText(simple.time, language);
  if (simple.choice !== 'weekly') return at[simple.choice](time);
  const days = simple.days?.map((day) => dayName(day, language, 'long')) ?? [];
  return at.weekly(new Intl.ListFormat(language, { type: 'conjunction' }).format(days), time);
}

/** A time of day (15:00) as the language writes it, wherever the reader is. */
const clockText = (time: string, language: Language): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`2026-01-01T${time}:00Z`),
  );

/** A day of the week by its number, 0 for Sunday. */
export const dayName = (day: number, language: Language, weekday: 'short' | 'long'): string =>
  // 2026-01-04 is a Sunday.
  new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(
    new Date(Date.UTC(2026, 0, 4 + day)),
  );
