import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { modelCaller } from './model-caller.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(
  answer: (body: string, end: (status: number, text: string) => void) => void,
): Promise<number> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => answer(body, (status, text) => response.writeHead(status).end(text)));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const call = (url: string) => ({ url, headers: {}, body: '{"model":"m"}' });
const anywhere = modelCaller({ reach: 'any', timeoutMs: 5_000 });

test('a model beside us is asked where that is allowed', async () => {
  const port = await serve((body, end) => end(200, body));
  expect(await anywhere(call(`http://127.0.0.1:${port}/v1`))).toEqual({
    ...{ outcome: 'answered', status: 200, text: '{"model":"m"}' },
  });
});

test.each(['127.0.0.1', 'localhost', '[::1]', '127.1', '2130706433', '[::ffff:127.0.0.1]'])(
  'nothing at %s is asked where it is not',
  async (host) => {
    let asked = 0;
    const port = await serve((_, end) => {
      asked += 1;
      end(200, '{}');
    });
    const outside = modelCaller({ reach: 'public', timeoutMs: 5_000 });
    expect(await outside(call(`http://${host}:${port}/v1`))).toMatchObject({ outcome: 'unreachable' });
    expect(asked).toBe(0);
  },
);

test('a redirect is an answer, not a way', async () => {
  const port = await serve((_, end) => end(302, 'elsewhere'));
  expect(await anywhere(call(`http://127.0.0.1:${port}/`))).toMatchObject({
    outcome: 'answered',
    status: 302,
  });
});

test('what does not answer is told as such', async () => {
  const port = await serve(() => {});
  const quick = modelCaller({ reach: 'any', timeoutMs: 50 });
  expect(await quick(call(`http://127.0.0.1:${port}/`))).toMatchObject({ outcome: 'timeout' });
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  expect(await anywhere(call(`http://127.0.0.1:${port}/`))).toEqual({
    ...{ outcome: 'unreachable', detail: 'ECONNREFUSED' },
  });
});

test('an endless answer is read no further than needed', async () => {
  const port = await serve((_, end) => end(200, 'x'.repeat(1_000_000)));
  const answer = await anywhere(call(`http://127.0.0.1:${port}/`));
  expect(answer.outcome === 'answered' && answer.text.length).toBe(64 * 1024);
});
