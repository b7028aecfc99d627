import { type Micros, toMicros } from '../../amplify/core/price.ts';

/** Cents as they are typed: dollars; empty for none. */
export const usdText = (cents: number | null | undefined): string =>
  cents === null || cents === undefined ? '' : (cents / 100).toFixed(2);

const amount = /^\d{1,5}([.,]\d{1,2})?$/;

/** Dollars as typed, in cents; null for none. */
export const centsOf = (text: string): number | null =>
  text.trim() === '' ? null : Math.round(Number(text.trim().replace(',', '.')) * 100);

/** What is wrong with a cap as typed; `limit`: what the deployment allows. */
export function capFault(text: string, limit: Micros | undefined): 'number' | 'above' | null {
  if (text.trim() === '') return null;
  if (!amount.test(text.trim())) return 'number';
  return limit !== undefined && toMicros((centsOf(text) ?? 0) / 100) > limit ? 'above' : null;
}
