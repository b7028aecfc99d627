import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const telegramWebhook = defineFunction({
  ...functionDefaults,
  name: 'telegram-webhook',
});
