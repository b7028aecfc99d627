import { describe, expect, test } from 'vitest';
import { fromWire } from '../core/event.ts';
import { appsyncPublisher } from './appsync.ts';

const event = { kind: 'settings.changed' } as const;
type Reply = Response | Error;

/** A publisher whose calls get these replies, one after another. */
function publisher(...replies: Reply[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const answer = async (url: unknown, init?: RequestInit): Promise<Response> => {
    calls.push({ url: String(url), init: init ?? {} });
    const reply = replies[calls.length - 1];
    if (reply instanceof Error || !reply) throw reply ?? new Error('one call too many');
    return reply;
  };
  const credentials = () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' });
  const url = 'https://x.appsync-api.us-east-1.amazonaws.com/graphql';
  return {
    calls,
    publisher: appsyncPublisher({ url, region: 'us-east-1', credentials, fetch: answer as typeof fetch }),
  };
}
const ok = () => Response.json({ data: { systemPublish: { owner: 'ann' } } });

test('an event goes out signed, whole, and selects everything that subscriptions filter by', async () => {
  const { calls, publisher: one } = publisher(ok());
  await one.publish('ann', event);
  const { query, variables } = JSON.parse(String(calls[0]?.init.body));
  expect(variables.owner).toBe('ann');
  expect(fromWire(variables)).toEqual(event);
  expect(query.replaceAll(/\s+/g, ' ')).toContain('{ owner kind conversationId messageId body }');
  const headers = calls[0]?.init.headers as Record<string, string>;
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/appsync\/aws4_request/,
  );
  expect(headers['x-amz-security-token']).toBe('token');
});

describe('a refusal is told from not being reached', () => {
  test.each([
    [
      'a GraphQL error',
      Response.json({ data: null, errors: [{ errorType: 'Unauthorized', message: 'no' }] }),
    ],
    [
      'a bad signature',
      Response.json({ errors: [{ errorType: 'BadRequest', message: 'x' }] }, { status: 403 }),
    ],
  ])('%s is final', async (_name, reply) => {
    const { calls, publisher: one } = publisher(reply);
    await expect(one.publish('ann', event)).rejects.toMatchObject({ name: 'RemoteError', reached: true });
    expect(calls).toHaveLength(1);
  });
  test.each([
    ['no answer', new TypeError('fetch failed')],
    ['a busy service', new Response('', { status: 503 })],
    ['throttling', new Response('', { status: 429 })],
  ])('%s is tried once more', async (_name, reply) => {
    const again = publisher(reply, ok());
    await again.publisher.publish('ann', event);
    expect(again.calls).toHaveLength(2);
    const gone = publisher(reply, new TypeError('fetch failed'));
    await expect(gone.publisher.publish('ann', event)).rejects.toMatchObject({ reached: false });
    expect(gone.calls).toHaveLength(2);
  });
});
