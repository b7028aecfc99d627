import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const deliverMessage = defineFunction({
  ...functionDefaults,
  name: 'deliver-message',
});
