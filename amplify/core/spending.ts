import type { ErrorCode } from './error.ts';
import { type Micros, toMicros } from './price.ts';
import type { Settings } from './settings.ts';
import type { Counted } from './usage.ts';

/** What an operator allows; `SERVERLESS_OPENCLAW_DAY_CAP_USD` and its like in configuration.ts. */
export interface DeploymentCaps {
  /** Each owner. */
  readonly dayMicros: Micros;
  readonly monthMicros: Micros;
  /** All owners together. */
  readonly totalDayMicros: Micros;
  readonly totalMonthMicros: Micros;
  /** The deployment's kill switch: nobody's agent spends. */
  readonly stopped: boolean;
}

/** What holds for one owner: the lower of the deployment's and the owner's own. */
export interface Caps {
  readonly dayMicros: Micros;
  readonly monthMicros: Micros;
  /** Who has stopped all spending; null: nobody. */
  readonly stoppedBy: 'deployment' | 'owner' | null;
}

export type SpendingCode = Extract<ErrorCode, `spending.${string}`>;

const centsToMicros = (cents: number): Micros => toMicros(cents / 100);

/** An owner may lower the caps, never raise them. */
export function capsOf(
  deployment: Pick<DeploymentCaps, 'dayMicros' | 'monthMicros' | 'stopped'>,
  own: Pick<Settings, 'dayCapCents' | 'monthCapCents' | 'spendingStopped'>,
): Caps {
  const lower = (cap: Micros, cents: number | null | undefined) =>
    cents === null || cents === undefined ? cap : Math.min(cap, centsToMicros(cents));
  return {
    dayMicros: lower(deployment.dayMicros, own.dayCapCents),
    monthMicros: lower(deployment.monthMicros, own.monthCapCents),
    stoppedBy: deployment.stopped ? 'deployment' : own.spendingStopped ? 'owner' : null,
  };
}

/** Why an amount may not be spent now; null when it may. resolvers/reserve-spending.js decides by the same rule. */
export function refusalOf(caps: Caps, counted: Counted, amount: Micros): SpendingCode | null {
  if (caps.stoppedBy) return 'spending.stopped';
  if (counted.month + amount > caps.monthMicros) return 'spending.month_cap';
  if (counted.day + amount > caps.dayMicros) return 'spending.day_cap';
  return null;
}

/** Why an amount may not be spent now, whoever it is for; null when it may. resolvers/reserve-total.js decides so, too. */
export function totalRefusalOf(
  caps: Pick<DeploymentCaps, 'totalDayMicros' | 'totalMonthMicros'>,
  counted: Counted,
  amount: Micros,
): SpendingCode | null {
  if (counted.month + amount > caps.totalMonthMicros) return 'spending.deployment_month_cap';
  if (counted.day + amount > caps.totalDayMicros) return 'spending.deployment_day_cap';
  return null;
}

/** What is left of both caps, never below nothing. */
export const leftOf = (caps: Caps, counted: Counted): { day: Micros; month: Micros } => ({
  day: Math.max(0, Math.min(caps.dayMicros - counted.day, caps.monthMicros - counted.month)),
  month: Math.max(0, caps.monthMicros - counted.month),
});
