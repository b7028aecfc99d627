import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from './credentials.ts';

/** Signs a POST to AppSync (Signature Version 4). Gives all headers to send, `host` among them. */
export async function signPost(input: {
  url: URL;
  body: string;
  headers: Readonly<Record<string, string>>;
  region: string;
  credentials: Credentials;
}): Promise<Record<string, string>> {
  const { url } = input;
  const signer = new SignatureV4({
    service: 'appsync',
    region: input.region,
    credentials: input.credentials,
    sha256: Sha256,
  });
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port ? { port: Number(url.port) } : {}),
      path: url.pathname,
      headers: { ...input.headers, host: url.host },
      body: input.body,
    }),
  );
  return signed.headers;
}
