import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { takeLock } from './lock.ts';

/** The users of one task; each has a group of the same number. */
export interface TaskUsers {
  /** OpenClaw, and the work on its state. */
  readonly agent: number;
  /** Every command that OpenClaw runs. OpenClaw is in its group, never the other way round. */
  readonly tools: number;
}

/** The image's users. Where tasks share a machine, the next task has the next two. */
export const imageUsers: TaskUsers = { agent: 10001, tools: 10002 };
const tasksOnOneMachine = 1_000;

/** CAP_SETPCAP, without which the bounding set cannot be emptied (capabilities(7)). */
const setPcap = 8n;

/** How the bridge, OpenClaw and its tools are kept apart. */
export interface Isolation {
  /** undefined: all run as one user, and commands ask for approval. */
  readonly users: TaskUsers | undefined;
  /** Turns a command into one that runs as OpenClaw's user. */
  asAgent(command: readonly string[]): readonly string[];
  /** Turns a command into one that runs as the tools' user. */
  asTools(command: readonly string[]): readonly string[];
  /** Gives a path to OpenClaw's user. Afterwards the bridge may not reach into it: its task has no CAP_DAC_OVERRIDE. */
  give(path: string): void;
  /** Gives a path to the tools' user. */
  giveTools(path: string): void;
  /** Gives a folder to the tools' user, for OpenClaw to work in too: what is made in it belongs to their common group. */
  share(folder: string): void;
  /** Lets OpenClaw's user, and not its tools, read a file that stays the bridge's own. */
  show(path: string): void;
}

const none: Isolation = {
  users: undefined,
  asAgent: (command) => command,
  asTools: (command) => command,
  give: () => {},
  giveTools: () => {},
  share: () => {},
  show: () => {},
};

/**
 * As root on Linux: OpenClaw and its tools get a user each, no capabilities and no way to gain privileges (setpriv(1)).
 * Elsewhere, and where those users could not reach `entries` (OpenClaw's package, the tools' shell) and `home`, nothing
 * can be kept apart, and the gateway's exec mode is `ask`. `obstacle` then says why, for the log.
 */
export async function detectIsolation(
  entries: readonly string[],
  home: string,
): Promise<{ isolation: Isolation; obstacle?: string }> {
  if (process.platform !== 'linux')
    return { isolation: none, obstacle: `no user switch on ${process.platform}` };
  if (process.getuid?.() !== 0) return { isolation: none, obstacle: 'not started as root' };
  const users = await freeUsers();
  const isolation = separateUsers(users);
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o755);
  const canRead = 'for (const path of process.argv.slice(1)) require("node:fs").accessSync(path, 4)';
  const [program, ...args] = isolation.asAgent([process.execPath, '-e', canRead, ...entries, home]);
  const probe = spawnSync(program as string, args, { env: {}, cwd: '/', encoding: 'utf8' });
  if (probe.status === 0) return { isolation };
  const closed = [...entries, process.execPath, home]
    .map(closedFolder)
    .find((folder) => folder !== undefined);
  const obstacle = closed
    ? `user ${users.agent} may not pass ${closed}: open it for others (chmod o+x) or move the checkout out of it`
    : `user ${users.agent} cannot run ${process.execPath} or read ${[...entries, home].join(', ')}: ${probe.error?.message ?? probe.stderr.slice(0, 300)}`;
  return { isolation: none, obstacle };
}

/** Users that no other task on this machine has: what runs as the tools' user is ended with its task. */
async function freeUsers(): Promise<TaskUsers> {
  for (let n = 0; n < tasksOnOneMachine; n++) {
    const users = { agent: imageUsers.agent + 2 * n, tools: imageUsers.tools + 2 * n };
    if (await takeLock(`user-${users.agent}`)) return users;
  }
  throw new Error(`${tasksOnOneMachine} tasks already run on this machine`);
}

function separateUsers(users: TaskUsers): Isolation {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const mayEmptyBoundingSet = ((BigInt(`0x${effective}`) >> setPcap) & 1n) === 1n;
  const become = (user: number, groups: string) => [
    'setpriv',
    `--reuid=${user}`,
    `--regid=${user}`,
    groups,
    '--no-new-privs',
    '--inh-caps=-all',
    ...(mayEmptyBoundingSet ? ['--bounding-set=-all'] : []),
  ];
  const agent = become(users.agent, `--groups=${users.tools}`);
  const tools = become(users.tools, '--clear-groups');
  return {
    users,
    asAgent: (command) => [...agent, ...command],
    asTools: (command) => [...tools, ...command],
    give: (path) => chownSync(path, users.agent, users.agent),
    giveTools: (path) => chownSync(path, users.tools, users.tools),
    share: (folder) => {
      // In this order: who has given a folder away may not change its mode any more.
      chmodSync(folder, 0o2770);
      chownSync(folder, users.tools, users.tools);
    },
    show: (path) => {
      chmodSync(path, 0o640);
      chownSync(path, 0, users.agent);
    },
  };
}

/**
 * The folder on the way to `path` that other users may not pass, or undefined. A checkout below a home folder of
 * mode 0700 is the common case.
 */
export function closedFolder(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
