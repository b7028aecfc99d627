import type { Event } from '../../amplify/core/event.ts';
import { isFree, type Lease } from '../../amplify/core/lease.ts';
import { isFinal, isRetryable, type Message } from '../../amplify/core/message.ts';
import { type MessageKey, pendingKey, type StoredMessage } from '../../amplify/core/message-row.ts';
import type { TaskSession } from '../../amplify/core/ports.ts';
import type { JournalEntry } from './agent/journal.ts';
import type { Reply } from './user.ts';

/** What the user did with one message. */
export interface Sent {
  readonly key: MessageKey;
  readonly text: string;
  /** undefined: it was never sent, its moment did not come. */
  reply?: Reply;
  /** The clock that made its id was off by more than is taken. */
  readonly clockOff: boolean;
  stopped: boolean;
  /** Retries that were accepted. */
  retries: number;
}

/** Everything that is known when a run has come to rest, or was given up. */
export interface Evidence {
  readonly sent: readonly Sent[];
  readonly rows: ReadonlyMap<string, StoredMessage>;
  readonly lease: Lease | null;
  readonly sessions: readonly { taskId: string; session: TaskSession | null }[];
  /** Nothing was going on any more when this was read. */
  readonly atRest: boolean;
  readonly livingTasks: readonly string[];
  /** In the order in which a subscribed page got them. */
  readonly events: readonly Event[];
  /** undefined: the agent keeps none. */
  readonly journal: readonly JournalEntry[] | undefined;
  /** Something was broken on purpose while it ran, here or in another run of the same cloud. */
  readonly disturbed: boolean;
}

/** A turn is run again by itself once, at most. */
const runsByItself = 2;

/** Says what must never be and yet was; empty when everything that was promised was kept. */
export function audit(evidence: Evidence): string[] {
  return [
    ...evidence.sent.flatMap((sent) => auditMessage(sent, evidence)),
    ...auditEpochs(evidence.events),
    ...auditRest(evidence),
  ];
}

function auditMessage(sent: Sent, evidence: Evidence): string[] {
  const { reply, key } = sent;
  const name = key.id.slice(-6);
  const row = evidence.rows.get(pendingKey(key));
  if (reply === undefined) return [];
  if (sent.clockOff) {
    return reply === 'message.clock_off' && !row ? [] : [`${name}: sent by a wrong clock, and ${reply}`];
  }
  if (reply !== 'accepted') return [`${name}: not accepted, ${reply}`];
  if (!row) return [`${name}: accepted and LOST, there is no row`];
  const faults: string[] = [];
  const fault = (text: string) => faults.push(`${name}: ${text}`);
  if (row.text !== sent.text) fault('the text is another one');
  if (!isFinal(row.status)) fault(`accepted and never ended, it is ${row.status} (attempt ${row.attempt})`);
  if (row.attempt !== 1 + sent.retries) fault(`attempt ${row.attempt} after ${sent.retries} retries`);
  if (row.status === 'stopped' && !sent.stopped) fault('stopped by nobody');
  if (row.status === 'failed' && !row.error) fault('failed without a reason');
  if (!evidence.disturbed && row.status !== 'answered' && !sent.stopped)
    fault(`nothing was broken, and yet it ended as ${row.status} ${row.error?.code ?? ''}`);
  return [
    ...faults,
    ...auditEnds(sent, row, evidence.events).map((text) => `${name}: ${text}`),
    ...(evidence.journal ? auditRuns(row, evidence) : []).map((text) => `${name}: ${text}`),
  ];
}

const finishedOf = ({ id }: MessageKey, events: readonly Event[]): Message[] =>
  events.flatMap((event) =>
    event.kind === 'message.finished' && event.messageId === id ? [event.message] : [],
  );

/** One end an attempt. A commit whose answer was lost is told again, word for word: that is the same end. */
function auditEnds({ key }: Sent, row: StoredMessage, events: readonly Event[]): string[] {
  const faults: string[] = [];
  for (let attempt = 1; attempt <= row.attempt; attempt += 1) {
    const ends = finishedOf(key, events).filter((message) => message.attempt === attempt);
    const different = new Set(
      ends.map(({ status, answer, finishedAt }) => `${status} ${finishedAt} ${answer}`),
    );
    if (different.size > 1)
      faults.push(`attempt ${attempt} ended ${different.size} times: ${[...different]}`);
    const [end] = ends;
    if (attempt < row.attempt && end && !isRetryable(end.status))
      faults.push(`attempt ${attempt} was ${end.status}, and there is attempt ${attempt + 1}`);
    if (attempt === row.attempt && end && (end.status !== row.status || end.answer !== row.answer))
      faults.push(`told as ${end.status} “${end.answer}”, stored as ${row.status} “${row.answer}”`);
  }
  return faults;
}

