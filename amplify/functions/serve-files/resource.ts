import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const serveFiles = defineFunction({
  ...functionDefaults,
  name: 'serve-files',
});
