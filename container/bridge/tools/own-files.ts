import {
  closeSync,
  constants,
  type Dirent,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { join } from 'node:path';

const groupMay = 0o060;
const groupMayEnter = 0o070;
/** Neither a link nor a pipe that somebody put in the place meanwhile is followed. */
const careful = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens what this process's user made in a folder to the folder's group, and lists it. OpenClaw's file tools make files
 * of mode 0600 whatever the umask; its commands run as another user, who has to work with them.
 */
export function openOwnFiles(folder: string, user: number): string[] {
  const own: string[] = [];
  const walk = (path: string) => {
    let children: Dirent[];
    try {
      children = readdirSync(path, { withFileTypes: true });
    } catch {
      return; // A folder that a command closed to others is its own affair.
    }
    for (const child of children) {
      if (!child.isFile() && !child.isDirectory()) continue;
      const place = join(path, child.name);
      if (lstatSync(place, { throwIfNoEntry: false })?.uid === user && open(place, user)) own.push(place);
      if (child.isDirectory()) walk(place);
    }
  };
  walk(folder);
  return own;
}

function open(path: string, user: number): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, careful);
    const stat = fstatSync(descriptor);
    if (stat.uid !== user || !(stat.isFile() || stat.isDirectory())) return false;
    const wanted = stat.isDirectory() ? groupMayEnter : groupMay;
    if ((stat.mode & wanted) !== wanted) fchmodSync(descriptor, (stat.mode & 0o7777) | wanted);
    return true;
  } catch {
    return false; // It went meanwhile.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
