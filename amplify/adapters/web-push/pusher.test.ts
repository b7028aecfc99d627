import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../../core/ports.ts';
import type { PushDevice } from '../../core/push/device.ts';
import type { ModelReach } from '../../core/settings.ts';
import { type PushServiceUnderTest, startPushService } from './push-service-under-test.ts';
import { webPusher } from './pusher.ts';
import { newAccess } from './vapid.ts';

const access = newAccess('mailto:operator@example.com');
const end = {
  ...{ key: 'm:1', title: '점심', body: 'Noodles at noon.', language: 'ko' },
  ...{ conversationId: 'c', messageId: '0199a000-0000-7000-8000-000000000001' },
};
let service: PushServiceUnderTest;
let logged: Parameters<Log>[0][];
beforeAll(async () => {
  service = await startPushService(() => access.publicKey);
});
afterAll(() => service.close());
beforeEach(() => {
  logged = [];
  service.status = 201;
});

const device = (): PushDevice => ({
  ...{ ...service.subscription, owner: 'ann', id: '1', name: '', language: 'ko', showsText: true },
  savedAt: '2026-05-01T09:00:00.000Z',
});
const push = (to: Partial<PushDevice> = {}, { reach = 'any', by = access }: Given = {}) =>
  webPusher(by, { reach, now: Date.now, log: (entry) => void logged.push(entry) }).push(
    { ...device(), ...to },
    end,
  );
interface Given {
  reach?: ModelReach;
  by?: typeof access;
}

describe('A push', () => {
  test('is signed, encrypted for its browser, and kept for a day under its message', async () => {
    expect(await push()).toBe('sent');
    const [first] = service.received;
    expect(first).toMatchObject({
      path: '/push/the-browser',
      headers: { ttl: '86400', urgency: 'high', topic: '0199a000000070008000000000000001' },
      message: end,
    });
    expect(logged).toEqual([]);
  });

  test('of a key that the browser did not subscribe with is refused', async () => {
    expect(await push({}, { by: newAccess('mailto:x@example.com') })).toBe('refused');
  });

  test.each([
    [404, 'gone'],
    [410, 'gone'],
    [413, 'refused'],
    [429, 'busy'],
    [500, 'busy'],
    [302, 'refused'],
  ] as const)('that is answered with %d is %s', async (status, result) => {
    service.status = status;
    expect(await push()).toBe(result);
  });

  test('does not go into the deployment’s own network, and its address is in no log', async () => {
    const before = service.received.length;
    expect(await push({}, { reach: 'public' })).toBe('busy');
    expect(await push({ endpoint: 'http://127.0.0.1:1/push/the-secret-part' })).toBe('busy');
    expect(service.received).toHaveLength(before);
    expect(logged.map(({ what }) => what)).toEqual(['push-unreachable', 'push-unreachable']);
    expect(JSON.stringify(logged)).not.toMatch(/the-browser|the-secret-part/);
  });
});
