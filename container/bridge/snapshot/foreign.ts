import { agentDatabase } from '../openclaw/reconcile.ts';
import { checkPath, placeOf, staysInside } from './entry-rules.ts';
import { type TarEntry, TarError } from './tar.ts';

/**
 * Archives that somebody else made: an export of this app, `openclaw backup create`, a tar of ~/.openclaw. OpenClaw's
 * folder lies somewhere in them. Of it a snapshot takes the agent's conversations, media and workspace; what
 * configures OpenClaw, its credentials, approvals and schedules stay where they are.
 */

/** Beside the database while it is in use: rows that are not in it yet. */
const log = `${agentDatabase}-wal`;

const plain = (path: string): string => {
  checkPath(path);
  return path.replace(/^(\.\/+)+/, '').replace(/^\.$/, '');
};

/** Looks for OpenClaw's folder while an archive is read. */
export class RootSearch {
  #root: string | undefined;
  #isLive = false;

  see({ path, type, size }: TarEntry): void {
    const name = plain(path);
    if (type !== 'file') return;
    if (size > 0 && (name === log || name.endsWith(`/${log}`))) this.#isLive = true;
    if (name !== agentDatabase && !name.endsWith(`/${agentDatabase}`)) return;
    const root = name.slice(0, -agentDatabase.length);
    // The outermost: a workspace may hold a copy.
    if (this.#root === undefined || root.length < this.#root.length) this.#root = root;
  }

  /** What every path in that folder begins with. Throws TarError when there is none, or it was copied while in use. */
  found(): string {
    if (this.#root === undefined) throw new TarError('it holds no agent of OpenClaw');
    if (this.#isLive)
      throw new TarError('it was made while OpenClaw was running, and lacks what was said last');
    return this.#root;
  }
}

/** An entry of such an archive as a snapshot has it; undefined when it is left out. Throws TarError for a path that goes up. */
export function fromRoot(root: string, entry: TarEntry): TarEntry | undefined {
  const name = plain(entry.path);
  if (!name.startsWith(root) || entry.type === 'hardlink') return undefined;
  const inner = { ...entry, path: name.slice(root.length) };
  const [top, ...rest] = inner.path.split('/');
  if (entry.type === 'symlink')
    return top === 'workspace' && staysInside(rest.join('/'), entry.target ?? '') ? inner : undefined;
  if (inner.path === '') return undefined;
  const isOther =
    entry.type === 'file' && top !== 'workspace' && top !== 'media' && inner.path !== agentDatabase;
  return isOther || placeOf(inner) === undefined ? undefined : inner;
}
