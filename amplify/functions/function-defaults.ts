/** What all functions have in common; each folder's resource.ts adds its name and where its code is. */
export const functionDefaults = {
  entry: './handler.ts',
  runtime: 24,
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMB: 512,
  resourceGroupName: 'data',
} as const;
