import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const eraseData = defineFunction({
  ...functionDefaults,
  name: 'erase-data',
});
