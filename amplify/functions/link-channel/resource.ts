import { defineFunction } from '@aws-amplify/backend';
import { functionDefaults } from '../function-defaults.ts';

export const linkChannel = defineFunction({
  ...functionDefaults,
  name: 'link-channel',
});
