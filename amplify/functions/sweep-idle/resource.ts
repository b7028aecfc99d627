import { defineFunction } from '@aws-amplify/backend';

export const sweepIdle = defineFunction({
  name: 'sweep-idle',
  entry: './handler.ts',
  runtime: 24,
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMB: 512,
  resourceGroupName: 'data',
  schedule: 'every 5m',
});
