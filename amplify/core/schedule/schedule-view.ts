import * as z from 'zod';
import { errorCodes } from '../error.ts';
import { cadence } from './cadence.ts';

/** Longest text of a schedule, in UTF-16 units. */
export const maxScheduleText = 4_000;

/** What became of the last time. `messageId`: the message that it is; `error`: why it is none. */
export const scheduleRun = z.object({
  dueAt: z.iso.datetime(),
  at: z.iso.datetime(),
  messageId: z.uuid().nullish(),
  error: z.object({ code: z.enum(errorCodes), detail: z.string().nullish() }).nullish(),
});
export type ScheduleRun = z.infer<typeof scheduleRun>;

/** What its owner sees of a schedule: a message that is sent at its time. */
export const scheduleView = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  text: z.string().min(1),
  cadence,
  madeBy: z.enum(['person', 'agent']),
  /** When it comes next; null while it is off. */
  nextAt: z.iso.datetime().nullable(),
  lastRun: scheduleRun.nullish().catch(null),
});
export type ScheduleView = z.infer<typeof scheduleView>;

/** What a person sets. */
export const scheduleInput = scheduleView
  .pick({ id: true, conversationId: true, cadence: true })
  .extend({ text: z.string(), isOn: z.boolean() });
export type ScheduleInput = z.infer<typeof scheduleInput>;
