import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const sendMessage = defineFunction({
  ...functionDefaults,
  name: 'send-message',
});
