import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { pastTurn } from '../../../amplify/core/task-grant.ts';
import { forgetConversations } from '../openclaw/forget.ts';
import { keepWhatWasSaid } from '../openclaw/imported.ts';
import type { Isolation } from '../openclaw/isolation.ts';
import { addTurns } from '../openclaw/recall.ts';
import { endInterruptedTurns } from '../openclaw/reconcile.ts';
import { killStrays } from '../openclaw/stray.ts';
import { handOver } from '../tools/hand-over.ts';
import { openOwnFiles } from '../tools/own-files.ts';
import { type AgentData, pack, readWorkspace } from './pack.ts';
import { TarError } from './tar.ts';
import { checkDatabases, clear, locate, type SnapshotPart, unpack, verify } from './unpack.ts';

/**
 * Work on the agent's own files runs in child processes as the users who own them: whatever stands in the files can then
 * reach nothing that those users could not reach anyway. Archives go through standard input and output; the last line on
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
  z.object({ action: z.literal('locate'), root: z.string() }),
  z.object({ action: z.literal('unpack'), entries: z.number(), endedTurns: z.number() }),
  z.object({ action: z.literal('recall'), added: z.number(), forgotten: z.number() }),
  z.object({ action: z.literal('clear') }),
  z.object({ action: z.literal('verify'), entries: z.number() }),
  z.object({ action: z.literal('share') }),
  z.object({ action: z.literal('workspace') }),
  z.object({ action: z.literal('reconcile'), endedTurns: z.number(), ended: z.number() }),
  z.object({ action: z.literal('failed'), unreadable: z.boolean(), message: z.string() }),
]);
type Report = z.infer<typeof report>;
type Step = Exclude<Report['action'], 'failed'>;
/** `share` and `workspace` are steps of packing. */
export type WorkerAction = Exclude<Step, 'share' | 'workspace'>;
type ReportOf<A extends Step> = Extract<Report, { action: A }>;

/** What `recall` reads. */
const remembering = z.object({ turns: z.array(pastTurn), deleted: z.array(z.string()) });

/** Skipped paths that a report names. */
const maxListed = 50;

