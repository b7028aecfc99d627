import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** What the message said, as the browser reads it. */
  readonly message: unknown;
}

/** For tests: a browser and the push service that takes messages for it, over HTTP. */
export interface PushServiceUnderTest {
  /** Where the service is. */
  readonly origin: string;
  /** What the browser gives to whom it lets push to it. */
  readonly subscription: { endpoint: string; p256dh: string; auth: string };
  readonly received: readonly Received[];
  /** What it answers with from now on. */
  status: number;
  close(): Promise<void>;
}

/** Starts one that takes only messages that this application server signed and that its browser can read. */
export async function startPushService(publicKey: () => string): Promise<PushServiceUnderTest> {
  const browser = createECDH('prime256v1');
  browser.generateKeys();
  const auth = randomBytes(16);
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { headers, url = '' } = request;
    if (request.method !== 'POST' || !isSigned(headers.authorization ?? '', publicKey(), service.origin)) {
      return response.writeHead(403).end();
    }
    if (!headers.ttl || headers['content-encoding'] !== 'aes128gcm') return response.writeHead(400).end();
    const message = JSON.parse(decrypt(Buffer.concat(chunks), browser, auth).toString());
    received.push({ path: url, headers, message });
    response.writeHead(service.status, { location: `${service.origin}/message` }).end('taken');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service: PushServiceUnderTest = {
    origin,
    subscription: {
      endpoint: `${origin}/push/the-browser`,
      p256dh: browser.getPublicKey('base64url'),
      auth: auth.toString('base64url'),
    },
    received,
    status: 201,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return service;
}

/** RFC 8292: a token of this key for this service, that is still good, and no longer than a day. */
function isSigned(header: string, publicKey: string, origin: string): boolean {
  const [, head = '', body = '', signature = '', key] =
    /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(header) ?? [];
  if (key !== publicKey) return false;
  const point = Buffer.from(key, 'base64url');
  const coordinate = (from: number) => point.subarray(from, from + 32).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) };
  const verifier = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', Buffer.from(`${head}.${body}`), verifier, Buffer.from(signature, 'base64url'))) {
    return false;
  }
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const { aud, exp, sub } = read(body);
  const left = exp - Date.now() / 1000;
  return read(head).alg === 'ES256' && aud === origin && left > 0 && left <= 86_400 && /^mailto:/.test(sub);
}

/** RFC 8291 and 8188 from the browser's side: one record. */
function decrypt(body: Buffer, browser: ReturnType<typeof createECDH>, auth: Buffer): Buffer {
  const [salt, length] = [body.subarray(0, 16), body[20] ?? 0];
  const senderKey = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  const hkdf = (key: Uint8Array, with_: Uint8Array, info: Uint8Array | string, size: number) =>
    Buffer.from(hkdfSync('sha256', key, with_, info, size));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), senderKey]);
  const shared = hkdf(browser.computeSecret(senderKey), auth, info, 32);
  const key = hkdf(shared, salt, 'Content-Encoding: aes128gcm\0', 16);
  const opener = createDecipheriv('aes-128-gcm', key, hkdf(shared, salt, 'Content-Encoding: nonce\0', 12));
  opener.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()]);
  const end = plain.lastIndexOf(2);
  if (end < 0 || plain.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('not a last record');
  return plain.subarray(0, end);
}
