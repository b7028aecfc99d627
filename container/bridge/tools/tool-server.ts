import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError, type Log } from '../log.ts';
import type { Isolation, TaskUsers } from '../openclaw/isolation.ts';
import { endUser } from '../openclaw/stray.ts';
import type { AgentFolders } from '../openclaw/workspace.ts';
import { encodeFrame, FrameReader } from './frames.ts';
import { handOver } from './hand-over.ts';
import { type ToolExit, type ToolRequest, toolRequest } from './request.ts';

export interface ToolServer {
  /** What OpenClaw is given as $SHELL. */
  readonly shell: string;
  /** Ends every command, also those that have left their group, and takes no more. */
  close(): void;
}

/** What a command says after its end: its last output, unless something that it started holds the pipe. */
const lastOutput = 200;
/** Processes and threads at a time: enough to build with, too few to choke the task. */
const maxProcesses = 4096;

/**
 * The shell's file: beside the bundle (`/app`), or in this folder when the sources run.
 */
export function toolShellEntry(): string {
  const bundled = join(import.meta.dirname, 'tool-shell.mjs');
  return existsSync(bundled) ? bundled : join(import.meta.dirname, 'tool-shell.ts');
}

/**
 * Runs OpenClaw's commands as the tools' user. OpenClaw itself holds no privilege with which it could become another
 * user: its $SHELL (tool-shell.ts) asks here, over a socket that only OpenClaw's user may open.
 */
export async function startToolServer(input: {
  folders: AgentFolders;
  isolation: Isolation;
  users: TaskUsers;
  /** Names that OpenClaw's own environment has: no command gets their values from there. */
  withheld: ReadonlySet<string>;
  path: string;
  log: Log;
}): Promise<ToolServer> {
  const { folders, isolation, users, log } = input;
  const socketPath = join(tmpdir(), `agent-tools-${randomBytes(8).toString('hex')}.sock`);
  const shell = join(folders.root, 'openclaw', 'tool-shell');
  const sockets = new Set<Socket>();

  const environmentOf = (request: ToolRequest): string[] => {
    const own = Object.entries(request.env).filter(
      ([name]) => /^[A-Za-z_]\w*$/.test(name) && !input.withheld.has(name),
    );
    return Object.entries({
      ...Object.fromEntries(own),
      PATH: input.path,
      HOME: folders.toolsHome,
      TMPDIR: folders.toolsTemporary,
      LANG: 'C.UTF-8',
      SHELL: '/bin/bash',
      ...(request.terminal ? { COMMAND: request.command, TERM: request.env.TERM ?? 'xterm' } : {}),
    }).map(([name, value]) => `${name}=${value}`);
  };

  const start = (request: ToolRequest): ChildProcess => {
    const bash = ['/bin/bash', '--noprofile', '--norc', '-c'];
    const { terminal } = request;
    // script(1) gives the command a terminal of its own: OpenClaw's belongs to another user's session.
    const command = terminal
      ? [
          'script',
          '--quiet',
          '--return',
          '--command',
          `stty rows ${terminal.rows} cols ${terminal.columns}; exec env --unset=COMMAND ${bash.join(' ')} "$COMMAND"`,
          '/dev/null',
        ]
      : [...bash, request.command];
    // The first to go when memory is short: a build that needs too much must not take OpenClaw or the bridge with it.
    const prepare =
      `umask 002; ulimit -u ${maxProcesses}; echo 1000 > /proc/self/oom_score_adj; ` +
      'cd -- "$1" && shift && exec env --ignore-environment "$@"';
    const [program, ...args] = isolation.asTools([
      ...bash,
      prepare,
      'tools',
      request.cwd,
      ...environmentOf(request),
      ...command,
    ]);
    return spawn(program as string, args, {
      cwd: '/',
      env: { PATH: input.path },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
  };

  const serve = (socket: Socket) => {
    const reader = new FrameReader();
    let child: ChildProcess | undefined;
    let over = false;
    sockets.add(socket);
    const signalGroup = (signal: NodeJS.Signals) => {
      if (over || !child?.pid) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Gone already.
      }
    };
    const run = (body: Buffer) => {
      const request = toolRequest.parse(JSON.parse(body.toString()));
      handOver(request.own, users);
      const started = start(request);
      child = started;
      const pass = (kind: 'output' | 'error') => (chunk: Buffer) => {
        if (socket.destroyed || socket.write(encodeFrame(kind, chunk))) return;
        const source = kind === 'output' ? started.stdout : started.stderr;
        source?.pause();
        socket.once('drain', () => source?.resume());
      };
      started.stdout?.on('data', pass('output'));
      started.stderr?.on('data', pass('error'));
      for (const stream of [started.stdin, started.stdout, started.stderr]) stream?.on('error', () => {});
      const closed = new Promise((resolve) => started.on('close', resolve));
      const tell = async (exit: ToolExit) => {
        await Promise.race([closed, delay(lastOutput)]);
        over = true;
        socket.end(encodeFrame('exit', JSON.stringify(exit)));
      };
      started.on('exit', (code, signal) => void tell({ code, signal }));
      started.on('error', (error) => {
        log('error', 'tool.not_started', { error: describeError(error) });
        void tell({ code: 126, signal: null });
      });
    };
    socket.on('data', (chunk) => {
      try {
        for (const { kind, body } of reader.read(chunk)) {
          if (kind === 'run' && !child) run(body);
          if (kind === 'input' && child?.stdin?.write(body) === false) {
            socket.pause();
            child.stdin.once('drain', () => socket.resume());
          }
          if (kind === 'inputEnd') child?.stdin?.end();
          if (kind === 'signal') signalGroup(signals[body.toString()] ?? 'SIGTERM');
        }
      } catch (error) {
        log('error', 'tool.bad_request', { error: describeError(error) });
        socket.destroy();
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      signalGroup('SIGKILL');
      // What waited to be passed on is read to its end: nobody hears it any more.
      child?.stdout?.resume();
      child?.stderr?.resume();
    });
  };

  const server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o660);
  chownSync(socketPath, 0, users.agent);
  rmSync(shell, { force: true });
  writeFileSync(
    shell,
    `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${toolShellEntry()}' '${socketPath}' '${folders.workspace}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    shell,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      endUser(users.tools);
      rmSync(socketPath, { force: true });
    },
  };
}

const signals: Readonly<Record<string, NodeJS.Signals>> = {
  SIGTERM: 'SIGTERM',
  SIGINT: 'SIGINT',
  SIGHUP: 'SIGHUP',
  SIGQUIT: 'SIGQUIT',
};
