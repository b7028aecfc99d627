import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const manageKey = defineFunction({
  ...functionDefaults,
  name: 'manage-key',
});
