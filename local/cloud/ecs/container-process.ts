import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { descendantsOf, dieWithUs, namespaceCommand, signal, startOf } from '../processes.ts';
import type { Image } from './image.ts';

let namespace: readonly string[] | undefined | 'unknown' = 'unknown';

/** A task's container as processes of this machine. */
export interface ContainerProcess {
  /** Host pid of the outermost process, and when it started: what the next start reaps if we are killed. */
  readonly pid: number;
  readonly started: string | undefined;
  /** Resolves when everything has ended. 137 for SIGKILL, 143 for SIGTERM, as a container reports them. */
  readonly exit: Promise<number>;
  /** SIGTERM to the container's first process. */
  terminate(): void;
  /** SIGKILL to everything in the container. */
  kill(): void;
}

/**
 * Starts a container's command. `env` is its whole environment.
 * Output goes to `logFile` and, line by line, to `onLine`.
 */
export function startContainer(input: {
  image: Image;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  logFile: string;
  onLine: (line: string) => void;
}): ContainerProcess {
  if (namespace === 'unknown') namespace = namespaceCommand();
  const [file = '', ...args] = [...(namespace ?? dieWithUs()), ...input.command];
  const child: ChildProcess = spawn(file, args, {
    cwd: input.image.cwd,
    env: { ...input.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid;
  if (pid === undefined) {
    return failed(child);
  }
  const log = createWriteStream(input.logFile, { flags: 'a', mode: 0o600 });
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      input.onLine(line);
    });
  }
  const first = () => (namespace ? (descendantsOf(pid)[0] ?? pid) : pid);
  const exit = new Promise<number>((resolve) => {
    // Its last lines may come after its end.
    child.once('close', () => log.end());
    child.once('exit', (code, name) => {
      resolve(code ?? (name === 'SIGTERM' ? 143 : 137));
    });
  });
  return {
    pid,
    started: startOf(pid),
    exit,
    terminate: () => signal(first(), 'SIGTERM'),
    kill() {
      // The outermost first: `unshare` would report a killed child as exit status 1. The group reaches what has
      // lost its parent, the descendants what has left the group.
      for (const each of [pid, ...descendantsOf(pid), -pid]) signal(each, 'SIGKILL');
    },
  };
}

function failed(child: ChildProcess): ContainerProcess {
  const exit = new Promise<number>((resolve) => child.once('error', () => resolve(127)));
  return { pid: -1, started: undefined, exit, terminate: () => {}, kill: () => {} };
}
