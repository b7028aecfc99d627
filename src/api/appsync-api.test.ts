import { afterEach, describe, expect, test, vi } from 'vitest';
import { toWire } from '../../amplify/core/event.ts';
import { Unreachable } from './api-error.ts';
import { createAppsyncApi } from './appsync-api.ts';

const endpoint = 'https://abc.appsync-api.eu-west-1.amazonaws.com/graphql';
const conversationId = '0199a000-0000-7000-8000-00000000000c';
const id = '0199a000-0000-7000-8000-000000000001';

interface Call {
  url: string;
  authorization: string | null;
  query: string;
  variables: unknown;
}

/** Answers every request of the browser's `fetch` with this. */
function answer(respond: () => Response | Promise<Response>) {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body));
    calls.push({ url, authorization: new Headers(init.headers).get('authorization'), ...body });
    return respond();
  });
  return { calls, api: createAppsyncApi({ endpoint, token: async () => 'a-token' }) };
}
const data = (value: object) => () => Response.json({ data: value });
const fault = (error: object) => () => Response.json({ data: null, errors: [error] });

afterEach(() => vi.unstubAllGlobals());

describe('a call', () => {
  test('names the field, passes the variables and carries the token', async () => {
    const row = {
      conversationId,
      id,
      text: 'hi',
      status: 'queued',
      attempt: 1,
      acceptedAt: '2026-01-01T00:00:00.000Z',
    };
    const { calls, api } = answer(data({ sendMessage: JSON.stringify(row) }));
    expect(await api.sendMessage(conversationId, id, 'hi')).toMatchObject({
      id,
      answer: '',
      tools: [],
      channel: 'web',
    });
    expect(calls).toMatchObject([
      { url: endpoint, authorization: 'a-token', variables: { conversationId, id, text: 'hi' } },
    ]);
    expect(calls[0]?.query).toContain(
      'sendMessage(conversationId: $conversationId, id: $id, text: $text, attachments: $attachments)',
    );
  });

  test('that gives an event gives it unpacked', async () => {
    const conversation = {
      id: conversationId,
      title: 'new',
      createdAt: '2026-01-01T00:00:00.000Z',
      activeAt: '2026-01-01T00:00:00.000Z',
    };
    const event = { kind: 'conversation.changed' as const, conversationId, conversation };
    const { api } = answer(data({ renameConversation: toWire('ann', event) }));
    expect(await api.renameConversation(conversationId, 'new')).toEqual(event);
  });

  test('for what is not there gives null', async () => {
    expect(await answer(data({ getAgent: null })).api.getAgent()).toBeNull();
    expect(await answer(data({ getMessage: null })).api.getMessage(conversationId, id)).toBeNull();
  });

  test('gives settings only in the shape that is agreed', async () => {
    const { api } = answer(
      data({ getSettings: JSON.stringify({ settings: { idleSeconds: 'soon' }, revision: 1 }) }),
    );
    await expect(api.getSettings()).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('what goes wrong', () => {
  test.each([
    [{ errorType: 'message.queue_full', message: 'too many' }, 'message.queue_full'],
    [
      { errorType: 'Lambda:Unhandled', message: 'message.clock_off: 2026-01-01T00:00:00.000Z' },
      'message.clock_off',
    ],
    [{ errorType: 'Unauthorized', message: 'Not Authorized to access getAgent' }, 'unauthorized'],
    [{ errorType: 'UnauthorizedException', message: 'Token has expired.' }, 'unauthorized'],
    [{ message: 'anything' }, 'internal'],
  ])('%j is %s', async (error, code) => {
    await expect(answer(fault(error)).api.getAgent()).rejects.toMatchObject({ code });
  });

  test('the server’s time comes with the fault of a clock that is off', async () => {
    const { api } = answer(fault({ message: 'message.clock_off: 2026-01-01T00:00:00.000Z' }));
    await expect(api.getAgent()).rejects.toThrow('message.clock_off: 2026-01-01T00:00:00.000Z');
  });

  test('no network, a busy or a broken backend are something else than a refusal', async () => {
    for (const respond of [
      () => Promise.reject(new TypeError('Failed to fetch')),
      () => new Response('', { status: 503 }),
      () => new Response('', { status: 429 }),
      () => new Response('<html>'),
    ]) {
      await expect(answer(respond).api.getAgent()).rejects.toBeInstanceOf(Unreachable);
    }
  });

  test('an ended session is told as that', async () => {
    await expect(answer(() => new Response('', { status: 401 })).api.getAgent()).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});
