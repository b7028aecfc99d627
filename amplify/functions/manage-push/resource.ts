import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const managePush = defineFunction({
  ...functionDefaults,
  name: 'manage-push',
});
