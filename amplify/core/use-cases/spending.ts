import type { Capacity } from '../capacity.ts';
import { deploymentCapsOf } from '../deployment-settings.ts';
import { AppError } from '../error.ts';
import type { Clock, SettingsStore, TaskSession, UsageStore } from '../ports.ts';
import { roundUp } from '../price.ts';
import type { StoredSettings } from '../settings.ts';
import {
  type Caps,
  capsOf,
  type DeploymentCaps,
  refusalOf,
  type SpendingCode,
  totalRefusalOf,
} from '../spending.ts';
import { type AllowedSizes, sizeFor, type TaskSize } from '../task-size.ts';
import { type Counted, countedAt, type MonthUsage, monthOf } from '../usage.ts';

export interface SpendingPorts {
  settings: SettingsStore;
  usage: UsageStore;
  now: Clock;
  caps: DeploymentCaps;
  /** How large tasks may be. */
  sizes: AllowedSizes;
  /** What a second of a task is booked at, US dollars. */
  secondUsd(capacity: Capacity, size: TaskSize): number;
}

/** A task is started only where there is room for so much of it: a wake, a short answer, and the wait for another. */
const leastSeconds = 900;
/** Fargate bills a minute at least. */
const leastBilledMs = 60_000;

/** What an owner and the whole deployment have used in the month that runs, and what holds for them. */
export async function spendingOf(
  ports: Pick<SpendingPorts, 'settings' | 'usage' | 'now' | 'caps'>,
  owner: string,
): Promise<{
  settings: StoredSettings;
  usage: MonthUsage;
  caps: Caps;
  counted: Counted;
  deployment: DeploymentCaps;
  /** Of all owners together. */
  countedTotal: Counted;
}> {
  const now = ports.now();
  const month = monthOf(now);
  const [settings, usage, set, total] = await Promise.all([
    ports.settings.get(owner),
    ports.usage.get(owner, month),
    ports.settings.ofDeployment(),
    ports.usage.ofDeployment(month),
  ]);
  const deployment = deploymentCapsOf(ports.caps, set);
  return {
    ...{ settings, usage, caps: capsOf(deployment, settings), counted: countedAt(usage, now) },
    ...{ deployment, countedTotal: countedAt(total, now) },
  };
}

/** Why the owner's agent may not go on spending, null when it may; and how large a task it gets. */
async function judge(
  ports: SpendingPorts,
  owner: string,
): Promise<{ refusal: SpendingCode | 'data.erasing' | null; size: TaskSize }> {
  const { caps, counted, settings, deployment, countedTotal } = await spendingOf(ports, owner);
  const size = sizeFor(ports.sizes, settings);
  const least = roundUp(leastSeconds * ports.secondUsd('FARGATE', size) * 1_000_000);
  const refusal = settings.erasingSince
    ? 'data.erasing'
    : (refusalOf(caps, counted, least) ?? totalRefusalOf(deployment, countedTotal, least));
  return { refusal, size };
}

/** Why the owner's agent may not go on spending; null when it may. */
export const spendingRefusal = async (ports: SpendingPorts, owner: string) =>
  (await judge(ports, owner)).refusal;

/**
 * Throws `spending.…` or `data.erasing` when the owner's agent may not go on spending. Gives the size of the task that it
 * may start.
 */
export async function checkSpending(ports: SpendingPorts, owner: string): Promise<TaskSize> {
  const { refusal, size } = await judge(ports, owner);
  if (refusal) throw new AppError(refusal);
  return size;
}

/**
 * Books what a task has cost so far, up to `until` (milliseconds since 1970). Safe to repeat: each of its seconds is
 * booked once, on its own day. `begin`: from when it is billed, where that is known better than by its session.
 * `size`: what ECS says that it has.
 */
export async function bookTask(
  ports: Pick<SpendingPorts, 'usage' | 'sizes' | 'secondUsd'>,
  session: TaskSession,
  until: number,
  { begin, size = ports.sizes.usual }: { begin?: string | undefined; size?: TaskSize | undefined },
): Promise<void> {
  const from = Date.parse(begin ?? session.startedAt);
  await ports.usage.bookTask(session.owner, {
    taskId: session.taskId,
    from,
    until: Math.max(until, from + leastBilledMs),
    secondUsd: ports.secondUsd(session.capacity, size),
  });
}
