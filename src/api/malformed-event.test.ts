import { afterEach, expect, test, vi } from 'vitest';
import { type Event, toWire } from '../../amplify/core/event.ts';
import { createAppsyncApi } from './appsync-api.ts';

afterEach(() => vi.restoreAllMocks());

const changed: Event = { kind: 'settings.changed' };

/** A page's events over a socket that is played by hand. */
async function openEvents() {
  const socket = {
    onopen: null,
    onclose: null,
    onmessage: null as ((event: { data: string }) => void) | null,
    send: () => {},
    close: vi.fn(),
  };
  const api = createAppsyncApi(
    { endpoint: 'https://api.example.com/graphql', token: async () => 'a-token' },
    () => socket as unknown as WebSocket,
  );
  const heard: Event[] = [];
  const lost = vi.fn();
  const stream = api.openEvents({
    onEvent: (event) => heard.push(event),
    onConnected: () => {},
    onDisconnected: lost,
  });
  await vi.waitFor(() => expect(socket.onmessage).not.toBeNull());
  const get = (frame: object) => socket.onmessage?.({ data: JSON.stringify(frame) });
  const event = (onEvent: unknown) => get({ type: 'data', id: '1', payload: { data: { onEvent } } });
  get({ type: 'connection_ack' });
  get({ type: 'start_ack', id: '1' });
  return { heard, lost, event, get, stream };
}

test.each([
  ['null', null],
  ['of a kind that this page does not know yet', { ...toWire('ann', changed), kind: 'galaxy.born' }],
  ['whose body is cut off', { ...toWire('ann', changed), body: '{"a":' }],
])(
  'an event that is %s is left out, and the next one is heard over the same connection',
  async (_, broken) => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { heard, lost, event, stream } = await openEvents();
    event(broken);
    event(toWire('ann', changed));
    expect(heard).toEqual([changed]);
    expect(warned).toHaveBeenCalledTimes(1);
    expect(lost).not.toHaveBeenCalled();
    stream.close();
  },
);

test('a frame without data or of an unknown type changes nothing', async () => {
  const { heard, lost, event, get, stream } = await openEvents();
  get({ type: 'data', id: '1', payload: { data: null, errors: [{ message: 'Cannot return null' }] } });
  get({ type: 'data', id: '1' });
  get({ type: 'greeting' });
  event(toWire('ann', changed));
  expect(heard).toEqual([changed]);
  expect(lost).not.toHaveBeenCalled();
  stream.close();
});
