import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const wakeAgent = defineFunction({
  ...functionDefaults,
  name: 'wake-agent',
});
