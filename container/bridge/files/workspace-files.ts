import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import type { Isolation } from '../openclaw/isolation.ts';
import { tooLarge } from './file-worker.ts';

/** Single files of the agent's workspace, into which the bridge itself may not reach. */
export interface WorkspaceFiles {
  /** Writes a file that OpenClaw and its tools can read and change. `path` lies in the workspace. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** A plain file's bytes. Throws for anything else, for what lies outside, and for what is too large. */
  get(path: string): Promise<Buffer>;
}

/** A file is larger than what is kept. */
export class FileTooLarge extends Error {}

/** A disk that doesn't answer must not hold a turn, milliseconds. */
const patience = 30_000;

/** `entry` is the file that Node runs: the bridge itself, whose `file` argument leads to runFileWorker. */
export function workspaceFiles(entry: string, workspace: string, isolation: Isolation): WorkspaceFiles {
  const run = async (action: 'put' | 'get', path: string, input?: Uint8Array): Promise<Buffer> => {
    // The workspace is the tools'; what OpenClaw has just written is OpenClaw's own until a command runs.
    const asOwner = action === 'put' ? isolation.asTools : isolation.asAgent;
    const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
    const [program, ...args] = asOwner([...node, entry, 'file', action, workspace, path]);
    const child = spawn(program as string, args, {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: patience,
      killSignal: 'SIGKILL',
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    // It may have stopped reading: its last words say why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [output, words, code] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
    if (code !== 0) {
      const why = words.trim().split('\n').at(-1)?.slice(0, 200) || `${action} failed`;
      throw why.startsWith(tooLarge) ? new FileTooLarge(why) : new Error(why);
    }
    return output;
  };
  return {
    put: async (path, bytes) => void (await run('put', path, bytes)),
    get: (path) => run('get', path),
  };
}
