import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { costOf, type ModelPrice, worstCostOf } from '../../../amplify/core/model-price.ts';
import type { Micros } from '../../../amplify/core/price.ts';
import type { Backend, Usage } from '../appsync/backend.ts';
import { Refused } from '../appsync/error.ts';
import { describeError, type Log } from '../log.ts';
import { untilAnswered } from '../retry.ts';
import type { ModelRequest } from './request.ts';
import { estimateTokens, type ToldTokens } from './tokens.ts';
import { CallFailed } from './upstream.ts';

/** How a call ended, as far as money is concerned. */
export type CallEnd =
  /** It was billed for these tokens. */
  | { readonly kind: 'told'; readonly tokens: ToldTokens }
  /** It was cut off, or told nothing: what was seen of it counts. */
  | { readonly kind: 'seen'; readonly tokens: ToldTokens | undefined; readonly written: number }
  /** The provider refused it: nothing is billed. */
  | { readonly kind: 'unbilled' }
  /** Nobody knows: its worst case stays counted. */
  | { readonly kind: 'unknown' };

/** A call whose worst case is reserved. */
export interface Reservation {
  /** Counts what the call really cost; gives what the message is told of it. Does not wait for the ledger. */
  settle(end: CallEnd): Usage | undefined;
}

export interface Spending {
  /** Throws CallFailed with `spending.…` when the owner may not spend that much now. */
  reserve(
    price: ModelPrice,
    request: Pick<ModelRequest, 'most' | 'bytes'>,
    conversationId: string | undefined,
  ): Promise<Reservation>;
  /** Resolves when everything is settled, at the latest after `ms`. */
  settled(ms: number): Promise<void>;
}

/** Asked for so long, the ledger counts as not reached, milliseconds. */
const reserveTimeout = 20_000;

/**
 * The owner's ledger of money as the model proxy uses it: no call goes out before its worst case is durably
 * reserved, and what is left of it is given back afterwards. A call that is never settled (the task died) stays
 * counted in full: the caps hold whatever crashes.
 */
export function spendingOf(input: {
  backend: Pick<Backend, 'reserveSpending' | 'settleSpending'>;
  log: Log;
  signal: AbortSignal;
  /** How long messages were in work since it was last asked, milliseconds: what a task cost beside that is its waiting. */
  takeWorked(): number;
}): Spending {
  const { backend, log, signal, takeWorked } = input;
  const open = new Set<Promise<void>>();

  const settle = (write: () => Promise<void>) => {
    const work: Promise<void> = untilAnswered(write, signal)
      .catch((error: unknown) => log('warn', 'spending.not_settled', { error: describeError(error) }))
      .finally(() => open.delete(work));
    open.add(work);
  };

  return {
    reserve: async (price, request, conversationId) => {
      const id = randomUUID();
      const amount = worstCostOf(price, request.most);
      const { day } = await reserved(() =>
        untilAnswered(
          () => backend.reserveSpending({ id, amount }),
          AbortSignal.any([signal, AbortSignal.timeout(reserveTimeout)]),
        ),
      );
      return {
        settle: (end) => {
          if (end.kind === 'unknown') return undefined;
          const { tokens, estimated } = tokensOf(end, request);
          const cost = tokens.cost ?? costOf(price, tokens);
          const usage = usageOf(tokens, cost, estimated);
          const call = { id, day, amount, cost, conversationId, ...counts(usage), workedMs: takeWorked() };
          settle(() => backend.settleSpending(call));
          return end.kind === 'unbilled' ? undefined : usage;
        },
      };
    },
    settled: async (ms) => {
      await Promise.race([Promise.all(open), delay(ms, undefined, { ref: false })]);
    },
  };
}

/** A refusal of the ledger as a failed call. A ledger that is not reached lets nothing through. */
async function reserved<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refused && error.code.startsWith('spending.')) {
      throw new CallFailed(error.code as CallFailed['code'], 'the call was not made');
    }
    throw new CallFailed('model.unreachable', 'the spending limit could not be checked');
  }
}

const nothing: ToldTokens = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteLong: 0,
  output: 0,
  reasoning: 0,
};

function tokensOf(
  end: Exclude<CallEnd, { kind: 'unknown' }>,
  request: Pick<ModelRequest, 'most' | 'bytes'>,
): { tokens: ToldTokens; estimated: boolean } {
  if (end.kind === 'unbilled') return { tokens: nothing, estimated: false };
  if (end.kind === 'told') return { tokens: end.tokens, estimated: false };
  const told = end.tokens ?? {
    ...nothing,
    input: Math.min(request.most.input, estimateTokens(request.bytes)),
  };
  const seen = Math.min(request.most.output, estimateTokens(end.written));
  // A cost that was told before the end is not the whole one.
  const { cost: _early, ...tokens } = told;
  return { tokens: { ...tokens, output: Math.max(told.output, seen) }, estimated: true };
}

function usageOf(tokens: ToldTokens, costMicros: Micros, estimated: boolean): Usage {
  const cacheWriteTokens = tokens.cacheWrite + tokens.cacheWriteLong;
  return {
    inputTokens: tokens.input + tokens.cacheRead + cacheWriteTokens,
    outputTokens: tokens.output,
    cachedTokens: tokens.cacheRead,
    cacheWriteTokens,
    reasoningTokens: tokens.reasoning,
    costMicros,
    estimated,
  };
}

const counts = ({ inputTokens, outputTokens, cachedTokens }: Usage) => ({
  inputTokens,
  outputTokens,
  cachedTokens,
});

/** Two calls' usage as one. */
export function addUsage(sum: Usage | undefined, next: Usage): Usage {
  if (!sum) return next;
  return {
    inputTokens: sum.inputTokens + next.inputTokens,
    outputTokens: sum.outputTokens + next.outputTokens,
    cachedTokens: sum.cachedTokens + next.cachedTokens,
    cacheWriteTokens: sum.cacheWriteTokens + next.cacheWriteTokens,
    reasoningTokens: sum.reasoningTokens + next.reasoningTokens,
    costMicros: (sum.costMicros ?? 0) + (next.costMicros ?? 0),
    estimated: sum.estimated || next.estimated,
  };
}
