import { defineStorage } from '@aws-amplify/backend';

/**
 * Snapshots and files, below `owners/<sub>/`. No rule of Amplify Storage: they are reached by presigned URLs from
 * functions only. Kept when a branch is deleted; a sandbox always takes its bucket with it.
 */
export const storage = defineStorage({ name: 'files', keepOnDelete: true });
