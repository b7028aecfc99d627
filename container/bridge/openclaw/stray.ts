import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/**
 * Ends what OpenClaw's tools left running: every process whose environment names this task's state folder (what
 * it starts inherits it, and may have left its process group). Only their own user can read that, so it runs as the
 * agent's user (snapshot/worker.ts). Linux only; elsewhere the group must do. Tools with a user of their own: endUser.
 */
export function killStrays(stateFolder: string, procFolder = '/proc'): number[] {
  const mark = `OPENCLAW_STATE_DIR=${stateFolder}`;
  return killThose(procFolder, (process) =>
    readFileSync(`${process}/environ`, 'latin1').split('\0').includes(mark),
  );
}

/** Ends every process of a user that only this task's tools have, also those that begin meanwhile. */
export function endUser(user: number, procFolder = '/proc'): void {
  for (let round = 0; round < maxRounds; round++) {
    if (killThose(procFolder, (process) => statSync(process).uid === user && isAlive(process)).length === 0)
      return;
  }
}

/** A process that makes others as fast as it can is met again in the next round. */
const maxRounds = 50;

/** Not a zombie: those are gone and only waited for. */
const isAlive = (process: string) => !/^State:\s*[ZX]/m.test(readFileSync(`${process}/status`, 'latin1'));

function killThose(procFolder: string, isMeant: (process: string) => boolean): number[] {
  if (process.platform !== 'linux') return [];
  // Where /proc shows another process-id namespace than ours, its numbers name other processes.
  if (readlinkSync(`${procFolder}/self`) !== String(process.pid)) return [];
  const killed: number[] = [];
  for (const name of readdirSync(procFolder)) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!isMeant(`${procFolder}/${pid}`)) continue;
      process.kill(pid, 'SIGKILL');
      killed.push(pid);
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return killed;
}
