import type { Capacity } from '../capacity.ts';
import { AppError } from '../error.ts';
import type { Clock, SettingsStore, TaskSession, UsageStore } from '../ports.ts';
import { roundUp } from '../price.ts';
import { type Caps, capsOf, type DeploymentCaps, refusalOf, type SpendingCode } from '../spending.ts';
import { type Counted, countedAt, type MonthUsage, monthOf } from '../usage.ts';

export interface SpendingPorts {
  settings: SettingsStore;
  usage: UsageStore;
  now: Clock;
  caps: DeploymentCaps;
  /** What a second of a task is booked at, US dollars. */
  secondUsd(capacity: Capacity): number;
}

/** A task is started only where there is room for so much of it: a wake, a short answer, and the wait for another. */
const leastSeconds = 900;
/** Fargate bills a minute at least. */
const leastBilledMs = 60_000;

/** What an owner has used in the month that runs, and what holds for them. */
export async function spendingOf(
  ports: Pick<SpendingPorts, 'settings' | 'usage' | 'now' | 'caps'>,
  owner: string,
): Promise<{ usage: MonthUsage; caps: Caps; counted: Counted; isErasing: boolean }> {
  const now = ports.now();
  const [settings, usage] = await Promise.all([
    ports.settings.get(owner),
    ports.usage.get(owner, monthOf(now)),
  ]);
  return {
    ...{ usage, caps: capsOf(ports.caps, settings), counted: countedAt(usage, now) },
    isErasing: Boolean(settings.erasingSince),
  };
}

/** Why the owner's agent may not go on spending; null when it may. */
export async function spendingRefusal(
  ports: SpendingPorts,
  owner: string,
): Promise<SpendingCode | 'data.erasing' | null> {
  const { caps, counted, isErasing } = await spendingOf(ports, owner);
  if (isErasing) return 'data.erasing';
  const least = roundUp(leastSeconds * ports.secondUsd('FARGATE') * 1_000_000);
  return refusalOf(caps, counted, least);
}

/** Throws `spending.…` or `data.erasing` when the owner's agent may not go on spending. */
export async function checkSpending(ports: SpendingPorts, owner: string): Promise<void> {
  const refusal = await spendingRefusal(ports, owner);
  if (refusal) throw new AppError(refusal);
}

/**
 * Books what a task has cost so far, up to `until` (milliseconds since 1970). Safe to repeat: each of its seconds is
 * booked once, on its own day. `begin`: from when it is billed, where that is known better than by its session.
 */
export async function bookTask(
  ports: Pick<SpendingPorts, 'usage' | 'secondUsd'>,
  session: TaskSession,
  until: number,
  begin?: string,
): Promise<void> {
  const from = Date.parse(begin ?? session.startedAt);
  await ports.usage.bookTask(session.owner, {
    taskId: session.taskId,
    from,
    until: Math.max(until, from + leastBilledMs),
    secondUsd: ports.secondUsd(session.capacity),
  });
}
