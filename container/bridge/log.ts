import { lineOf, type Measurements } from '../../amplify/core/metric.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** Writes one event. Fields never hold a message's text, a key, a URL with a signature or a token. */
export type Log = (
  level: LogLevel,
  event: string,
  fields?: Readonly<Record<string, unknown>> & { readonly metrics?: Measurements },
) => void;

/** A log of one JSON object a line, from `minimum` up. Metrics count for `deployment`. */
export function createLog(
  minimum: LogLevel,
  write: (line: string) => void = (line) => process.stdout.write(line),
  deployment = '',
): Log {
  return (level, event, fields = {}) => {
    if (levels.indexOf(level) < levels.indexOf(minimum)) return;
    const now = new Date();
    write(`${lineOf({ time: now.toISOString(), level, event, ...fields }, deployment, now.getTime())}\n`);
  };
}

/** The words of an error for a log: its name, message and code, without stacks or request details. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.name}: ${error.message}${cause}`.slice(0, 500);
}
