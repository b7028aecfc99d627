import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A log file larger than this is put aside at the next start, bytes. */
const largest = 10 * 1024 * 1024;

export type JournalEvent = Readonly<Record<string, unknown>>;

export interface Journal {
  write(event: JournalEvent): void;
  close(): Promise<void>;
}

/** Everything that the local cloud logs, one JSON object a line in `directory/app.jsonl`; `onEvent` sees it too. */
export function openJournal(directory: string, onEvent: (event: JournalEvent) => void): Journal {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'app.jsonl');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largest) renameSync(file, join(directory, 'app.before.jsonl'));
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  // A full disk must not end the app; what is shown on the console still is.
  stream.on('error', () => {});
  return {
    write(event) {
      stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
      onEvent(event);
    },
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

function recordIn(line: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(String(line));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const isGrave = (level: unknown) => ['warn', 'error', 'WARN', 'ERROR', 'FATAL'].includes(String(level));

/**
 * The line for people of an event, where they want one: an agent that wakes and leaves, and what goes wrong.
 * The rest is in the journal.
 */
export function lineFor(event: JournalEvent): string | undefined {
  if (event.event === 'task.status') return statusLine(event);
  const record = recordIn(event.line);
  if (record) {
    if (!isGrave(record.level)) return undefined;
    const what = record.event ?? record.what ?? record.message ?? '';
    return `! ${event.function ?? agentOf(event)}: ${[what, record.error ?? ''].join(' ').trim()}`;
  }
  const wrong = event.error ?? (isGrave(event.level) ? JSON.stringify(event.values ?? '') : undefined);
  return wrong === undefined ? undefined : `! ${event.service ?? 'local cloud'} ${event.event}: ${wrong}`;
}

const agentOf = (event: JournalEvent) => `Agent ${String(event.task).slice(-6)}`;

/** What ECS says of a task that ended by itself. */
const ordinary = 'Essential container in task exited';

function statusLine(event: JournalEvent): string | undefined {
  if (event.status === 'PROVISIONING') return `${agentOf(event)} is called.`;
  if (event.status === 'RUNNING') return `${agentOf(event)} runs.`;
  if (event.status !== 'STOPPED') return undefined;
  const why = event.reason && event.reason !== ordinary ? `: ${event.reason}` : '.';
  return `${agentOf(event)} has left${why}`;
}
