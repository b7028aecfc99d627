import { mayRunAgain } from '../../../amplify/core/message-row.ts';
import { isArriving } from '../../../amplify/core/use-cases/fetch-files.ts';
import type { PulledMessage } from '../appsync/backend.ts';

/** Conversations that are answered side by side. */
export const maxTurns = 3;

export interface Plan {
  /** To claim and run, oldest first. */
  readonly start: readonly PulledMessage[];
  /** To claim and end at once: cut off after a tool had run, or once too often, so they are not run again by themselves. */
  readonly interrupt: readonly PulledMessage[];
  /** When an album is complete, milliseconds from now; absent: none is on its way. */
  readonly lookAgainIn?: number;
  /** Running ones that their user has stopped. */
  readonly stop: readonly string[];
  /** What users decided about running ones. */
  readonly decide: readonly {
    readonly id: string;
    readonly approvalId: string;
    readonly decision: 'allow-once' | 'deny';
  }[];
}

export const turnKey = (message: { id: string; attempt: number }): string =>
  `${message.id}:${message.attempt}`;

/**
 * Decides what to do with what a pull gave. `running` maps conversation ids to the message that runs there;
 * `finished` holds the turn keys that this task has made final (a pull may have been read before). Within a
 * conversation, messages go one after the other in the order in which they were accepted; one whose files are still
 * being fetched, or of whose album more may come, holds up those behind it.
 */
export function plan(
  messages: readonly PulledMessage[],
  state: { running: ReadonlyMap<string, string>; finished: ReadonlySet<string> },
): Plan {
  const { running, finished } = state;
  const waiting = messages
    .filter((message) => !finished.has(turnKey(message)))
    .toSorted((a, b) => a.acceptedAt.localeCompare(b.acceptedAt) || a.id.localeCompare(b.id));
  const runs = (message: PulledMessage) => running.get(message.conversationId) === message.id;

  const taken = new Set(running.keys());
  const start: PulledMessage[] = [];
  const interrupt: PulledMessage[] = [];
  const waits: number[] = [];
  for (const message of waiting) {
    if (runs(message) || taken.has(message.conversationId)) continue;
    const joins = (message.status === 'queued' && message.joinsInMs) || 0;
    if (joins > 0) waits.push(joins);
    if (joins > 0 || isArriving(message)) {
      taken.add(message.conversationId);
    } else if (message.status === 'working' && !mayRunAgain(message)) {
      interrupt.push(message);
      taken.add(message.conversationId);
    } else if (running.size + start.length < maxTurns) {
      start.push(message);
      taken.add(message.conversationId);
    }
  }
  const present = waiting.filter(runs);
  return {
    start,
    interrupt,
    ...(waits.length > 0 && { lookAgainIn: Math.min(...waits) }),
    stop: present.filter((message) => message.stopRequested).map(({ id }) => id),
    decide: present.flatMap(({ id, approval }) =>
      approval?.decision ? [{ id, approvalId: approval.id, decision: approval.decision }] : [],
    ),
  };
}
