import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const taskChanged = defineFunction({
  ...functionDefaults,
  name: 'task-changed',
});
