import { signed } from '../../../amplify/adapters/aws/signature.ts';
import type { Credentials } from './credentials.ts';

/** Signs a POST to AppSync (Signature Version 4). Gives all headers to send, `host` among them. */
export function signPost(input: {
  url: URL;
  body: string;
  headers: Readonly<Record<string, string>>;
  region: string;
  credentials: Credentials;
  now: Date;
}): Record<string, string> {
  const { url, body, headers, region, credentials, now } = input;
  const by = { service: 'appsync', region, credentials, now };
  return signed({ method: 'POST', url, headers, body }, by);
}