/** The child's side: `argv` is [action, state, workspace, temporary, part, known fingerprint, root]. Returns the exit code. */
export async function runWorker(argv: readonly string[]): Promise<number> {
  const [action, state = '', workspace = '', temporary = '', part = 'all', known, root] = argv;
  const data: AgentData = { state, workspace, temporary };
  const say = (value: Report) => process.stderr.write(`${JSON.stringify(value)}\n`);
  process.umask(0o002);
  try {
    if (action === 'share') {
      process.stdout.write(openOwnFiles(workspace, process.getuid?.() ?? -1).join('\0'));
      say({ action });
    } else if (action === 'workspace') {
      await pipeline(readWorkspace(workspace), createWriteStream('', { fd: 1 }));
      say({ action });
    } else if (action === 'pack') {
      const result = await pack(data, createWriteStream('', { fd: 1 }), known || undefined, process.stdin);
      process.stdin.destroy();
      say({ action, ...result, skipped: result.skipped.slice(0, maxListed) });
    } else if (action === 'locate') {
      say({ action, root: await locate(process.stdin) });
    } else if (action === 'unpack') {
      clear(data, part as SnapshotPart);
      const entries = await unpack(process.stdin, data, part as SnapshotPart, root);
      const isWorkspace = part === 'workspace';
      if (!isWorkspace) checkDatabases(data);
      if (!isWorkspace && root !== undefined) acceptImported(state);
      say({ action, entries, endedTurns: isWorkspace ? 0 : endInterruptedTurns(state) });
    } else if (action === 'recall') {
      const { turns, deleted } = remembering.parse(await json(process.stdin));
      const added = addTurns(state, workspace, turns);
      say({ action, added, forgotten: forgetConversations(state, deleted) });
    } else if (action === 'clear') {
      clear(data, part as SnapshotPart);
      say({ action });
    } else if (action === 'verify') {
      say({ action, entries: await verify(process.stdin, root) });
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

function acceptImported(state: string): void {
  try {
    keepWhatWasSaid(state);
  } catch (error) {
    throw new TarError(error instanceof Error ? error.message : String(error));
  }
}

export interface Worker {
  /** Runs one action. Throws TarError when an archive is unreadable, Error for any other failure. */
  run<A extends WorkerAction>(action: A, data: AgentData, streams?: WorkerStreams): Promise<ReportOf<A>>;
}

/** `output` is what `pack` writes to; `inputFile` or `input` is an archive to read; `root`: of one that somebody brought. */
export interface WorkerStreams {
  readonly inputFile?: string;
  readonly input?: Readable;
  readonly output?: Writable;
  readonly knownFingerprint?: string;
  readonly root?: string | undefined;
}

/**
 * `entry` is the file that Node runs: the bridge itself, whose `worker` argument leads to runWorker. `cache`: where Node
 * keeps compiled code.
 */
export function createWorker(entry: string, isolation: Isolation, cache?: string): Worker {
  const { users } = isolation;
  const start = (
    step: Step,
    data: AgentData,
    part: SnapshotPart = 'all',
    known = '',
    root?: string,
  ): ChildProcess => {
    const asOwner = step === 'workspace' || part === 'workspace' ? isolation.asTools : isolation.asAgent;
    const [program, ...args] = asOwner([
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      entry,
      'worker',
      ...[step, data.state, data.workspace, data.temporary, part],
      known,
      ...(root === undefined ? [] : [root]),
    ]);
    return spawn(program as string, args, {
      cwd: '/',
      env: {
        ...{ PATH: '/usr/local/bin:/usr/bin:/bin', HOME: data.temporary, TMPDIR: data.temporary },
        ...(cache && { NODE_COMPILE_CACHE: cache }),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  };
  const reported = async <A extends Step>(step: A, child: ChildProcess): Promise<ReportOf<A>> => {
    const result = report.safeParse(await lastLine(child));
    if (!result.success) throw new Error(`The ${step} worker ended without a report`);
    if (result.data.action === 'failed') {
      throw result.data.unreadable ? new TarError(result.data.message) : new Error(result.data.message);
    }
    return result.data as ReportOf<A>;
  };
  const runPart = async <A extends Step>(
    action: A,
    data: AgentData,
    part: SnapshotPart,
    { inputFile, input, root }: WorkerStreams,
  ): Promise<ReportOf<A>> => {
    const child = start(action, data, part, '', root);
    child.stdout?.resume();
    const source = inputFile ? createReadStream(inputFile) : input;
    const [result] = await Promise.all([
      reported(action, child),
      source ? feed(source, child.stdin as Writable) : child.stdin?.end(),
    ]);
    return result;
  };

  const packing = async (data: AgentData, output: Writable, known?: string): Promise<ReportOf<'pack'>> => {
    if (users) {
      // What OpenClaw wrote since the last command is still its own.
      const share = start('share', data);
      const [own] = await Promise.all([text(share.stdout as Readable), reported('share', share)]);
      handOver(own.split('\0').filter(Boolean), users);
    }
    const source = start('workspace', data);
    const child = start('pack', data, 'all', known);
    const [packed, read] = await Promise.allSettled([
      reported('pack', child),
      reported('workspace', source),
      feed(source.stdout as Readable, child.stdin as Writable),
      pipeline(child.stdout as Readable, output),
    ]);
    if (packed.status === 'fulfilled') return packed.value;
    throw read.status === 'rejected' && packed.reason instanceof TarError ? read.reason : packed.reason;
  };

  const run = async (action: WorkerAction, data: AgentData, streams: WorkerStreams = {}): Promise<Report> => {
    const { output, knownFingerprint } = streams;
    if (action === 'pack') {
      if (!output) throw new Error('a snapshot needs somewhere to go');
      return packing(data, output, knownFingerprint);
    }
    if (users && (action === 'unpack' || action === 'clear')) {
      const [state, workspace] = await Promise.all([
        runPart(action, data, 'state', streams),
        runPart(action, data, 'workspace', streams),
      ]);
      if (state.action === 'unpack' && workspace.action === 'unpack')
        return { ...state, entries: state.entries + workspace.entries };
      return state;
    }
    return runPart(action, data, 'all', streams);
  };
  return { run: run as Worker['run'] };
}

async function feed(source: Readable, input: Writable): Promise<void> {
  try {
    await pipeline(source, input);
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
  let end = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    end = (end + chunk).slice(-64 * 1024);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve(JSON.parse(end.trim().split('\n').at(-1) ?? ''));
      } catch {
        resolve(undefined);
      }
    });
  });
}
