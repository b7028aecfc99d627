import { describe, expect, test } from 'vitest';
import { errorCodeOf } from './error.ts';
import { type Event, fromWire, toWire } from './event.ts';

const place = {
  conversationId: '0199a000-0000-7000-8000-00000000000c',
  messageId: '0199a000-0000-7000-8000-000000000001',
};
const delta: Event = {
  kind: 'message.delta',
  ...place,
  epoch: 1,
  attempt: 1,
  seq: 1,
  offset: 0,
  text: 'He said "안녕"',
};
const wire = toWire('ann', delta);

describe('an event', () => {
  test('comes out of its envelope as it went in, also when its body was encoded twice', () => {
    expect(wire).toMatchObject({ owner: 'ann', kind: 'message.delta', ...place });
    expect(fromWire(wire)).toEqual(delta);
    expect(fromWire({ ...wire, body: JSON.stringify(wire.body) })).toEqual(delta);
  });

  test.each([
    ['nothing', null],
    ['a text', 'message.delta'],
    ['no owner', { ...wire, owner: undefined }],
    ['a body that is not JSON', { ...wire, body: '{"seq":1' }],
    ['a body that is a number', { ...wire, body: '7' }],
    ['a kind that does not exist', { ...wire, kind: 'message.erased' }],
    ['no message', { ...wire, messageId: null }],
    ['an id that is none', { ...wire, messageId: '../../etc/passwd' }],
    ['a place that is no number', { ...wire, body: JSON.stringify({ ...delta, offset: 'far' }) }],
    ['a negative place', { ...wire, body: JSON.stringify({ ...delta, offset: -1 }) }],
  ])('with %s is event.malformed', (_, value) => {
    let code = 'no fault';
    try {
      fromWire(value);
    } catch (error) {
      code = errorCodeOf(error);
    }
    expect(code).toBe('event.malformed');
  });

  test('takes kind and place from the envelope that was filtered, never from its body', () => {
    const lying = { ...JSON.parse(wire.body), kind: 'settings.changed', messageId: place.conversationId };
    expect(fromWire({ ...wire, body: JSON.stringify(lying) })).toEqual(delta);
  });

  test('that breaks the contract is not sent at all', () => {
    expect(() => toWire('ann', { ...delta, seq: 0 } as Event)).toThrow();
  });
});
