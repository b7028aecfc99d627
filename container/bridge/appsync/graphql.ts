import { z } from 'zod';
import type { Credentials } from './credentials.ts';
import { toCallError, Unreachable } from './error.ts';
import type { ServerClock } from './server-clock.ts';
import { signPost } from './sign.ts';

const reply = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ errorType: z.string().nullish(), message: z.string().nullish() })).nullish(),
});

export interface GraphqlTarget {
  readonly url: string;
  readonly region: string;
  readonly credentials: () => Promise<Credentials>;
  readonly clock: ServerClock;
}

/** Calls one field; `query` must select only it. Throws Refused, Bounced or Unreachable. */
export type CallField = (
  field: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

/** One call may take this long, milliseconds: AppSync itself ends a resolver after 30 s. */
const callTimeout = 35_000;

/** Signed calls to AppSync with the task's role. */
export function graphqlCaller(target: GraphqlTarget): CallField {
  const url = new URL(target.url);
  return async (field, query, variables) => {
    const body = JSON.stringify({ query, variables });
    let text: string;
    let status: number;
    let isOurTimeWrong: boolean;
    try {
      const headers = signPost({
        url,
        body,
        headers: { 'content-type': 'application/json' },
        region: target.region,
        credentials: await target.credentials(),
        now: target.clock.now(),
      });
      const { host: _, ...sent } = headers;
      const response = await fetch(url, {
        method: 'POST',
        headers: sent,
        body,
        signal: AbortSignal.timeout(callTimeout),
      });
      status = response.status;
      isOurTimeWrong = target.clock.hear(response.headers.get('date'));
      text = await response.text();
    } catch (cause) {
      throw new Unreachable(field, { detail: cause instanceof Error ? cause.message : 'network', cause });
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    const result = reply.safeParse(parsed);
    if (!result.success || status >= 500) throw new Unreachable(field, { detail: `status ${status}` });
    const error = result.data.errors?.[0];
    if (error) {
      // A fault with the signature has this shape too, with status 401 or 403 and no resolver behind it.
      if (status !== 200 && isOurTimeWrong)
        throw new Unreachable(field, { detail: 'it was signed by a wrong clock' });
      throw toCallError(field, error);
    }
    if (!result.data.data || !(field in result.data.data))
      throw new Unreachable(field, { detail: `status ${status}, no data` });
    return result.data.data[field];
  };
}
