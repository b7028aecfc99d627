import type { ErrorCode } from '../../../amplify/core/error.ts';

export type ModelFailureCode = Extract<ErrorCode, `model.${string}` | `spending.${string}`>;

/** What the model's API did wrong on one call. `detail` is safe to show: it never holds the key. */
export interface ModelFailure {
  readonly code: ModelFailureCode;
  readonly detail: string;
  /** When the failed call began, milliseconds since 1970. */
  readonly startedAt: number;
}

/** The code for an answer that is not 2xx. */
export function codeForStatus(status: number): ModelFailureCode {
  if (status === 401 || status === 403) return 'model.key_rejected';
  if (status === 429) return 'model.rate_limited';
  if (status >= 500 || status < 400) return 'model.unreachable';
  return 'model.refused';
}

/** The code for an error that comes inside a stream, by the names that Anthropic and OpenAI-like APIs use. */
export function codeForStreamError(type: string): ModelFailureCode {
  if (/rate_limit|insufficient_quota|429/.test(type)) return 'model.rate_limited';
  if (/authentication|permission|api_key|401|403/.test(type)) return 'model.key_rejected';
  if (/invalid_request|not_found|400|404/.test(type)) return 'model.refused';
  return 'model.unreachable';
}

export interface RetryLimits {
  readonly failures: number;
  readonly milliseconds: number;
}

/** OpenClaw tries again by itself for longer than a person would wait. */
export const retryLimits: RetryLimits = { failures: 3, milliseconds: 45_000 };

/** Decides, failure by failure, when one turn's model calls have failed often or long enough. */
export class RetryBudget {
  readonly #limits: RetryLimits;
  #failures = 0;
  #since: number | undefined;

  constructor(limits: RetryLimits = retryLimits) {
    this.#limits = limits;
  }

  /** A call went through: what failed before it is forgotten. */
  succeeded(): void {
    this.#failures = 0;
    this.#since = undefined;
  }

  /** Whether the turn must end now. A key that was rejected and a limit that is reached are not tried again. */
  failed(failure: ModelFailure, now: number): 'retrying' | 'give-up' {
    this.#failures++;
    this.#since ??= failure.startedAt;
    if (failure.code === 'model.key_rejected' || failure.code.startsWith('spending.')) return 'give-up';
    const spent = this.#failures >= this.#limits.failures || now - this.#since >= this.#limits.milliseconds;
    return spent ? 'give-up' : 'retrying';
  }
}
