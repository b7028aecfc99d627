import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from './iam/canonical-signer.ts';
import {
  AwsError,
  type CloudContext,
  type HttpReply,
  type HttpRequest,
  type Iam,
  type SessionCredentials,
} from './service.ts';

/**
 * Requests that one service makes of another on a role's behalf, such as a resolver's to DynamoDB. They are signed
 * as any client's would be, so that the same verification and the same policies apply; only the network is left out.
 */
export function createInternalRequests(options: {
  iam: Iam;
  region: string;
  endpoint: string;
  now?: () => Date;
  route: (request: HttpRequest) => Promise<HttpReply>;
}): CloudContext['request'] {
  const sessions = new Map<string, SessionCredentials>();
  const now = options.now ?? (() => new Date());

  function credentialsOf(roleArn: string, sessionName: string): SessionCredentials {
    const key = `${roleArn} ${sessionName}`;
    const known = sessions.get(key);
    if (known && known.expiration.getTime() - now().getTime() > 5 * 60_000) return known;
    const fresh = options.iam.assumeRole({ roleArn, sessionName });
    sessions.set(key, fresh);
    return fresh;
  }

  return async ({ roleArn, sessionName, service, target, body }) => {
    const url = new URL('/', options.endpoint);
    const text = JSON.stringify(body);
    const signer = new SignatureV4({
      service,
      region: options.region,
      credentials: credentialsOf(roleArn, sessionName),
      sha256: Sha256,
    });
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        port: Number(url.port),
        path: '/',
        headers: { host: url.host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
        body: text,
      },
      { signingDate: now() },
    );
    const reply = await options.route({
      method: 'POST',
      url,
      rawPath: '/',
      headers: signed.headers,
      body: Buffer.from(text),
    });
    const answer = JSON.parse(String(reply.body ?? '{}'));
    if (reply.status >= 400) {
      const { __type, message, Message, ...details } = answer;
      const code =
        String(__type ?? 'InternalFailure')
          .split('#')
          .at(-1) ?? '';
      throw new AwsError(code, String(message ?? Message ?? code), reply.status, details);
    }
    return answer;
  };
}
