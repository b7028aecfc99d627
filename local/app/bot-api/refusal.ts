/** What the Bot API answers instead of a result. https://core.telegram.org/bots/api#making-requests */
export class Refusal extends Error {
  readonly code: number;
  /** Seconds after which a flooded call may be repeated. */
  readonly retryAfter: number | undefined;
  constructor(code: number, description: string, retryAfter?: number) {
    super(description);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export const badRequest = (what: string): Refusal => new Refusal(400, `Bad Request: ${what}`);
