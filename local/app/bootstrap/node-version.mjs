// @ts-check
import { Fault } from './fault.mjs';

/** What runs the two commands on a bare clone; everything after runs on the Node that the packages bring. */
export const oldestNode = 20;

/**
 * Throws a Fault when this Node is too old to install with, or the system is one that we have no Node for.
 * @param {string} version `process.versions.node`
 * @param {NodeJS.Platform} platform
 */
export function checkNode(version = process.versions.node, platform = process.platform) {
  if (Number(version.split('.')[0]) < oldestNode) {
    throw new Fault(
      `This is Node ${version}; it takes Node ${oldestNode} or later.`,
      'Install a current Node (https://nodejs.org). The project then brings the exact version that it runs on.',
    );
  }
  if (platform === 'win32') {
    throw new Fault(
      'Windows itself is not supported: running tasks takes POSIX signals.',
      'Use WSL 2 (https://learn.microsoft.com/windows/wsl) and clone the project inside it.',
    );
  }
}
