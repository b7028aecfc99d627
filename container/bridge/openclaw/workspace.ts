import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Isolation } from './isolation.ts';

/** The folders of one task, made empty at its start: what lasts comes out of the snapshot. */
export interface AgentFolders {
  readonly root: string;
  /** The bridge's own, closed to the agent. */
  readonly bridge: string;
  /** The agent's: everything below belongs to its user. */
  readonly state: string;
  readonly workspace: string;
  readonly home: string;
  readonly temporary: string;
  readonly configuration: string;
  /** Node's compiled code of OpenClaw: the only folder that is kept from one task to the next on the same machine. */
  readonly cache: string;
}

const tasksOnOneMachine = 50;

/**
 * Makes the task's folders. In a container `home` is the task's own; where tasks share a machine, a folder that a
 * living task holds is left alone and `home-2`, `home-3`… is taken.
 */
export async function prepareFolders(home: string, isolation: Isolation): Promise<AgentFolders> {
  for (let n = 1; n <= tasksOnOneMachine; n++) {
    const root = n === 1 ? home : `${home}-${n}`;
    mkdirSync(root, { recursive: true });
    chmodSync(root, 0o755);
    if (!(await takeLock(root))) continue;
    const folders = {
      root,
      bridge: join(root, 'bridge'),
      state: join(root, 'state'),
      workspace: join(root, 'workspace'),
      home: join(root, 'home'),
      temporary: join(root, 'tmp'),
      configuration: join(root, 'openclaw', 'openclaw.json'),
      cache: join(root, 'cache'),
    };
    if (!existsSync(folders.cache)) {
      mkdirSync(folders.cache, { mode: 0o700 });
      isolation.give(folders.cache);
    }
    for (const name of ['bridge', 'state', 'workspace', 'home', 'tmp', 'openclaw']) {
      const folder = join(root, name);
      rmSync(folder, { recursive: true, force: true });
      // OpenClaw's configuration stays the bridge's: the agent reads it and cannot change it.
      mkdirSync(folder, { mode: name === 'openclaw' && isolation.separateUser ? 0o755 : 0o700 });
      if (name !== 'bridge' && name !== 'openclaw') isolation.give(folder);
    }
    return folders;
  }
  throw new Error(`${tasksOnOneMachine} tasks already hold ${home} and its neighbours`);
}

/**
 * Holds a socket named after the folder for as long as this process lives. A socket rather than a file with a process
 * id: tasks on one machine may each have process ids of their own.
 */
async function takeLock(root: string): Promise<boolean> {
  const path = join(tmpdir(), `agent-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.sock`);
  for (let tries = 0; tries < 2; tries++) {
    const server = createServer((socket) => socket.destroy());
    const held = await new Promise<boolean>((resolve, reject) => {
      server.once('listening', () => resolve(true));
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(path);
    });
    if (held) {
      server.unref();
      return true;
    }
    if (await answers(path)) return false;
    rmSync(path, { force: true });
  }
  return false;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(true));
    socket.on('connect', () => socket.destroy());
    socket.on('error', () => resolve(false));
  });
}
