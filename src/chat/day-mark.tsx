import { daysBetween, formatDay } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';

/** Whether a message stands on another day than the one before; true for the first one. */
export const isOtherDay = (before: string | undefined, at: string): boolean =>
  before === undefined || daysBetween(new Date(before), new Date(at)) !== 0;

/** A line between days. */
export function DayMark({ at }: { at: string }) {
  const { language, t } = usePreferences();
  const now = new Date();
  const days = daysBetween(new Date(at), now);
  const text = days <= 0 ? t.chat.today : days === 1 ? t.chat.yesterday : formatDay(language, at, now);
  return <p className="day-mark">{text}</p>;
}
