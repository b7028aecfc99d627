import { chownSync, closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { TaskUsers } from '../openclaw/isolation.ts';

/** O_PATH of open(2), which Node does not name: a handle on the place itself, for which nothing of it need be readable. */
const pathOnly = 0o10000000;

/**
 * Makes files that OpenClaw made in the workspace its tools' own, as they would be without separate users: chmod and
 * git ask for the owner. The paths come from a process that the model steers, so nothing is concluded from them: what is
 * given away is exactly what is OpenClaw's and in the tools' group already, through a handle that stays on it. Files
 * outside the workspace are in OpenClaw's own group. Returns how many were given.
 */
export function handOver(paths: readonly string[], users: TaskUsers): number {
  let given = 0;
  for (const path of paths) {
    let handle: number | undefined;
    try {
      handle = openSync(path, pathOnly | constants.O_NOFOLLOW);
      const stat = fstatSync(handle);
      const isMade = stat.uid === users.agent && stat.gid === users.tools;
      if (!isMade || !(stat.isFile() || stat.isDirectory())) continue;
      chownSync(`/proc/self/fd/${handle}`, users.tools, users.tools);
      given++;
    } catch {
      // It went meanwhile, or lies where the bridge may not go.
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }
  return given;
}
