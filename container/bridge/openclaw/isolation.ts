import { accessSync, chownSync, constants, readFileSync, statSync } from 'node:fs';
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
  /** Gives a path to the agent's user. */
  give(path: string): void;
}

const none: Isolation = { separateUser: false, wrap: (command) => command, give: () => {} };

/**
 * As root on Linux: OpenClaw gets its own user, no capabilities and no way to gain privileges (setpriv(1)).
 * Elsewhere: nothing can be kept apart, and the gateway's exec mode is `ask`.
 */
export function detectIsolation(): Isolation {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return none;
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
  };
}

/**
 * Finds a folder on the way to `path` that another user may not pass, or undefined.
 * A checkout below a home folder of mode 0700 is the common case: the agent's user could not load its own packages.
 */
export function closedFolder(path: string, isolation: Isolation): string | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    const stat = statSync(folder);
    if (isolation.separateUser) {
      const own = stat.uid === agentId && (stat.mode & 0o100) !== 0;
      if (!own && (stat.mode & 0o001) === 0) return folder;
    } else {
      try {
        accessSync(folder, constants.X_OK);
      } catch {
        return folder;
      }
    }
    if (folder === dirname(folder)) return undefined;
  }
}
