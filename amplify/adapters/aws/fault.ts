/** A service of AWS said no. `name` is its code, such as `ConditionalCheckFailedException`. */
export class AwsFault extends Error {
  readonly status: number;
  /** What came with it, as the service names it. */
  readonly body: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, status: number, body: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.status = status;
    this.body = body;
  }
}

/** Whether it is this refusal of AWS. */
export const isAwsFault = (error: unknown, code: string): error is AwsFault =>
  error instanceof AwsFault && error.name === code;

/** Codes that ask to be called again more slowly. Those of AWS's own clients (@smithy/core, retry). */
const throttled = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const passing = new Set([500, 502, 503, 504]);
const passingCodes = new Set(['RequestTimeout', 'RequestTimeoutException', 'TimeoutError']);

/** What a failed call means for the next try: `no` one, one soon, or one a good while later. */
export function retryAfter(error: unknown): 'no' | 'soon' | 'later' {
  // No answer: the connection was closed, or nothing came in time.
  if (!(error instanceof AwsFault)) return 'soon';
  if (throttled.has(error.name) || error.status === 429) return 'later';
  return passing.has(error.status) || passingCodes.has(error.name) ? 'soon' : 'no';
}
