import { codeOf } from '../api/api-error.ts';
import type { Texts } from '../i18n/texts.ts';

/** What happened and what to do now, in one line. */
export function faultLine(error: unknown, { faults, unreachable }: Texts): string {
  const code = codeOf(error);
  const { happened, next } = code === null ? unreachable : faults[code];
  return `${happened} ${next}`;
}
