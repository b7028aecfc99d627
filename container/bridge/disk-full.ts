import type { ErrorCode } from '../../amplify/core/error.ts';

/** What Node and commands say of a full disk, and what SQLite does. */
const words = /ENOSPC|no space left on device|database or disk is full/i;

/** The code of a failure that has none of its own, by what it says. */
export const codeOfFailure = (detail: string): ErrorCode =>
  words.test(detail) ? 'agent.disk_full' : 'internal';
