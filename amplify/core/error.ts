/** Every fault that a person may see, by code. Texts in both languages stand in `text.ts`. */
export const errorCodes = [
  'message.empty',
  'message.too_long',
  'message.id_invalid',
  'message.id_taken',
  'message.clock_off',
  'message.not_found',
  'message.not_retryable',
  'message.queue_full',
  'attachment.too_many',
  'attachment.too_large',
  'attachment.missing',
  'attachment.invalid',
  'attachment.not_received',
  'file.not_found',
  'message.rate_limited',
  'conversation.not_found',
  'conversation.title_invalid',
  'conversation.id_invalid',
  'settings.invalid',
  'settings.changed',
  'search.text_invalid',
  'schedule.invalid',
  'schedule.past',
  'schedule.cron_invalid',
  'schedule.zone_invalid',
  'schedule.too_often',
  'schedule.too_many',
  'schedule.busy',
  'schedule.missed',
  'approval.not_found',
  'channel.not_set_up',
  'push.not_set_up',
  'push.not_a_subscription',
  'task.no_capacity',
  'task.start_failed',
  'task.rate_limited',
  'task.lost',
  'agent.start_failed',
  'agent.disk_full',
  'agent.stuck',
  'agent.background_ended',
  'agent.stopping',
  'agent.asleep',
  'agent.until_invalid',
  'model.not_configured',
  'model.no_price',
  'model.refused',
  'model.unreachable',
  'model.timeout',
  'model.garbage',
  'model.cut_off',
  'model.rate_limited',
  'model.key_rejected',
  'spending.day_cap',
  'spending.month_cap',
  'spending.deployment_day_cap',
  'spending.deployment_month_cap',
  'spending.stopped',
  'data.erasing',
  'key.invalid',
  'snapshot.unreadable',
  'snapshot.fell_back',
  'snapshot.too_large',
  'snapshot.not_found',
  'snapshot.agent_awake',
  'snapshot.file_invalid',
  'snapshot.file_too_large',
  'snapshot.file_missing',
  'snapshot.import_unusable',
  'event.malformed',
  'unauthorized',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * A fault with a code that people's texts are looked up by.
 * `retryable` says that the same call may succeed later; `resolution` tells an operator what to do.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly resolution: string | undefined;
  /** What the message says after the code. */
  readonly detail: string | undefined;
  constructor(
    code: ErrorCode,
    options: { retryable?: boolean; resolution?: string; cause?: unknown; detail?: string } = {},
  ) {
    super(options.detail ? `${code}: ${options.detail}` : code, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.resolution = options.resolution;
    this.detail = options.detail;
  }
}

/** When a use that was refused for now is allowed again (ISO 8601); null for any other fault. */
export function retryTimeOf(error: { code: ErrorCode; detail?: string | null | undefined }): string | null {
  const isLimit = error.code === 'message.rate_limited' || error.code === 'task.rate_limited';
  return isLimit && !Number.isNaN(Date.parse(error.detail ?? '')) ? (error.detail as string) : null;
}

/** Reads a code from a resolver's or function's error type or message; `internal` when there is none. */
export function errorCodeOf(value: unknown): ErrorCode {
  const text = value instanceof AppError ? value.code : String(value ?? '');
  return errorCodes.find((code) => text === code || text.startsWith(`${code}:`)) ?? 'internal';
}
