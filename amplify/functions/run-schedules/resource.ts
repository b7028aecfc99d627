import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const runSchedules = defineFunction({
  ...functionDefaults,
  name: 'run-schedules',
  schedule: 'every 1m',
});
