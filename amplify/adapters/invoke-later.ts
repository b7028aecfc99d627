import { RemoteError } from '../core/ports.ts';
import { AwsClient, type AwsOptions } from './aws/client.ts';
import { readJsonFault } from './aws/json-client.ts';

/**
 * Calls a function asynchronously: Lambda keeps the call and repeats it when it fails. Rejects with RemoteError when it
 * could not be handed over.
 */
export function invokeLater(
  functionName: string,
  options?: AwsOptions,
): (payload: Readonly<Record<string, unknown>>) => Promise<void> {
  const client = new AwsClient('lambda', readJsonFault, options);
  const url = new URL(
    `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    client.endpoint,
  );
  return async (payload) => {
    const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' };
    try {
      await client.send({ method: 'POST', url, headers, body: JSON.stringify(payload) });
    } catch (cause) {
      throw new RemoteError(`${functionName} could not be called`, { reached: false, cause });
    }
  };
}
