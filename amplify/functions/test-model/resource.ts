import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const testModel = defineFunction({
  ...functionDefaults,
  name: 'test-model',
});
