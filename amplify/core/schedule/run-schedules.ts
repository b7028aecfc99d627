import { openForConversation, type PlacePorts } from '../channel/open-for-conversation.ts';
import { idOfUpdate } from '../channel/update-id.ts';
import { AppError, type ErrorCode } from '../error.ts';
import { type AcceptPorts, acceptMessage } from '../use-cases/accept-message.ts';
import { announce, sendCourier } from '../use-cases/announce.ts';
import { nextTime } from './next-time.ts';
import type { Schedule } from './schedule.ts';
import type { ScheduleKey, ScheduleStore } from './schedule-ports.ts';
import type { ScheduleRun } from './schedule-view.ts';

export type RunSchedulePorts = AcceptPorts & PlacePorts & { schedules: ScheduleStore };

/** Looked at in one run; the next one, a minute later, goes on. */
const batch = 200;
/** Sent side by side. */
const abreast = 8;
/** What can't be sent for now (storage is down, a limit of a minute) is tried again for so long, milliseconds. */
export const patienceMs = 60 * 60_000;

/**
 * Sends what is due, each time once: first the row says that its time is being sent, then the message is accepted under
 * an id made of both, then the row moves on. Whoever dies in between, or runs beside it, comes to the same message.
 * Times that were missed are sent once, late. Gives how many could not be dealt with for now. Stops at `deadline`.
 */
export async function runSchedules(ports: RunSchedulePorts, deadline: number): Promise<{ failures: number }> {
  const due = [...(await ports.schedules.due(ports.now(), batch))];
  let failures = 0;
  const work = async () => {
    for (let key = due.shift(); key && ports.now() < deadline; key = due.shift()) {
      try {
        await run(ports, key);
      } catch (error) {
        failures += 1;
        const message = error instanceof Error ? error.message : String(error);
        const place = { owner: ports.ownerHash(key.owner), scheduleId: key.id };
        ports.log({ level: 'error', what: 'schedule-failed', ...place, error: message });
      }
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));
  return { failures };
}

async function run(ports: RunSchedulePorts, key: ScheduleKey): Promise<void> {
  const row = await ports.schedules.get(key);
  const now = ports.now();
  if (row?.nextAt == null || row.nextAt > now) return;
  const begun = row.begunAt == null ? await ports.schedules.save({ ...row, begunAt: now }) : row;
  // Somebody changed it at this moment: the next run sees what it has become.
  if (begun?.begunAt == null) return;
  const sent = await send(ports, begun, { dueAt: row.nextAt, begunAt: begun.begunAt });
  if (sent === 'later') return;
  const isOver = sent === 'gone' || (sent.messageId && begun.cadence.kind === 'once');
  const nextAt = nextTime(begun.cadence, Math.max(now, row.nextAt));
  if (isOver) await ports.schedules.end(begun);
  else await ports.schedules.save({ ...begun, nextAt, begunAt: null, lastRun: sent });
  await announce(ports, key.owner, { kind: 'schedules.changed' });
}

/** `gone`: there is no conversation any more to write in. */
async function send(
  ports: RunSchedulePorts,
  row: Schedule,
  { dueAt, begunAt }: { dueAt: number; begunAt: number },
): Promise<ScheduleRun | 'later' | 'gone'> {
  const { owner, conversationId, text } = row;
  const id = idOfUpdate(`schedule ${row.id}`, { sequence: Math.floor(dueAt / 1000), sentAt: begunAt });
  const key = { owner, conversationId, id };
  const now = ports.now();
  const iso = (ms: number) => new Date(ms).toISOString();
  const run = { dueAt: iso(dueAt), at: iso(now) };
  const place = { owner: ports.ownerHash(owner), scheduleId: row.id, messageId: id, lateMs: now - dueAt };
  try {
    const channel = await openForConversation(ports, key);
    const message = await acceptMessage(ports, {
      ...{ ...key, text, channel },
      schedule: { id: row.id, dueAt: run.dueAt },
    });
    if (message.status === 'queued') await sendCourier(ports, { ...message, owner });
    ports.log({ level: 'info', what: 'schedule-sent', ...place });
    return { ...run, messageId: id };
  } catch (error) {
    const code: ErrorCode = error instanceof AppError ? error.code : 'internal';
    if (code === 'conversation.not_found') return 'gone';
    const mayPass = code === 'internal' || (error instanceof AppError && error.retryable);
    if (mayPass && now - begunAt < patienceMs) {
      if (code === 'internal') throw error;
      return 'later';
    }
    ports.log({ level: 'warn', what: 'schedule-refused', ...place, code });
    const detail = error instanceof AppError ? error.detail : undefined;
    return { ...run, error: { code: code === 'message.clock_off' ? 'schedule.missed' : code, detail } };
  }
}
