import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Holds a name on this machine for as long as this process lives; false when another process holds it. A socket rather
 * than a file with a process id: tasks on one machine may each have process ids of their own.
 */
export async function takeLock(name: string): Promise<boolean> {
  const path = join(tmpdir(), `agent-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.sock`);
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
    // Somebody else's socket that we may not speak to is held all the same.
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES'));
  });
}
