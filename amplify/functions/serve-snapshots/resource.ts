import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const serveSnapshots = defineFunction({
  ...functionDefaults,
  name: 'serve-snapshots',
});
