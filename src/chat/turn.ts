import {
  type Approval,
  isFinal,
  type Message,
  type MessageStatus,
  type ToolCard,
} from '../../amplify/core/message.ts';

/** A piece of an answer as it streams in: `core/event.ts`, `message.delta`. */
export interface Delta {
  epoch: number;
  attempt: number;
  seq: number;
  offset: number;
  text: string;
}

export type ProgressStep = 'preparing' | 'model-starting' | 'thinking' | 'model-retrying';

/** One run of an attempt under one lease. A higher (attempt, epoch) begins the answer anew. */
interface Run {
  attempt: number;
  epoch: number;
}

/** An answer in work, beyond what the stored row says. */
export interface Live extends Run {
  /** Deltas up to and with this one are in `text`. */
  seq: number;
  text: string;
  /** Deltas that came before the ones that precede them, in order of `seq`. */
  ahead: readonly Delta[];
  tools: readonly ToolCard[];
  step: ProgressStep | null;
  /** The model has shown that it thinks: what it thinks can be read. */
  thinks: boolean;
  approval: Approval | null;
  /** When an event last said something about `approval`; a row read before that says nothing about it. */
  approvalTick: number;
}

/** A user's message and what is known of its answer. `row` is null while only events of it were seen. */
export interface Turn {
  row: Message | null;
  live: Live | null;
}

export const noTurn: Turn = { row: null, live: null };

const rank = (status: MessageStatus): number => (status === 'queued' ? 0 : status === 'working' ? 1 : 2);

const compareRuns = (a: Run, b: Run): number => a.attempt - b.attempt || a.epoch - b.epoch;

/** Orders two rows of one message by how far the message had come. */
function compareRows(a: Message, b: Message): number {
  return (
    a.attempt - b.attempt ||
    rank(a.status) - rank(b.status) ||
    (a.epoch ?? 0) - (b.epoch ?? 0) ||
    a.seq - b.seq
  );
}

/** Whether an event of this run comes too late to matter. */
function isPast({ row, live }: Turn, run: Run): boolean {
  if (live) return compareRuns(run, live) < 0;
  if (!row) return false;
  if (isFinal(row.status)) return run.attempt <= row.attempt;
  return compareRuns(run, { attempt: row.attempt, epoch: row.epoch ?? 0 }) < 0;
}

const begin = (run: Run): Live => ({
  attempt: run.attempt,
  epoch: run.epoch,
  seq: 0,
  text: '',
  ahead: [],
  tools: [],
  step: null,
  thinks: false,
  approval: null,
  approvalTick: 0,
});

/** The live part for this run: the present one, or a new one if the run is later. Null when the run is past. */
function liveFor(turn: Turn, run: Run): Live | null {
  if (isPast(turn, run)) return null;
  return turn.live && compareRuns(run, turn.live) === 0 ? turn.live : begin(run);
}

/** Appends what follows without a gap; drops what is covered. */
function drain(live: Live): Live {
  let { seq, text } = live;
  let taken = 0;
  for (const delta of live.ahead) {
    if (delta.seq <= seq) {
      taken += 1;
      continue;
    }
    if (delta.seq !== seq + 1 || delta.offset > text.length) break;
    text = text.slice(0, delta.offset) + delta.text;
    seq = delta.seq;
    taken += 1;
  }
  return taken ? { ...live, seq, text, ahead: live.ahead.slice(taken) } : live;
}

/** Takes a delta in. One that was seen, or that belongs to an earlier run, changes nothing. */
export function applyDelta(turn: Turn, { epoch, attempt, seq, offset, text }: Delta): Turn {
  const live = liveFor(turn, { epoch, attempt });
  if (!live) return turn;
  if (seq <= live.seq || live.ahead.some((other) => other.seq === seq)) {
    return live === turn.live ? turn : { ...turn, live };
  }
  const ahead = [...live.ahead, { epoch, attempt, seq, offset, text }].sort((a, b) => a.seq - b.seq);
  return { ...turn, live: drain({ ...live, ahead, step: null }) };
}

/** A task took the message into work. */
export function applyStarted(turn: Turn, run: Run): Turn {
  const live = liveFor(turn, run);
  return live && live !== turn.live ? { ...turn, live } : turn;
}

