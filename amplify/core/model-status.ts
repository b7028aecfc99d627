import type { ErrorCode } from './error.ts';

/** The code for a model's answer that is not 2xx. */
export function codeForStatus(status: number): Extract<ErrorCode, `model.${string}`> {
  if (status === 401 || status === 403) return 'model.key_rejected';
  if (status === 429) return 'model.rate_limited';
  if (status >= 500 || status < 400) return 'model.unreachable';
  return 'model.refused';
}
