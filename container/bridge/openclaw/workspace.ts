import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CompiledCode, linkCode } from './compiled-code.ts';
import type { Isolation } from './isolation.ts';
import { takeLock } from './lock.ts';

/** The folders of one task, made empty at its start: what lasts comes out of the snapshot. */
export interface AgentFolders {
  readonly root: string;
  /** The bridge's own, closed to the agent. */
  readonly bridge: string;
  /** OpenClaw's own, closed to its tools. */
  readonly state: string;
  readonly home: string;
  readonly temporary: string;
  /** Where OpenClaw and its tools work. */
  readonly workspace: string;
  /** The tools' own. */
  readonly toolsHome: string;
  readonly toolsTemporary: string;
  readonly configuration: string;
  /**
   * Node's compiled code of OpenClaw: the image's, or the task's own. Then it is the only folder that is kept from one task
   * to the next on the same machine.
   */
  readonly cache: string;
}

const tasksOnOneMachine = 50;

/**
 * Makes the task's folders. In a container `home` is the task's own; where tasks share a machine, a folder that a
 * living task holds is left alone and `home-2`, `home-3`… is taken. `code`: what the image brings compiled.
 */
export async function prepareFolders(
  home: string,
  isolation: Isolation,
  code?: CompiledCode,
): Promise<AgentFolders> {
  for (let n = 1; n <= tasksOnOneMachine; n++) {
    const root = n === 1 ? home : `${home}-${n}`;
    mkdirSync(root, { recursive: true });
    chmodSync(root, 0o755);
    if (!(await takeLock(root))) continue;
    const folders = {
      root,
      bridge: join(root, 'bridge'),
      state: join(root, 'state'),
      home: join(root, 'home'),
      temporary: join(root, 'tmp'),
      workspace: join(root, 'workspace'),
      toolsHome: join(root, 'tools-home'),
      toolsTemporary: join(root, 'tools-tmp'),
      configuration: join(root, 'openclaw', 'openclaw.json'),
      cache: join(root, 'cache'),
    };
    const { users } = isolation;
    const isOurs = existsSync(folders.cache) && (!users || statSync(folders.cache).uid === users.agent);
    if (code)
      linkCode(
        code,
        makeFolder(folders.cache, 0o755),
        users ? [users.agent, users.tools] : [process.getuid?.() ?? 0],
      );
    else if (!isOurs) isolation.give(makeFolder(folders.cache, 0o700));
    makeFolder(folders.bridge, 0o700);
    // OpenClaw's configuration stays the bridge's: the agent reads it and cannot change it.
    makeFolder(dirname(folders.configuration), users ? 0o755 : 0o700);
    for (const folder of [folders.state, folders.home, folders.temporary])
      isolation.give(makeFolder(folder, 0o700));
    for (const folder of [folders.toolsHome, folders.toolsTemporary])
      isolation.giveTools(makeFolder(folder, 0o700));
    isolation.share(makeFolder(folders.workspace, 0o700));
    return folders;
  }
  throw new Error(`${tasksOnOneMachine} tasks already hold ${home} and its neighbours`);
}

/** An empty folder in the place of whatever was there. */
function makeFolder(folder: string, mode: number): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode });
  return folder;
}