function mergeTools(known: readonly ToolCard[], seen: readonly ToolCard[]): ToolCard[] {
  const byId = new Map(known.map((tool) => [tool.id, tool]));
  for (const tool of seen) {
    const old = byId.get(tool.id);
    if (!old || old.status === 'running' || tool.status !== 'running') byId.set(tool.id, tool);
  }
  return [...byId.values()].sort((a, b) => a.at - b.at || a.startedAt.localeCompare(b.startedAt));
}

/** A tool began or ended. An end is not undone by a beginning that arrives late. */
export function applyTool(turn: Turn, run: Run, tool: ToolCard): Turn {
  const live = liveFor(turn, run);
  return live ? { ...turn, live: { ...live, step: null, tools: mergeTools(live.tools, [tool]) } } : turn;
}

/** A word on what takes time. It stands until text or a tool follows. */
export function applyProgress(turn: Turn, attempt: number, step: ProgressStep): Turn {
  if (turn.live?.attempt !== attempt) return turn;
  return { ...turn, live: { ...turn.live, step, thinks: turn.live.thinks || step === 'thinking' } };
}

/** A command waits for the user's word, or no longer does. `tick`: the store's count of events. */
export function applyApproval(turn: Turn, attempt: number, approval: Approval | null, tick: number): Turn {
  if (turn.live?.attempt !== attempt) return turn;
  return { ...turn, live: { ...turn.live, approval, approvalTick: tick } };
}

/** A stop was asked for. */
export function applyStopping(turn: Turn): Turn {
  if (!turn.row || isFinal(turn.row.status)) return turn;
  return { ...turn, row: { ...turn.row, stopRequested: true } };
}

/** What a row in work says, laid over what streamed in already. */
function resume(live: Live | null, row: Message, asOf: number): Live | null {
  const run = { attempt: row.attempt, epoch: row.epoch ?? live?.epoch ?? 0 };
  const order = live ? compareRuns(run, live) : 1;
  if (order < 0) return live;
  const base = order > 0 || !live ? begin(run) : live;
  const covered =
    row.seq >= base.seq
      ? drain({ ...base, seq: row.seq, text: row.answer, step: row.seq > base.seq ? null : base.step })
      : base;
  return {
    ...covered,
    thinks: base.thinks || hasThought(row),
    tools: mergeTools(base.tools, row.tools),
    approval: base.approvalTick > asOf ? base.approval : (row.approval ?? null),
  };
}

/**
 * Lays a stored row over the turn: one that was read, or one that an event carries.
 * `asOf`: the store's count of events when the read began. An older row than the known one changes nothing.
 */
export function applyRow(turn: Turn, row: Message, asOf: number): Turn {
  const { row: known, live } = turn;
  if (known && compareRows(row, known) < 0) return turn;
  const stopRequested =
    row.stopRequested ||
    (known?.attempt === row.attempt && !isFinal(row.status) && known.stopRequested) ||
    null;
  const next = { ...row, stopRequested };
  if (isFinal(row.status)) return { row: next, live: live && live.attempt > row.attempt ? live : null };
  if (row.status === 'queued') return { row: next, live: live && live.attempt >= row.attempt ? live : null };
  return { row: next, live: resume(live, row, asOf) };
}

/** Whether something is missing that only a read of the row can bring. */
export const hasGap = (turn: Turn): boolean => turn.row === null || (turn.live?.ahead.length ?? 0) > 0;

const hasThought = (row: Message | null): boolean => (row?.thinkingMs ?? null) !== null;

/** Whether there is something to read of what the model thought. */
export const thinksIn = (turn: Turn): boolean => turn.live?.thinks ?? hasThought(turn.row);

/** The status that people see: a run that streams is in work, whatever the row said last. */
export function statusOf(turn: Turn): MessageStatus {
  return turn.live ? 'working' : (turn.row?.status ?? 'queued');
}

/** The answer as far as it is known. */
export const answerOf = (turn: Turn): string => turn.live?.text ?? turn.row?.answer ?? '';

/** The tools used for it so far. */
export const toolsOf = (turn: Turn): readonly ToolCard[] => turn.live?.tools ?? turn.row?.tools ?? [];
