import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Inbox } from '../inbox/inbox.ts';
import { inboxRoute } from '../inbox/inbox-route.ts';
import { outputsRoute } from './outputs-route.ts';
import { responseHeaders } from './response-headers.ts';
import { siteRoute } from './site.ts';
import { startWebServer, type WebServer } from './web-server.ts';

const index = '<!doctype html><html><head><title>x</title></head></html>';
const endpoint = 'http://127.0.0.1:4301';
const customHttp = fileURLToPath(new URL('../../../customHttp.yml', import.meta.url));

let folder: string;
let server: WebServer;
let inbox: Inbox;
let errors: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web-'));
  mkdirSync(join(folder, 'site', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'site', 'index.html'), index);
  writeFileSync(join(folder, 'site', 'assets', 'app-1a2b.js'), 'run()');
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  inbox = new Inbox(join(folder, 'inbox.json'));
  const headersOf = responseHeaders(customHttp, endpoint);
  errors = [];
  server = await startWebServer({
    port: 0,
    headersOf,
    onError: (error) => errors.push(error),
    routes: [
      outputsRoute({ custom: { modelNotice: null } }),
      inboxRoute(inbox, headersOf),
      siteRoute(join(folder, 'site')),
    ],
  });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

/** A raw request: fetch would normalise paths and refuse to set Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: server.port, path, method, headers },
        async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        },
      );
      asked.once('error', reject).end();
    },
  );
}

describe('the local web server', () => {
  test('gives the app for every page of it, as it was built', async () => {
    for (const path of ['/', '/c/0199', '/settings']) {
      const page = await get(path);
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.body).toBe(index);
    }
  });

  test('has no page for a file that is not there', async () => {
    expect((await get('/assets/gone.js')).status).toBe(404);
    expect((await get('/favicon.ico')).status).toBe(404);
  });

  test('never leaves its folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
    ]) {
      const reply = await get(path);
      expect(reply.body).not.toContain('outside');
      expect(reply.status).toBe(404);
    }
    expect((await get('/%zz')).status).toBe(400);
    expect((await get('/a%00.js')).status).toBe(400);
  });

  test('answers to its own names only, so that a rebound name reads nothing', async () => {
    expect((await get('/amplify_outputs.json', { host: 'evil.example' })).status).toBe(421);
    expect((await get('/inbox/mails.json', { host: '127.0.0.1.evil.example' })).status).toBe(421);
    expect((await get('/', { host: 'localhost:4300' })).status).toBe(200);
  });

  test('only reads', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
    const head = await get('/', {}, 'HEAD');
    expect([head.status, head.body]).toEqual([200, '']);
  });

  test('keeps hashed files for ever and asks for pages anew', async () => {
    const asset = await get('/assets/app-1a2b.js');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const page = await get('/');
    expect(page.headers['cache-control']).toBe('no-cache');
    expect((await get('/', { 'if-none-match': String(page.headers.etag) })).status).toBe(304);
  });

  test('lets scripts come from itself alone and connect to itself and the local cloud alone', async () => {
    const policy = String((await get('/')).headers['content-security-policy']);
    const rules = Object.fromEntries(
      policy.split(';').map((rule) => [rule.trim().split(' ')[0], rule.trim().split(' ').slice(1)]),
    );
    expect(rules['script-src']).toEqual(["'self'"]);
    expect(rules['connect-src']).toEqual(["'self'", endpoint, 'ws://127.0.0.1:4301']);
    expect(rules['default-src']).toEqual(["'none'"]);
    expect(rules['frame-ancestors']).toEqual(["'none'"]);
    expect((await get('/')).headers).not.toHaveProperty('strict-transport-security');
  });
});

describe('the inbox', () => {
  test('shows a code at once to a page that is open, and to one that opens later', async () => {
    const events = await fetch(`${server.url}/inbox/events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('retry');
    inbox.add({ to: 'a@example.com', subject: 'Code', text: 'Your code is 123456.' }, new Date(0));
    expect((await reader?.read())?.value).toContain('"code":"123456"');
    await reader?.cancel();
    const mails = JSON.parse((await get('/inbox/mails.json')).body);
    expect(mails).toEqual([
      {
        at: '1970-01-01T00:00:00.000Z',
        to: 'a@example.com',
        subject: 'Code',
        text: 'Your code is 123456.',
        code: '123456',
      },
    ]);
  });

  test('keeps its mails over a restart', () => {
    inbox.add({ to: 'a@example.com', subject: 'Hello', text: 'No code.' }, new Date(0));
    const again = new Inbox(join(folder, 'inbox.json'));
    expect(again.mails.map((mail) => [mail.subject, mail.code])).toEqual([['Hello', undefined]]);
  });

  test('is a page of its own, with nothing in line that the policy would stop', async () => {
    const page = await get('/inbox');
    expect(page.body).toContain('<h1');
    expect(page.body).not.toMatch(/<style|style=|\son\w+=|<script>/);
    expect((await get('/inbox/inbox.js')).status).toBe(200);
    expect((await get('/inbox/inbox.css')).headers['content-type']).toContain('text/css');
  });
});
