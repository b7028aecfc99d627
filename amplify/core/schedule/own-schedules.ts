import { AppError } from '../error.ts';
import type { Clock, ConversationStore } from '../ports.ts';
import type { Cadence } from './cadence.ts';
import { firstTime } from './next-time.ts';
import { maxSchedules, type Schedule, toScheduleView } from './schedule.ts';
import type { ScheduleStore } from './schedule-ports.ts';
import { maxScheduleText, type ScheduleView, scheduleInput } from './schedule-view.ts';

export interface OwnSchedulePorts {
  schedules: ScheduleStore;
  conversations: Pick<ConversationStore, 'get'>;
  now: Clock;
}

/** An owner's schedules: what comes next first, what is off last. */
export async function listSchedules(
  { schedules }: Pick<OwnSchedulePorts, 'schedules'>,
  owner: string,
): Promise<readonly ScheduleView[]> {
  const at = ({ nextAt }: Schedule) => nextAt ?? Number.POSITIVE_INFINITY;
  return [...(await schedules.list(owner))]
    .sort((a, b) => (at(a) === at(b) ? a.createdAt.localeCompare(b.createdAt) : at(a) - at(b)))
    .map(toScheduleView);
}

/**
 * Makes a schedule under the client's id, or changes the one that has it. Throws `schedule.invalid`, `.past`,
 * `.cron_invalid`, `.zone_invalid`, `.too_often`, `.too_many`, `.busy` (somebody else is changing it), `message.empty`,
 * `message.too_long`, `conversation.not_found`; nothing is changed then.
 */
export async function saveSchedule(
  ports: OwnSchedulePorts,
  owner: string,
  given: unknown,
  madeBy: Schedule['madeBy'] = 'person',
): Promise<ScheduleView> {
  const parsed = scheduleInput.safeParse(given);
  if (!parsed.success) {
    const detail = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new AppError('schedule.invalid', { detail });
  }
  const { id, conversationId, cadence, isOn } = parsed.data;
  const text = textOf(parsed.data.text);
  const known = await ports.schedules.get({ owner, id });
  const now = ports.now();
  // A time that is about to be sent stays, unless another one is wanted; one that is being sent is over.
  const isKept = known?.nextAt != null && known.begunAt == null && isSame(known, { conversationId, cadence });
  const nextAt = isOn ? (isKept ? known.nextAt : firstTime(cadence, now)) : null;
  if (!(await ports.conversations.get(owner, conversationId))) throw new AppError('conversation.not_found');

  const change = { conversationId, text, cadence, nextAt, begunAt: null };
  if (known) {
    const saved = await ports.schedules.save({ ...known, ...change });
    if (!saved) throw new AppError('schedule.busy', { retryable: true });
    return toScheduleView(saved);
  }
  if ((await ports.schedules.list(owner)).length >= maxSchedules) throw new AppError('schedule.too_many');
  const row = { owner, id, ...change, madeBy, createdAt: new Date(now).toISOString(), revision: 0 };
  if (!(await ports.schedules.add(row))) throw new AppError('schedule.busy', { retryable: true });
  return toScheduleView(row);
}

function textOf(given: string): string {
  const text = given.trim();
  if (text === '') throw new AppError('message.empty');
  if (text.length > maxScheduleText) {
    throw new AppError('message.too_long', { detail: `${text.length} of at most ${maxScheduleText}` });
  }
  return text.toWellFormed();
}

const isSame = (
  a: { conversationId: string; cadence: Cadence },
  b: { conversationId: string; cadence: Cadence },
): boolean =>
  a.conversationId === b.conversationId && JSON.stringify(a.cadence) === JSON.stringify(b.cadence);