/** What the agent did for each attempt, by its own log. */
function auditRuns(row: StoredMessage, { events, journal = [] }: Evidence): string[] {
  const faults: string[] = [];
  /** Where in the journal a process of the agent began. */
  const bootOf = (name: string | undefined) =>
    journal.findIndex(({ boot, event }) => event === 'boot' && boot === name);
  for (let attempt = 1; attempt <= row.attempt; attempt += 1) {
    const entries = journal.filter(({ run }) => run === `${row.id}:${attempt}`);
    const tool = entries.findIndex(({ event }) => event === 'tool');
    const isStart = ({ event }: JournalEntry) => event === 'begin' || event === 'resumed';
    // A zombie that was cut off between its claim and its start may still start; it gets no tool and commits nothing.
    const isZombie = ({ boot }: JournalEntry) => bootOf(boot) < bootOf(entries[tool]?.boot);
    if (tool >= 0 && entries.slice(tool).some((entry) => isStart(entry) && !isZombie(entry)))
      faults.push(`attempt ${attempt} was silently run again after a tool had run`);
    const tools = entries.filter(({ event }) => event === 'tool');
    if (new Set(tools.map(({ boot }) => boot)).size > 1)
      faults.push(`attempt ${attempt} used tools in two runs`);
    if (entries.some(({ event }) => event === 'resumed'))
      faults.push(`attempt ${attempt} was taken up by the agent itself at its start`);
    const starts = entries.filter(isStart).length;
    if (starts > runsByItself) faults.push(`attempt ${attempt} was run ${starts} times`);
    const committed =
      attempt === row.attempt ? row : finishedOf(row, events).find((message) => message.attempt === attempt);
    if (committed?.status !== 'answered') continue;
    const finals = entries.filter(({ event, text }) => event === 'final' && text === committed.answer);
    if (finals.length !== 1)
      faults.push(`the answer of attempt ${attempt} is that of ${finals.length} runs: “${committed.answer}”`);
    else if (tools.some(({ boot }) => boot !== finals[0]?.boot))
      faults.push(`attempt ${attempt} was answered by another run than the one that used a tool`);
  }
  return faults;
}

/**
 * Only tasks start and answer: once a later one has begun, an earlier one must not any more. Starts are held against
 * the order in which they were told, ends against the time that their row bears: an end may be told again much later,
 * by a Stop that comes too late or for a commit whose answer was lost, and that is no write.
 */
function auditEpochs(events: readonly Event[]): string[] {
  const faults: string[] = [];
  const ends = events.flatMap((event) =>
    event.kind === 'message.finished' && event.message.status === 'answered' ? [event.message] : [],
  );
  for (const { epoch, finishedAt } of ends) {
    const later = ends.find(
      (end) =>
        (end.epoch ?? 0) > (epoch ?? 0) &&
        (end.startedAt ?? '') !== '' &&
        (end.startedAt ?? '') < (finishedAt ?? ''),
    );
    if (later) faults.push(`epoch ${epoch} wrote (message.finished) after epoch ${later.epoch} had`);
  }
  let highest = 0;
  for (const event of events) {
    if (event.kind !== 'message.started') continue;
    if (event.epoch < highest)
      faults.push(`epoch ${event.epoch} wrote (message.started) after epoch ${highest} had`);
    highest = Math.max(highest, event.epoch);
  }
  return faults;
}

function auditRest({ lease, sessions, livingTasks, sent, atRest }: Evidence): string[] {
  const faults: string[] = atRest ? [] : ['it did not come to rest'];
  if (!lease && sent.some(({ reply }) => reply === 'accepted')) faults.push('there is no lease row');
  if (lease && !isFree(lease)) faults.push(`the lease is still held: ${lease.state} by ${lease.taskId}`);
  if (lease && lease.pending.length > 0) faults.push(`still pending: ${lease.pending}`);
  for (const id of livingTasks) faults.push(`task ${id} still runs`);
  for (const { taskId, session } of sessions) {
    if (session && !session.stoppedAt) faults.push(`the session of task ${taskId} did not end`);
  }
  return faults;
}
