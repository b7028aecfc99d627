import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { memoryConversations } from '../../adapters/memory/conversations.ts';
import { memoryDevices } from '../../adapters/memory/devices.ts';
import { memoryMessages } from '../../adapters/memory/messages.ts';
import type { StoredMessage } from '../message-row.ts';
import type { Log } from '../ports.ts';
import { maxDevices, type NewDevice, type PushDevice } from './device.ts';
import { listDevices, saveDevice } from './own-devices.ts';
import { pushNews } from './push-news.ts';
import type { PushedNews, PushResult } from './push-ports.ts';

const conversationId = '0199a000-0000-7000-8000-00000000000c';
const id = '0199a000-0000-7000-8000-000000000001';
const key = { owner: 'ann', conversationId, id };
const browser = (n: number, rest: Partial<NewDevice> = {}): NewDevice => ({
  ...{ endpoint: `https://push.example.com/${n}`, name: `Browser ${n}`, language: 'en', showsText: false },
  ...{ p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
  ...rest,
});

function world() {
  const devices = memoryDevices();
  let now = Date.parse('2026-05-01T09:00:00.000Z');
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
  const ports = { devices, hash, now: () => (now += 1000), isPublicKey: () => true };
  return { devices, ports, save: (owner: string, given: unknown) => saveDevice(ports, owner, given) };
}

describe('A browser', () => {
  test('is saved once however often, is its owner’s, and its address is shown to nobody', async () => {
    const { ports, save } = world();
    await save('ann', browser(1));
    await save('ann', browser(1, { showsText: true, name: '  크롬  ' }));
    await save('bob', browser(1));
    expect(await listDevices(ports, 'ann')).toEqual([
      { id: expect.any(String), name: '크롬', showsText: true, savedAt: expect.any(String) },
    ]);
    expect(JSON.stringify(await listDevices(ports, 'bob'))).not.toContain('push.example.com');
  });

  test('is saved for who is signed in, whatever it says of an owner', async () => {
    const { devices, save } = world();
    await save('eve', { ...browser(1), owner: 'ann' });
    expect(await devices.list('ann')).toEqual([]);
    expect(await devices.list('eve')).toHaveLength(1);
  });

  test('beyond the tenth takes the place of the oldest', async () => {
    const { ports, save } = world();
    for (let n = 1; n <= maxDevices + 2; n += 1) await save('ann', browser(n));
    const names = (await listDevices(ports, 'ann')).map(({ name }) => name);
    expect(names).toHaveLength(maxDevices);
    expect(names[0]).toBe('Browser 12');
    expect(names).not.toContain('Browser 2');
    await save('ann', browser(3));
    expect(await listDevices(ports, 'ann')).toHaveLength(maxDevices);
  });

  test.each([
    ['no HTTPS', { endpoint: 'http://push.example.com/1' }],
    ['a file', { endpoint: 'file:///etc/passwd' }],
    ['a machine by its number', { endpoint: 'https://169.254.169.254/latest' }],
    ['an IPv6 address', { endpoint: 'https://[::1]/x' }],
    ['a name of the network', { endpoint: 'https://localhost/x' }],
    ['a port', { endpoint: 'https://push.example.com:8443/x' }],
    ['a password', { endpoint: 'https://user:pass@push.example.com/x' }],
    ['an address without end', { endpoint: `https://push.example.com/${'x'.repeat(1000)}` }],
    ['a short key', { p256dh: 'BAAA' }],
    ['a key of another form', { p256dh: `C${'A'.repeat(86)}` }],
    ['a secret of another length', { auth: 'AAAA' }],
    ['a language that nobody speaks', { language: 'xx' as never }],
  ])('with %s is refused, and nothing is saved', async (_, change) => {
    const { ports, save } = world();
    await expect(save('ann', browser(1, change))).rejects.toMatchObject({ code: 'push.not_a_subscription' });
    expect(await listDevices(ports, 'ann')).toEqual([]);
  });

  test('whose key is no point on the curve is refused', async () => {
    const { ports } = world();
    const saving = saveDevice({ ...ports, isPublicKey: () => false }, 'ann', browser(1));
    await expect(saving).rejects.toMatchObject({ code: 'push.not_a_subscription' });
  });
});

describe('A push', () => {
  /** Ann's browsers, what their push services say one after another, and what they were given. */
  async function start(browsers: NewDevice[], says: (device: PushDevice, time: number) => PushResult) {
    const { ports, save, devices } = world();
    for (const each of browsers) await save('ann', each);
    await save('bob', browser(99));
    const messages = memoryMessages();
    const conversations = memoryConversations();
    const at = '2026-05-01T09:00:00.000Z';
    await conversations.create('ann', {
      id: conversationId,
      title: '점심 '.repeat(200),
      createdAt: at,
      activeAt: at,
    });
    /** The message as it now stands. */
    const put = (change: Partial<StoredMessage>) => {
      messages.rows.clear();
      return messages.put({
        ...{ owner: 'ann', conversationId, id, text: 'Lunch?', channel: 'web', status: 'answered' },
        ...{ attempt: 1, epoch: 1, acceptedAt: at, answer: 'Noodles at **noon**.', seq: 1 },
        ...{ tools: [], attachments: [], files: [] },
        ...change,
      } as StoredMessage);
    };
    const pushed: { to: string; end: PushedNews }[] = [];
    const waited: number[] = [];
    const logged: Parameters<Log>[0][] = [];
    const times = new Map<string, number>();
    const push = () =>
      pushNews(
        {
          devices,
          messages,
          conversations,
          pusher: {
            push: async (device, end) => {
              pushed.push({ to: device.name, end });
              times.set(device.id, (times.get(device.id) ?? 0) + 1);
              return says(device, times.get(device.id) ?? 0);
            },
          },
          pause: async (ms) => void waited.push(ms),
          log: (entry) => void logged.push(entry),
          ownerHash: () => 'hash',
        },
        key,
      );
    return { put, push, pushed, waited, logged, left: async () => (await listDevices(ports, 'ann')).length };
  }

  test('goes to each of the owner’s browsers in its language, with text only where that is allowed', async () => {
    const { put, push, pushed } = await start(
      [browser(1), browser(2, { language: 'ko', showsText: true })],
      () => 'sent',
    );
    await put({});
    await push();
    const place = { key: `${id}:1`, conversationId, messageId: id };
    expect(pushed.sort((a, b) => a.to.localeCompare(b.to))).toEqual([
      {
        to: 'Browser 1',
        end: { ...place, language: 'en', title: 'OpenClaw', body: 'Your answer is ready.' },
      },
      {
        to: 'Browser 2',
        end: { ...place, language: 'ko', title: '점심 '.repeat(27).slice(0, 80), body: 'Noodles at noon.' },
      },
    ]);
  });

  test('is made of a command that waits for a word, under a key of its own, and of no other message in work', async () => {
    const { put, push, pushed } = await start([browser(1)], () => 'sent');
    const approval = { id: 'ask', command: 'rm -r build', requestedAt: '2026-05-01T09:00:00.000Z' };
    await put({ status: 'working', approval });
    await push();
    expect(pushed.map(({ end }) => [end.key, end.body])).toEqual([
      [`${id}:1:ask`, 'A command waits for your approval.'],
    ]);
    await put({ status: 'working', approval: { ...approval, decision: 'allow-once' } });
    await push();
    expect(pushed).toHaveLength(1);
  });

  test('is not made of what its reader stopped, is in work, came by Telegram, or is gone', async () => {
    const { put, push, pushed } = await start([browser(1)], () => 'sent');
    await push();
    for (const change of [{ status: 'stopped' }, { status: 'working' }, { channel: 'telegram' }] as const) {
      await put({ id, ...change });
      await push();
    }
    expect(pushed).toEqual([]);
  });

  test('forgets a browser that is gone, asks a busy service once more, and says how it went without an address', async () => {
    const { put, push, pushed, waited, logged, left } = await start(
      [browser(1), browser(2), browser(3), browser(4)],
      ({ name }, time) => {
        if (name === 'Browser 1') return 'gone';
        if (name === 'Browser 2') return time === 1 ? 'busy' : 'sent';
        return name === 'Browser 3' ? 'busy' : 'refused';
      },
    );
    await put({});
    await push();
    expect(pushed.map(({ to }) => to).sort()).toEqual([
      'Browser 1',
      'Browser 2',
      'Browser 2',
      'Browser 3',
      'Browser 3',
      'Browser 4',
    ]);
    expect(waited).toEqual([3000, 3000]);
    expect(await left()).toBe(3);
    expect(logged).toEqual([
      expect.objectContaining({ level: 'warn', what: 'pushed', owner: 'hash', sent: 1, gone: 1, failed: 2 }),
    ]);
    expect(JSON.stringify(logged)).not.toContain('push.example.com');
  });
});
