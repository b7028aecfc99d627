import { defineFunction } from '@aws-amplify/backend';

export const manageKey = defineFunction({
  name: 'manage-key',
  entry: './handler.ts',
  runtime: 24,
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMB: 512,
  resourceGroupName: 'data',
});
