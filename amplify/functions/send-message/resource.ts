import { defineFunction } from '@aws-amplify/backend';

export const sendMessage = defineFunction({ name: 'send-message', runtime: 22, timeoutSeconds: 30, resourceGroupName: 'data' });
