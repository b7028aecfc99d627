import { createHash, createHmac } from 'node:crypto';
import type { AwsCredentials } from './credentials.ts';

/** A request that is to be signed. Everything in `headers` is signed; `host` is taken from the URL. */
export interface Signable {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Who signs, for which service, and when. */
export interface Signing {
  /** As it stands in a credential's scope: `dynamodb`, `s3`, `appsync`. */
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly now: Date;
}

const algorithm = 'AWS4-HMAC-SHA256';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** RFC 3986: everything but letters, digits and `-._~`. */
const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Signature Version 4 in headers. Gives all headers to send, `host` among them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signed(request: Signable, by: Signing): Record<string, string> {
  const { sessionToken } = by.credentials;
  const payload = sha256(request.body ?? '');
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    'x-amz-date': stamp(by.now),
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    // S3 wants to be told. The others compute it, and AWS's own clients tell them all the same.
    'x-amz-content-sha256': payload,
  };
  const { names, signature } = sign(request, headers, payload, by);
  const credential = `${by.credentials.accessKeyId}/${scopeOf(by)}`;
  return {
    ...headers,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/**
 * A URL of S3 that whoever holds it may use for `expiresIn` seconds, with exactly the given headers.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presigned(
  request: Omit<Signable, 'body'>,
  by: Signing & { readonly expiresIn: number },
): string {
  const { accessKeyId, sessionToken } = by.credentials;
  const headers = { ...request.headers, host: request.url.host };
  const url = new URL(request.url);
  const query = {
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
    'X-Amz-Credential': `${accessKeyId}/${scopeOf(by)}`,
    'X-Amz-Date': stamp(by.now),
    'X-Amz-Expires': String(by.expiresIn),
    'X-Amz-SignedHeaders': namesOf(headers),
    ...(sessionToken && { 'X-Amz-Security-Token': sessionToken }),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const { signature } = sign({ ...request, url }, headers, 'UNSIGNED-PAYLOAD', by);
  // Written as it was signed: URLSearchParams would write a space as a plus.
  url.search = `${queryOf(url)}&X-Amz-Signature=${signature}`;
  return url.href;
}

function sign(request: Signable, headers: Record<string, string>, payload: string, by: Signing) {
  const names = namesOf(headers);
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/\s+/g, ' ')] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  const canonical = [
    request.method,
    pathOf(request.url, by.service),
    queryOf(request.url),
    lines,
    names,
    payload,
  ].join('\n');
  const text = [algorithm, stamp(by.now), scopeOf(by), sha256(canonical)].join('\n');
  const day = hmac(`AWS4${by.credentials.secretAccessKey}`, stamp(by.now).slice(0, 8));
  const key = hmac(hmac(hmac(day, by.region), by.service), 'aws4_request');
  return { names, signature: hmac(key, text).toString('hex') };
}

const namesOf = (headers: Readonly<Record<string, string>>): string =>
  Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort()
    .join(';');

/** S3 signs a path as it stands, the others escape it once more. */
const pathOf = (url: URL, service: string): string =>
  url.pathname
    .split('/')
    .map((part) => escaped(service === 's3' ? decodeURIComponent(part) : part))
    .join('/');

const queryOf = (url: URL): string =>
  [...url.searchParams]
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .sort(([a, one], [b, other]) => (a === b ? (one < other ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** ISO 8601 in the short form, `20260501T090000Z`. */
const stamp = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, '');

const scopeOf = ({ now, region, service }: Signing): string =>
  `${stamp(now).slice(0, 8)}/${region}/${service}/aws4_request`;
