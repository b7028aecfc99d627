import { type Courier, RemoteError } from '../core/ports.ts';
import { AwsClient, type AwsOptions } from './aws/client.ts';
import { readJsonFault } from './aws/json-client.ts';

/** Invokes the function that delivers, asynchronously: Lambda keeps the call and repeats it when it fails. */
export function lambdaCourier(functionName: string, options?: AwsOptions): Courier {
  const client = new AwsClient('lambda', readJsonFault, options);
  const url = new URL(
    `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    client.endpoint,
  );
  return {
    send: async (owner, { conversationId, id }) => {
      const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' };
      const body = JSON.stringify({ owner, conversationId, id });
      try {
        await client.send({ method: 'POST', url, headers, body });
      } catch (cause) {
        throw new RemoteError('the function that delivers could not be called', { reached: false, cause });
      }
    },
  };
}
