import { badRequest, Refusal } from './refusal.ts';

interface Webhook {
  readonly url: string;
  readonly secret_token?: string | undefined;
  readonly allowed_updates?: readonly string[] | undefined;
}
type Update = { readonly update_id: number } & Readonly<Record<string, unknown>>;

/** What happens without being named in allowed_updates. */
const byDefault = [
  'message',
  'edited_message',
  'callback_query',
  'my_chat_member',
  'stopped_message_generation',
];
/** Pauses before an update that was not taken is sent again, milliseconds; the last one from then on. */
const pauses = [200, 500, 1000, 2000, 5000];

/** What waits for the bot: given to its webhook one by one until taken, or held for getUpdates. */
export class UpdateQueue {
  readonly profile = {
    commands: new Map<string, readonly { command: string; description: string }[]>(),
    descriptions: new Map<string, string>(),
    shortDescriptions: new Map<string, string>(),
  };
  /** Performs the method that a webhook's answer may name. */
  readonly #perform: (method: string, input: unknown) => Promise<unknown>;
  readonly #closing = new AbortController();
  #waiting: Update[] = [];
  #webhook: Webhook = { url: '' };
  #allowed: readonly string[] = byDefault;
  #lastId: number;
  #lastError: string | undefined;
  #working = false;
  #wakePoll: (() => void) | undefined;
  /** Ends a request that waits: there is one at a time. */
  #otherPoll: (() => void) | undefined;

  constructor(firstId: number, perform: (method: string, input: unknown) => Promise<unknown>) {
    this.#lastId = firstId;
    this.#perform = perform;
  }

  /** Something happened. Gives the update's id, or undefined when the bot does not want its kind. */
  add(kind: string, content: unknown): number | undefined {
    if (!this.#allowed.includes(kind)) return undefined;
    this.#lastId += 1;
    this.#waiting.push({ update_id: this.#lastId, [kind]: content });
    this.#wakePoll?.();
    void this.#deliver();
    return this.#lastId;
  }

  setWebhook(input: Webhook & { drop_pending_updates: boolean }): true {
    const { url, drop_pending_updates } = input;
    // As a Bot API server of one's own does, plain HTTP is taken for this machine only.
    if (url !== '' && !/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url))
      throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
    this.#webhook = input;
    this.#allowed = input.allowed_updates?.length ? input.allowed_updates : this.#allowed;
    if (drop_pending_updates) this.#waiting = [];
    void this.#deliver();
    return true;
  }

  webhookInfo(): object {
    const { url, allowed_updates } = this.#webhook;
    return {
      url,
      has_custom_certificate: false,
      pending_update_count: this.#waiting.length,
      ...(allowed_updates && { allowed_updates }),
      ...(this.#lastError && { last_error_message: this.#lastError }),
    };
  }

  async poll(input: {
    offset?: number | undefined;
    limit: number;
    timeout: number;
    allowed_updates?: readonly string[] | undefined;
  }): Promise<readonly Update[]> {
    if (this.#webhook.url !== '') {
      throw new Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    if (input.allowed_updates)
      this.#allowed = input.allowed_updates.length ? input.allowed_updates : byDefault;
    this.#otherPoll?.();
    const { offset } = input;
    if (offset !== undefined) this.#waiting = this.#waiting.filter((each) => each.update_id >= offset);
    if (this.#waiting.length === 0 && input.timeout > 0 && !this.#closing.signal.aborted) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, input.timeout * 1000);
        this.#closing.signal.addEventListener('abort', () => resolve());
        this.#wakePoll = () => {
          clearTimeout(timer);
          resolve();
        };
        this.#otherPoll = () => {
          clearTimeout(timer);
          reject(
            new Refusal(
              409,
              'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
            ),
          );
        };
      });
      this.#wakePoll = undefined;
      this.#otherPoll = undefined;
    }
    return this.#waiting.slice(0, input.limit);
  }

  close(): void {
    this.#closing.abort();
  }

  /** Sends what waits, in order; an update that is not taken is sent again and holds up those behind it. */
  async #deliver(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    let failures = 0;
    while (this.#webhook.url !== '' && !this.#closing.signal.aborted) {
      const update = this.#waiting[0];
      if (!update) break;
      if (await this.#post(update)) {
        this.#waiting = this.#waiting.filter((each) => each !== update);
        failures = 0;
      } else {
        const pause = pauses[Math.min(failures, pauses.length - 1)] ?? 0;
        failures += 1;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pause);
          this.#closing.signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    }
    this.#working = false;
  }

  async #post(update: Update): Promise<boolean> {
    const { url, secret_token } = this.#webhook;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secret_token && { 'x-telegram-bot-api-secret-token': secret_token }),
        },
        body: JSON.stringify(update),
        signal: this.#closing.signal,
      });
      const text = await response.text();
      this.#lastError = response.ok ? undefined : `Wrong response from the webhook: ${response.status}`;
      if (!response.ok) return false;
      // A webhook may answer with one call; nobody is told what became of it.
      const answer = text === '' ? {} : JSON.parse(text);
      if (typeof answer?.method === 'string') {
        const { method, ...input } = answer;
        await this.#perform(method, input).catch(() => undefined);
      }
      return true;
    } catch (error) {
      this.#lastError = String(error);
      return false;
    }
  }
}
