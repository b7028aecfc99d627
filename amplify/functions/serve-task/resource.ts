import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const serveTask = defineFunction({
  ...functionDefaults,
  name: 'serve-task',
});
