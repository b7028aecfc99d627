import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const retryMessage = defineFunction({
  ...functionDefaults,
  name: 'retry-message',
});
