import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../amplify/core/error.ts';
import { describeError, type Log } from '../log.ts';
import { startToolServer } from '../tools/tool-server.ts';
import { type GatewaySetup, gatewayConfiguration, gatewayEnvironment, programPath } from './configuration.ts';
import { connectGateway, type GatewayClient } from './gateway-client.ts';
import type { Isolation } from './isolation.ts';
import { killStrays } from './stray.ts';
import { Tail } from './tail.ts';
import type { AgentFolders } from './workspace.ts';

export interface Gateway {
  readonly client: GatewayClient;
  readonly pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<GatewayExit>;
  /** Asks it to end and waits `graceMs`; then ends it and everything that it started. */
  stop(graceMs: number): Promise<void>;
  /** Ends it and everything that it started, at once. */
  kill(): void;
}

export interface GatewayExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lastLines: string;
}

/** A cold start on half a CPU took 25 s; a gateway that is not there after this will not come. */
const bootTimeout = 180_000;
const pollEvery = 50;
/** Runs a command whose files its group may write: in the workspace that is the tools' group, elsewhere its own. */
const groupWritable = ['/bin/sh', '-c', 'umask 002; exec "$@"', 'openclaw'];

/** The installed package beside the bundle (`/app`), or beside `bridge/` when the sources run. */
export function openclawEntry(): string {
  for (const folder of [
    import.meta.dirname,
    join(import.meta.dirname, '..'),
    join(import.meta.dirname, '../..'),
  ]) {
    const entry = join(folder, 'node_modules', 'openclaw', 'openclaw.mjs');
    if (existsSync(entry)) return entry;
  }
  throw new AppError('agent.start_failed', {
    detail: 'the openclaw package is not installed beside the bridge',
  });
}

/** A port on loopback that nobody listens on at present. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts OpenClaw's gateway with an environment made from nothing and waits until it accepts requests.
 * Throws `agent.start_failed` with the exit code and its last lines, retryable when it ended by itself.
 */
export async function startGateway(input: {
  entry: string;
  folders: AgentFolders;
  isolation: Isolation;
  setup: Omit<GatewaySetup, 'secrets'>;
  /** What OpenClaw shows the model proxy. */
  modelKey: string;
  log: Log;
  /** Ends the process when aborted, also while it boots. */
  signal: AbortSignal;
}): Promise<Gateway> {
  const { entry, folders, isolation, log } = input;
  const secrets = { token: randomBytes(24).toString('hex'), modelKey: input.modelKey };
  const port = await freePort();
  // Made anew rather than written over: the file of an earlier start is not writable without CAP_DAC_OVERRIDE.
  rmSync(folders.configuration, { force: true });
  writeFileSync(
    folders.configuration,
    JSON.stringify(
      gatewayConfiguration({ ...input.setup, secrets: isolation.users ? undefined : secrets }),
      null,
      1,
    ),
    {
      mode: 0o600,
    },
  );
  isolation.show(folders.configuration);

  const nodeFolder = dirname(process.execPath);
  const tools = isolation.users
    ? await startToolServer({
        folders,
        isolation,
        users: isolation.users,
        withheld: new Set(Object.keys(gatewayEnvironment(folders, nodeFolder, { shell: '', secrets }))),
        path: programPath(nodeFolder),
        log,
      })
    : undefined;
  const [program, ...args] = isolation.asAgent([
    ...groupWritable,
    process.execPath,
    entry,
    'gateway',
    '--port',
    `${port}`,
  ]);
  const child = spawn(program as string, args, {
    cwd: folders.root,
    env: gatewayEnvironment(folders, nodeFolder, tools && { shell: tools.shell, secrets }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  log('info', 'openclaw.started', { pid: child.pid, port });
  const tail = new Tail(Object.values(secrets));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of tail.add(chunk)) log('debug', 'openclaw.log', { line });
    });
  }
  const exited = new Promise<GatewayExit>((resolve) => {
    const report = (code: number | null, signal: string | null) =>
      resolve({ code, signal, lastLines: tail.text() });
    child.on('error', (error) => {
      tail.add(`${describeError(error)}\n`);
      report(null, null);
    });
    child.on('close', report);
    // A tool that outlives the gateway keeps its pipes open: `close` then never comes.
    child.on('exit', (code, signal) => setTimeout(() => report(code, signal), 500));
  });
  const kill = () => {
    signalGroup(child, 'SIGKILL');
    tools?.close();
    killStrays(folders.state);
  };
  input.signal.addEventListener('abort', kill, { once: true });
  void exited.then(() => input.signal.removeEventListener('abort', kill));
  try {
    const client = await connectWhenReady(port, secrets.token, exited);
    return {
      client,
      pid: child.pid as number,
      exited,
      kill,
      stop: async (graceMs) => {
        signalGroup(child, 'SIGTERM', true);
        await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
        kill();
        await exited;
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals, leaderOnly = false): void {
  if (child.pid === undefined) return;
  try {
    process.kill(leaderOnly ? child.pid : -child.pid, signal);
  } catch {
    // Gone already.
  }
}

async function connectWhenReady(
  port: number,
  token: string,
  exited: Promise<GatewayExit>,
): Promise<GatewayClient> {
  const deadline = Date.now() + bootTimeout;
  let exit: GatewayExit | undefined;
  void exited.then((value) => {
    exit = value;
  });
  let last: unknown;
  while (!exit && Date.now() < deadline) {
    try {
      return await connectGateway(port, token);
    } catch (error) {
      last = error;
      await Promise.race([delay(pollEvery), exited]);
    }
  }
  const detail = exit
    ? `openclaw ended with ${exit.signal ?? `exit code ${exit.code}`}\n${exit.lastLines}`
    : `openclaw was not ready after ${bootTimeout / 1000} s: ${describeError(last)}`;
  throw new AppError('agent.start_failed', { detail: detail.slice(-1_500), retryable: exit !== undefined });
}
