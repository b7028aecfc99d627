import * as z from 'zod';
import { type ScheduleView, scheduleView } from './schedule-view.ts';

/** Schedules that one owner may have. */
export const maxSchedules = 50;

/** The one partition of the sparse index byNext, on rows that are on. */
export const scheduleShard = 'schedule';

/** A message that is sent at its time, as its row holds it. */
export const schedule = scheduleView.extend({
  owner: z.string().min(1),
  createdAt: z.iso.datetime(),
  /** Milliseconds since 1970; null while it is off. */
  nextAt: z.number().int().nonnegative().nullable().default(null),
  /** Since when that time is being sent, milliseconds since 1970: the message's id is made of it. */
  begunAt: z.number().int().nonnegative().nullish(),
  /** Grows with every write; a write names the one that it saw. */
  revision: z.number().int().nonnegative(),
});
export type Schedule = z.infer<typeof schedule>;

export const toScheduleView = ({ nextAt, ...row }: Schedule): ScheduleView =>
  scheduleView.parse({ ...row, nextAt: nextAt === null ? null : new Date(nextAt).toISOString() });
