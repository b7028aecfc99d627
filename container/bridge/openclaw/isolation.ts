import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The image's user for OpenClaw and its tools. */
export const agentId = 10001;
/** CAP_SETPCAP, without which the bounding set cannot be emptied (capabilities(7)). */
const setPcap = 8n;

/** How OpenClaw's processes are kept apart from the bridge. */
export interface Isolation {
  /** Whether they run as another user. Without one their commands ask for approval. */
  readonly separateUser: boolean;
  /** Turns a command into one that runs as the agent's user. */
  wrap(command: readonly string[]): readonly string[];
  /** Gives a path to the agent's user. Afterwards the bridge may not reach into it: its task has no CAP_DAC_OVERRIDE. */
  give(path: string): void;
  /** Lets the agent's user read a file that stays the bridge's own. */
  show(path: string): void;
}

const none: Isolation = { separateUser: false, wrap: (command) => command, give: () => {}, show: () => {} };

/**
 * As root on Linux: OpenClaw gets its own user, no capabilities and no way to gain privileges (setpriv(1)).
 * Elsewhere, and where that user could not reach `entry` (OpenClaw's package) and `home`, nothing can be kept apart, and the
 * gateway's exec mode is `ask`. `obstacle` then says why, for the log.
 */
export function detectIsolation(entry: string, home: string): { isolation: Isolation; obstacle?: string } {
  if (process.platform !== 'linux')
    return { isolation: none, obstacle: `no user switch on ${process.platform}` };
  if (process.getuid?.() !== 0) return { isolation: none, obstacle: 'not started as root' };
  const isolation = separateUser();
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o755);
  const canRead = 'for (const path of process.argv.slice(1)) require("node:fs").accessSync(path, 4)';
  const [program, ...args] = isolation.wrap([process.execPath, '-e', canRead, entry, home]);
  const probe = spawnSync(program as string, args, { env: {}, cwd: '/', encoding: 'utf8' });
  if (probe.status === 0) return { isolation };
  const closed = [entry, process.execPath, home].map(closedFolder).find((folder) => folder !== undefined);
  const obstacle = closed
    ? `user ${agentId} may not pass ${closed}: open it for others (chmod o+x) or move the checkout out of it`
    : `user ${agentId} cannot run ${process.execPath} or read ${entry} and ${home}: ${probe.error?.message ?? probe.stderr.slice(0, 300)}`;
  return { isolation: none, obstacle };
}

function separateUser(): Isolation {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const mayEmptyBoundingSet = ((BigInt(`0x${effective}`) >> setPcap) & 1n) === 1n;
  const setpriv = [
    'setpriv',
    `--reuid=${agentId}`,
    `--regid=${agentId}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    ...(mayEmptyBoundingSet ? ['--bounding-set=-all'] : []),
  ];
  return {
    separateUser: true,
    wrap: (command) => [...setpriv, ...command],
    give: (path) => chownSync(path, agentId, agentId),
    show: (path) => {
      chmodSync(path, 0o640);
      chownSync(path, 0, agentId);
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
