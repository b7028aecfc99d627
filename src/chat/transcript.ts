import type { Event } from '../../amplify/core/event.ts';
import { isFinal, type Message } from '../../amplify/core/message.ts';
import {
  applyApproval,
  applyDelta,
  applyProgress,
  applyRow,
  applyStarted,
  applyStopping,
  applyTool,
  hasGap,
  noTurn,
  statusOf,
  type Turn,
} from './turn.ts';

/** One conversation's turns, as far as they were read. */
export interface Transcript {
  turns: ReadonlyMap<string, Turn>;
  /** Where older messages go on; null when the first one is here. */
  earlier: string | null;
  /** From an earlier visit: the next read of the newest messages takes its place. */
  remembered?: boolean;
}

export const emptyTranscript: Transcript = { turns: new Map(), earlier: null };

/** A page of messages, newest first, as `listMessages` gives it. */
export interface MessagePage {
  items: readonly Message[];
  nextToken: string | null;
}

/** Events that concern one message. */
export type MessageEvent = Extract<Event, { messageId: string }>;

function applyToTurn(turn: Turn, event: MessageEvent, tick: number): Turn {
  switch (event.kind) {
    case 'message.accepted':
    case 'message.finished':
      return applyRow(turn, event.message, tick);
    case 'message.started':
      return applyStarted(turn, event);
    case 'message.delta':
      return applyDelta(turn, event);
    case 'message.tool':
      return applyTool(turn, event, event.tool);
    case 'message.progress':
      return applyProgress(turn, event.attempt, event.step);
    case 'message.approval':
      return applyApproval(turn, event.attempt, event.approval, tick);
    case 'message.stopping':
      return applyStopping(turn);
  }
}

const withTurn = (transcript: Transcript, id: string, turn: Turn): Transcript => ({
  ...transcript,
  turns: new Map(transcript.turns).set(id, turn),
});

/** Takes one event in. `tick`: the store's count of events. */
export function applyMessageEvent(transcript: Transcript, event: MessageEvent, tick: number): Transcript {
  const known = transcript.turns.get(event.messageId);
  const next = applyToTurn(known ?? noTurn, event, tick);
  return next === (known ?? noTurn) ? transcript : withTurn(transcript, event.messageId, next);
}

/** Lays one row that was read over the transcript. `asOf`: the count of events when the read began. */
export function applyMessage(transcript: Transcript, row: Message, asOf: number): Transcript {
  const known = transcript.turns.get(row.id);
  const next = applyRow(known ?? noTurn, row, asOf);
  return next === known ? transcript : withTurn(transcript, row.id, next);
}

/**
 * Lays the newest page over the transcript. When so much came meanwhile that the page does not reach
 * what is known, the known older part goes: it is read again page by page.
 */
export function applyNewestPage(transcript: Transcript, page: MessagePage, asOf: number): Transcript {
  const stored = [...transcript.turns.values()].some((turn) => turn.row !== null);
  const meets = page.items.some((item) => transcript.turns.get(item.id)?.row);
  const keepsOlder = stored && !transcript.remembered && (meets || page.nextToken === null);
  const oldest = page.items.map((item) => item.acceptedAt).sort()[0] ?? '\uffff';
  const kept = keepsOlder
    ? transcript.turns
    : new Map([...transcript.turns].filter(([, turn]) => turn.row === null || turn.row.acceptedAt >= oldest));
  const base: Transcript = { turns: kept, earlier: keepsOlder ? transcript.earlier : page.nextToken };
  return page.items.reduce((next, item) => applyMessage(next, item, asOf), base);
}

/** Lays a page of older messages over the transcript. */
export function applyEarlierPage(transcript: Transcript, page: MessagePage, asOf: number): Transcript {
  const next = page.items.reduce((sum, item) => applyMessage(sum, item, asOf), transcript);
  return { ...next, earlier: page.nextToken };
}

/** ISO times and ids of one length sort by their characters; a locale's rules would take a hundred times as long. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The turns in the order of their acceptance. A turn of which only events were seen is not shown yet. */
export function orderedTurns(transcript: Transcript): (Turn & { row: Message })[] {
  return [...transcript.turns.values()]
    .filter((turn): turn is Turn & { row: Message } => turn.row !== null)
    .sort((a, b) => compare(a.row.acceptedAt, b.row.acceptedAt) || compare(a.row.id, b.row.id));
}

/** The message that Stop is about: the one in work, or else the first that waits. */
export function runningTurn(transcript: Transcript | undefined): (Turn & { row: Message }) | null {
  const open = orderedTurns(transcript ?? emptyTranscript).filter((turn) => !isFinal(statusOf(turn)));
  return open.find((turn) => statusOf(turn) === 'working') ?? open[0] ?? null;
}

/** Messages that must be read because something of them is missing. */
export const gapsIn = (transcript: Transcript): string[] =>
  [...transcript.turns].filter(([, turn]) => hasGap(turn)).map(([id]) => id);
