import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const sweepIdle = defineFunction({
  ...functionDefaults,
  name: 'sweep-idle',
  schedule: 'every 5m',
});
