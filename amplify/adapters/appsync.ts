import { toWire, type WireEvent } from '../core/event.ts';
import { type EventPublisher, RemoteError } from '../core/ports.ts';
import { type AwsCredentials, environmentCredentials } from './aws/credentials.ts';
import { signed } from './aws/signature.ts';

/** The whole event is selected: subscriptions are filtered by it and get nothing else. */
const mutation = `mutation Publish($owner: String!, $kind: String!, $conversationId: String, $messageId: String, $body: AWSJSON!) {
  systemPublish(owner: $owner, kind: $kind, conversationId: $conversationId, messageId: $messageId, body: $body) {
    owner kind conversationId messageId body
  }
}`;

/** One call takes this long at most, milliseconds: an answer must not hang on it. */
const timeoutMs = 3_000;

/** Publishes through the mutation `systemPublish`, signed with the function's own role. */
export function appsyncPublisher(options: {
  url: string;
  region: string;
  credentials?: () => AwsCredentials;
  fetch?: typeof fetch;
}): EventPublisher {
  const { region, credentials = environmentCredentials } = options;
  const send = options.fetch ?? fetch;

  const publish = async (variables: WireEvent): Promise<void> => {
    const url = new URL(options.url);
    const body = JSON.stringify({ query: mutation, variables });
    const { host: _, ...headers } = signed(
      { method: 'POST', url, headers: { 'content-type': 'application/json' }, body },
      { service: 'appsync', region, credentials: credentials(), now: new Date() },
    );
    let status: number;
    let text: string;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await send(url, { method: 'POST', headers, body, signal });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      throw new RemoteError('AppSync was not reached', { reached: false, cause });
    }
    if (status === 429 || status >= 500)
      throw new RemoteError(`AppSync is busy (${status})`, { reached: false });
    const fault = faultOf(text);
    if (status !== 200 || fault)
      throw new RemoteError(`AppSync refused (${status}): ${fault}`, { reached: true });
  };

  return {
    publish: async (owner, event) => {
      const variables = toWire(owner, event);
      try {
        await publish(variables);
      } catch (error) {
        if (!(error instanceof RemoteError) || error.reached) throw error;
        // Once more: hearing an event twice is harmless, they carry what they are about.
        await publish(variables);
      }
    },
  };
}

/** Type and message of the first GraphQL error; undefined when there is none. */
function faultOf(text: string): string | undefined {
  try {
    const { errors } = JSON.parse(text) as { errors?: { errorType?: string; message?: string }[] };
    const first = errors?.[0];
    return first && `${first.errorType ?? 'error'}: ${first.message ?? ''}`.slice(0, 300);
  } catch {
    return 'no JSON';
  }
}
