import { defineFunction } from '@aws-amplify/backend';

export const serveSnapshots = defineFunction({
  name: 'serve-snapshots',
  entry: './handler.ts',
  runtime: 24,
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMB: 512,
  resourceGroupName: 'data',
});
