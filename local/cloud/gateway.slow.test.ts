import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGateway, type Gateway, listen } from './gateway.ts';
import { AwsError, type AwsService } from './service.ts';

const page = 'http://localhost:5173';
const service: AwsService = {
  name: 'echo',
  accepts: ({ rawPath }) => !rawPath.startsWith('/other'),
  async handle({ rawPath, url, body, method }) {
    if (rawPath === '/denied') throw new AwsError('AccessDenied', 'no', 403, { more: 1 });
    if (rawPath === '/broken') throw new Error('a secret of ours');
    return {
      status: 200,
      headers: { 'x-own': 'yes' },
      body: JSON.stringify({ method, rawPath, query: url.search, body: body.toString() }),
    };
  },
  close: async () => {},
};
const own: AwsService = {
  ...service,
  name: 'own',
  ownCors: true,
  accepts: ({ rawPath }) => rawPath.startsWith('/own-rules'),
};
const ready = Promise.withResolvers<void>();
const logged: unknown[] = [];
let gateway: Gateway;
let port = 0;
beforeAll(async () => {
  gateway = createGateway({
    services: () => [own, service],
    corsOrigins: [page],
    log: (event) => logged.push(event),
    ready: ready.promise,
  });
  port = await listen(gateway.server, 0);
});
afterAll(() => {
  gateway.server.close();
  gateway.server.closeAllConnections();
});

function send(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { method = 'POST', headers = {}, body } = options;
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    },
  );
}

test('requests wait until the services are up', async () => {
  let answered = false;
  const early = send('/early').then((reply) => {
    answered = true;
    return reply;
  });
  // A request that came later, and needs no service, is answered first.
  expect((await send('/', { headers: { host: 'evil.example' } })).status).toBe(421);
  expect(answered).toBe(false);
  ready.resolve();
  expect((await early).status).toBe(200);
});

test('a request reaches the first service that takes it', async () => {
  const { status, text, headers } = await send('/a%20b?c=d', { body: 'hi' });
  expect(status).toBe(200);
  expect(headers['x-own']).toBe('yes');
  expect(JSON.parse(text)).toEqual({ method: 'POST', rawPath: '/a%20b', query: '?c=d', body: 'hi' });
});

test('what no service takes is refused by name', async () => {
  expect(await send('/other/path')).toMatchObject({
    status: 404,
    text: expect.stringContaining('POST /other/path'),
  });
  const target = await send('/other', { headers: { 'x-amz-target': 'Kinesis.PutRecord' } });
  expect(target).toMatchObject({ status: 400, text: expect.stringContaining('Kinesis.PutRecord') });
  const authorization =
    'AWS4-HMAC-SHA256 Credential=ASIA/20261123/us-east-1/sts/aws4_request, SignedHeaders=host';
  const query = await send('/other', {
    headers: { authorization },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  expect(query.text).toContain('sts GetCallerIdentity');
});

test('a host name that is not loopback is refused, which ends DNS rebinding', async () => {
  expect((await send('/', { headers: { host: 'evil.example' } })).status).toBe(421);
  expect((await send('/', { headers: { host: `localhost:${port}` } })).status).toBe(200);
});

test('only the configured pages may call', async () => {
  const allowed = await send('/', { headers: { origin: page } });
  expect(allowed).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': page } });
  const preflight = await send('/', {
    method: 'OPTIONS',
    headers: {
      origin: page,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'x-a',
    },
  });
  expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-headers': 'x-a' } });
  expect(await send('/', { headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 403 });
  expect(await send('/', { headers: { origin: 'null' } })).toMatchObject({ status: 403 });
});

test('a service with CORS rules of its own decides who may call it', async () => {
  const reply = await send('/own-rules', {
    method: 'OPTIONS',
    headers: { origin: 'https://other.example' },
  });
  expect(reply.status).toBe(200);
  expect(reply.headers['access-control-allow-origin']).toBeUndefined();
});

test("errors have the form of the service's protocol, and say nothing of ours", async () => {
  const rest = await send('/denied');
  expect(rest).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } });
  const json = await send('/denied', {
    headers: { 'x-amz-target': 'X.Y', 'content-type': 'application/x-amz-json-1.1' },
  });
  expect(json).toMatchObject({ status: 400, headers: { 'content-type': 'application/x-amz-json-1.1' } });
  expect(JSON.parse(json.text)).toEqual({ __type: 'AccessDeniedException', message: 'no', more: 1 });
  const broken = await send('/broken');
  expect(broken.status).toBe(500);
  expect(broken.text).not.toContain('secret');
  expect(JSON.stringify(logged)).toContain('a secret of ours');
});
