import { AwsClient, type AwsOptions, type ReadFault } from './client.ts';
import { AwsFault } from './fault.ts';

/** A service that speaks AWS JSON. */
export interface JsonService {
  /** As it is signed for and as its address begins. */
  readonly name: string;
  /** What stands before an operation's name in `x-amz-target`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

/** Calls an operation. Throws AwsFault when it is refused. */
export type CallOperation = <Output>(operation: string, input: object) => Promise<Output>;

/** A client of a service that speaks AWS JSON: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export function jsonClient(service: JsonService, options?: AwsOptions): CallOperation {
  const client = new AwsClient(service.name, readJsonFault, options);
  return async <Output>(operation: string, input: object) => {
    const { text } = await client.send({
      method: 'POST',
      url: client.endpoint,
      headers: {
        'content-type': `application/x-amz-json-${service.version}`,
        'x-amz-target': `${service.target}.${operation}`,
      },
      body: JSON.stringify(input),
    });
    return (text === '' ? {} : JSON.parse(text)) as Output;
  };
}

/** The code stands in a header or in the body, behind a namespace and before a colon with an address. */
export const readJsonFault: ReadFault = (status, headers, text) => {
  const body = recordOf(text);
  const named = headers.get('x-amzn-errortype') ?? body.__type ?? body.code;
  const code = /(?:^|#)([^#:]+)(?::.*)?$/.exec(String(named ?? ''))?.[1] ?? 'UnknownError';
  return new AwsFault(code, String(body.message ?? body.Message ?? `${status} ${code}`), status, body);
};

function recordOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
