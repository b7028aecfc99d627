import type { IncomingHttpHeaders } from 'node:http';
import { fetchFrom, PrivateAddress } from '../../../amplify/adapters/public-fetch.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';
import type { ModelFailureCode } from './failure.ts';
import { formats } from './format/format.ts';

export interface ModelTimeouts {
  /** From the request to the answer's first byte, milliseconds. */
  readonly firstByte: number;
  /** Longest silence inside an answer, milliseconds. */
  readonly stall: number;
}

export const modelTimeouts: ModelTimeouts = { firstByte: 120_000, stall: 60_000 };

/** What goes on to the provider besides the key. */
const passedHeaders = ['accept', 'content-type', 'anthropic-version', 'anthropic-beta'];

/** A call of the model that went wrong. */
export class CallFailed extends Error {
  readonly code: ModelFailureCode;
  readonly detail: string;
  constructor(code: ModelFailureCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** Sends a call on with the provider's key. Throws CallFailed when no answer begins in time. */
export async function callModel(call: {
  model: ModelGrant;
  headers: IncomingHttpHeaders;
  body: Buffer;
  timeouts: ModelTimeouts;
  signal: AbortSignal;
}): Promise<Response> {
  const { model, timeouts } = call;
  const url = model.baseUrl.replace(/\/+$/, '') + formats[model.api].path;
  const headers: Record<string, string> = {};
  for (const name of passedHeaders) {
    const value = call.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  if (model.apiKey && model.keyHeader === 'x-api-key') headers['x-api-key'] = model.apiKey;
  else if (model.apiKey) headers.authorization = `Bearer ${model.apiKey}`;
  // The call's signal stays in force for the whole answer: this limit must end with the answer's begin.
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), timeouts.firstByte);
  try {
    const signal = AbortSignal.any([slow.signal, call.signal]);
    return await fetchFrom(
      url,
      { method: 'POST', headers, body: call.body, signal },
      model.reach ?? 'public',
    );
  } catch (error) {
    if (slow.signal.aborted)
      throw new CallFailed('model.timeout', `nothing in ${timeouts.firstByte / 1000} s`);
    if (error instanceof PrivateAddress) throw new CallFailed('model.unreachable', error.message);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = (cause as NodeJS.ErrnoException).code ?? 'no connection';
    throw new CallFailed('model.unreachable', String(code));
  } finally {
    clearTimeout(timer);
  }
}

/** An answer's bytes as they come. Throws CallFailed for a silence that lasts too long and for a connection that breaks. */
export async function* answerBytes(
  upstream: Response,
  timeouts: ModelTimeouts,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = upstream.body?.getReader();
  if (!reader) return;
  let limit = timeouts.firstByte;
  try {
    for (;;) {
      const { done, value } = await within(limit, reader.read());
      if (done) return;
      yield value;
      limit = timeouts.stall;
    }
  } catch (error) {
    if (error instanceof CallFailed || signal.aborted) throw error;
    throw new CallFailed('model.cut_off', 'the connection broke');
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Rejects with `model.timeout` when a read takes longer than `limit` milliseconds. */
async function within<T>(limit: number, read: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new CallFailed('model.timeout', `silent for ${limit / 1000} s`)),
    limit,
  );
  try {
    return await Promise.race([read, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * OpenClaw reads status and words for signs of a rejected key or an unpaid bill, then takes the provider out of
 * service for a minute and more, and the turns that follow fail without a call. Here the ledger decides about turns:
 * OpenClaw gets such answers as a plain 400 in words that say nothing. A refused prompt keeps its words: by them
 * OpenClaw sees that a context is too long, and shortens it.
 */
export function answerFor(status: number): { status: number; isNeutral: boolean } {
  if ([401, 402, 403].includes(status)) return { status: 400, isNeutral: true };
  if (status === 429) return { status, isNeutral: true };
  return { status: status >= 400 ? status : 502, isNeutral: status >= 500 || status < 400 };
}

/** What OpenClaw is told instead of a provider's own words. */
export const neutral = 'The model did not answer this call.';
