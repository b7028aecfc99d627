import { defineFunction } from '@aws-amplify/backend';

export const retryMessage = defineFunction({ name: 'retry-message', runtime: 22, timeoutSeconds: 30, resourceGroupName: 'data' });
