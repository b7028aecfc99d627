import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { taskIdOf } from '../../cloud/ecs/task.ts';
import { type FaultPorts, type Hit, hit, target } from './fault-ports.ts';

/** statfs(2): what is mounted is a tmpfs, the task's own disk. */
const tmpfs = 0x01021994;

/**
 * The disk that the task's folders lie on is full for a while: every write there fails with ENOSPC, as on Fargate when
 * its 20 GB are used up. Hits where tasks have a disk of their own (task-disk.ts: as root on Linux).
 */
export async function fillDisk(ports: FaultPorts, lasts: number): Promise<Hit> {
  const running = await target(ports, ({ bridge }) => bridge !== undefined);
  if (running?.processes.bridge === undefined) return hit(undefined);
  // Its mounts are its own: the way to them leads through it.
  const folder = join(`/proc/${running.processes.bridge}/root`, ports.stack.disk.folder);
  const ballast = join(folder, 'ballast');
  try {
    if (statfsSync(folder).type !== tmpfs) return hit(undefined);
    fill(ballast);
  } catch {
    // It ended before it could be hit.
    return hit(undefined);
  }
  await delay(lasts);
  rmSync(ballast, { force: true });
  return hit(`${taskIdOf(running.task.taskArn).slice(0, 6)} for ${lasts} ms`);
}

function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(65_536);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
}
