import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const manageSchedules = defineFunction({
  ...functionDefaults,
  name: 'manage-schedules',
});
