import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Courier, RemoteError } from '../core/ports.ts';

/** Invokes the function that delivers, asynchronously: Lambda keeps the call and repeats it when it fails. */
export const lambdaCourier = (functionName: string, client = new LambdaClient({})): Courier => ({
  send: async (owner, { conversationId, id }) => {
    const Payload = JSON.stringify({ owner, conversationId, id });
    try {
      await client.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }));
    } catch (cause) {
      throw new RemoteError('the function that delivers could not be called', { reached: false, cause });
    }
  },
});
