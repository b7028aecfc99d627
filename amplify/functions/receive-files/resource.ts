import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const receiveFiles = defineFunction({
  ...functionDefaults,
  name: 'receive-files',
  // It asks a channel again for a minute (core/channel/receive-files.ts) and brings ten files at most.
  timeoutSeconds: 120,
});
