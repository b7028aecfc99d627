import { createHash } from 'node:crypto';
import { lineOf } from '../core/metric.ts';
import type { Log, OwnerHash } from '../core/ports.ts';

/** The first 12 hex digits of the owner's SHA-256. */
export const ownerHash: OwnerHash = (owner) => createHash('sha256').update(owner).digest('hex').slice(0, 12);

/** One JSON object a line. DEPLOYMENT names the deployment that metrics count for (environment.ts). */
export const log: Log = (entry) => {
  const now = new Date();
  const { DEPLOYMENT = '' } = process.env;
  process.stdout.write(`${lineOf({ at: now.toISOString(), ...entry }, DEPLOYMENT, now.getTime())}\n`);
};
