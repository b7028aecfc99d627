import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Ends what OpenClaw's tools left running: every process whose environment names this task's state folder (tools
 * inherit it from the gateway, and they may have left its process group). Only their own user can read that, so it
 * runs as the agent's user (snapshot/worker.ts). Linux only; elsewhere the group must do.
 */
export function killStrays(stateFolder: string, procFolder = '/proc'): number[] {
  if (process.platform !== 'linux') return [];
  // Where /proc shows another process-id namespace than ours, its numbers name other processes.
  if (readlinkSync(`${procFolder}/self`) !== String(process.pid)) return [];
  const mark = `OPENCLAW_STATE_DIR=${stateFolder}`;
  const killed: number[] = [];
  for (const name of readdirSync(procFolder)) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const variables = readFileSync(`${procFolder}/${pid}/environ`, 'latin1').split('\0');
      if (!variables.includes(mark)) continue;
      process.kill(pid, 'SIGKILL');
      killed.push(pid);
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return killed;
}
