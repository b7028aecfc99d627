import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const pushAnswer = defineFunction({
  ...functionDefaults,
  name: 'push-answer',
});
