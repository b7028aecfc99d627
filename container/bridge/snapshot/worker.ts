import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Isolation } from '../openclaw/isolation.ts';
import { endInterruptedTurns } from '../openclaw/reconcile.ts';
import { killStrays } from '../openclaw/stray.ts';
import { type AgentData, pack } from './pack.ts';
import { TarError } from './tar.ts';
import { checkDatabases, clear, unpack, verify } from './unpack.ts';

/**
 * Work on the agent's own files runs in a child process as the agent's user: whatever stands in them can then reach
 * nothing that the agent could not reach anyway. Archives go through its standard input and output; its last line on
 * standard error is the report.
 */
const report = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('pack'),
    unchanged: z.boolean(),
    fingerprint: z.string(),
    entries: z.number(),
    skipped: z.array(z.string()),
  }),
  z.object({ action: z.literal('unpack'), entries: z.number(), endedTurns: z.number() }),
  z.object({ action: z.literal('clear') }),
  z.object({ action: z.literal('verify'), entries: z.number() }),
  z.object({ action: z.literal('reconcile'), endedTurns: z.number(), ended: z.number() }),
  z.object({ action: z.literal('failed'), unreadable: z.boolean(), message: z.string() }),
]);
type Report = z.infer<typeof report>;
export type WorkerAction = Exclude<Report['action'], 'failed'>;
type ReportOf<A extends WorkerAction> = Extract<Report, { action: A }>;

/** Skipped paths that a report names. */
const maxListed = 50;

/** The child's side: `argv` is [action, state, workspace, temporary, known fingerprint]. Returns the exit code. */
export async function runWorker(argv: readonly string[]): Promise<number> {
  const [action, state = '', workspace = '', temporary = '', known] = argv;
  const data: AgentData = { state, workspace, temporary };
  const say = (value: Report) => process.stderr.write(`${JSON.stringify(value)}\n`);
  try {
    if (action === 'pack') {
      const result = await pack(data, createWriteStream('', { fd: 1 }), known);
      say({ action, ...result, skipped: result.skipped.slice(0, maxListed) });
    } else if (action === 'unpack') {
      clear(data);
      const entries = await unpack(process.stdin, data);
      checkDatabases(data);
      say({ action, entries, endedTurns: endInterruptedTurns(state) });
    } else if (action === 'clear') {
      clear(data);
      say({ action });
    } else if (action === 'verify') {
      say({ action, entries: await verify(process.stdin) });
    } else if (action === 'reconcile') {
      // What a dead OpenClaw left running must not go on beside the next one.
      const ended = killStrays(state).length;
      say({ action, endedTurns: endInterruptedTurns(state), ended });
    } else {
      throw new Error(`unknown action ${action}`);
    }
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say({ action: 'failed', unreadable: error instanceof TarError, message: message.slice(0, 500) });
    return 1;
  }
}

export interface Worker {
  /** Runs one action. Throws TarError when an archive is unreadable, Error for any other failure. */
  run<A extends WorkerAction>(
    action: A,
    data: AgentData,
    streams?: { inputFile?: string; output?: Writable; knownFingerprint?: string },
  ): Promise<ReportOf<A>>;
}

/** `entry` is the file that Node runs: the bridge itself, whose `worker` argument leads to runWorker. */
export function createWorker(entry: string, isolation: Isolation): Worker {
  return {
    run: async (action, data, { inputFile, output, knownFingerprint } = {}) => {
      const [program, ...args] = isolation.wrap([
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        entry,
        'worker',
      ]);
      const child = spawn(
        program as string,
        [
          ...args,
          action,
          data.state,
          data.workspace,
          data.temporary,
          ...(knownFingerprint ? [knownFingerprint] : []),
        ],
        {
          cwd: '/',
          env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: data.temporary, TMPDIR: data.temporary },
          stdio: ['pipe', 'pipe', 'pipe'],
        },
      );
      const [last] = await Promise.all([
        lastLine(child),
        inputFile ? feed(inputFile, child.stdin as Writable) : child.stdin?.end(),
        output ? pipeline(child.stdout as Readable, output) : child.stdout?.resume(),
      ]);
      const result = report.safeParse(last);
      if (!result.success) throw new Error(`The ${action} worker ended without a report`);
      if (result.data.action === 'failed') {
        throw result.data.unreadable ? new TarError(result.data.message) : new Error(result.data.message);
      }
      return result.data as ReportOf<typeof action>;
    },
  };
}

async function feed(file: string, input: Writable): Promise<void> {
  try {
    await pipeline(createReadStream(file), input);
  } catch (error) {
    // The child stopped reading: its report says why.
    if (
      !['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
        (error as NodeJS.ErrnoException).code ?? '',
      )
    )
      throw error;
  }
}

function lastLine(child: ChildProcess): Promise<unknown> {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-64 * 1024);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve(JSON.parse(text.trim().split('\n').at(-1) ?? ''));
      } catch {
        resolve(undefined);
      }
    });
  });
}
