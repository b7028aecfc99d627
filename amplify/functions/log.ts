import { createHash } from 'node:crypto';
import type { Log, OwnerHash } from '../core/ports.ts';

/** The first 12 hex digits of the owner's SHA-256. */
export const ownerHash: OwnerHash = (owner) => createHash('sha256').update(owner).digest('hex').slice(0, 12);

/** One JSON object a line. */
export const log: Log = (entry) => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
};
