import { constants, createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readlink, realpath, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { maxAttachmentSize } from '../../../amplify/core/attachment.ts';

/** How the fault of a file begins that is not given because of its size. */
export const tooLarge = 'larger than';

/**
 * The child's side of workspace-files.ts: one file from standard input into the workspace (`put`), or from the workspace
 * to standard output (`get`). It runs as a user of the agent's, so a path can reach nothing that the agent could not.
 * `argv` is [action, workspace, path]. Returns the exit code; a fault is the last line on standard error.
 */
export async function runFileWorker([action, workspace = '', path = '']: readonly string[]): Promise<number> {
  process.umask(0o002);
  try {
    const root = await realpath(workspace);
    if (action === 'put') await put(root, path);
    else if (action === 'get') await get(root, path);
    else throw new Error(`unknown action ${action}`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

const isInside = (root: string, path: string): boolean => path.startsWith(root + sep);

async function put(root: string, path: string): Promise<void> {
  const target = resolve(root, path);
  await mkdir(dirname(target), { recursive: true });
  // A link in the agent's own folder may lead anywhere.
  const folder = await realpath(dirname(target));
  if (!isInside(root, target) || !isInside(root, join(folder, 'x'))) throw new Error('outside the workspace');
  // An earlier attempt of the same message may have left it, or half of it.
  await rm(target, { force: true });
  await pipeline(process.stdin, createWriteStream(target, { flags: 'wx', mode: 0o664 }));
}

async function get(root: string, path: string): Promise<void> {
  const file = await open(resolve(root, path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    // Looked at once it is open: what a name leads to can change.
    const real =
      process.platform === 'linux'
        ? await readlink(`/proc/self/fd/${file.fd}`)
        : await realpath(resolve(root, path));
    if (!isInside(root, real)) throw new Error('outside the workspace');
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('not a plain file');
    const { size } = stat;
    if (size > maxAttachmentSize) throw new Error(`${tooLarge} ${maxAttachmentSize} bytes`);
    if (size > 0)
      await pipeline(
        createReadStream('', { fd: file.fd, autoClose: false, end: size - 1 }),
        createWriteStream('', { fd: 1, autoClose: false }),
      );
  } finally {
    await file.close();
  }
}
