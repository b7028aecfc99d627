// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryApi } from '../api/memory-api.ts';
import { openLocalStore } from '../session/local-store.ts';
import { writeChoice } from './device.ts';
import { beginPush, browserName, endPush, keepPush, readPushed } from './push.ts';

const publicKey = `B${'A'.repeat(86)}`;

/** A browser that subscribes, and what it was told to. `endpoint`: what its push service gives out next. */
function fakeBrowser() {
  const state = {
    endpoint: 'https://push.example.com/1',
    subscribed: null as string | null,
    unreachable: false,
    keys: [] as Uint8Array[],
  };
  const subscriptionOf = (endpoint: string) => ({
    endpoint,
    toJSON: () => ({ endpoint, keys: { p256dh: publicKey, auth: 'A'.repeat(22) } }),
    unsubscribe: async () => {
      state.subscribed = null;
    },
  });
  const pushManager = {
    getSubscription: async () => (state.subscribed === null ? null : subscriptionOf(state.subscribed)),
    subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
      if (state.unreachable) throw new DOMException('Registration failed', 'AbortError');
      state.keys.push(applicationServerKey);
      state.subscribed = state.endpoint;
      return subscriptionOf(state.endpoint);
    },
  };
  vi.stubGlobal('PushManager', class {});
  vi.stubGlobal('Notification', { permission: 'granted' });
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: { getRegistration: async () => ({ pushManager }) },
  });
  return state;
}

let browser: ReturnType<typeof fakeBrowser>;
beforeEach(() => {
  localStorage.clear();
  browser = fakeBrowser();
});
afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'serviceWorker');
});

function user(id = 'ann') {
  const api = createMemoryApi();
  api.push = { publicKey, devices: [] };
  const local = openLocalStore(localStorage, id);
  writeChoice(local, { isOn: true, showsText: false });
  const endpoints = () => api.push.devices.map((device) => device.id);
  return { api, local, endpoints };
}

describe('a browser', () => {
  test('is saved with the key that the deployment gives, and removed here and there', async () => {
    const { api, local, endpoints } = user();
    await beginPush(api, local, publicKey, 'ko');
    expect(browser.keys[0]?.[0]).toBe(4);
    expect(browser.keys[0]).toHaveLength(65);
    expect(api.calls.at(-1)).toEqual([
      'savePushDevice',
      expect.objectContaining({ endpoint: browser.endpoint, language: 'ko', showsText: false }),
    ]);
    await endPush(api, local);
    expect([endpoints(), browser.subscribed, readPushed(local)]).toEqual([[], null, null]);
  });

  test('whose push service is not reached is not saved', async () => {
    const { api, local, endpoints } = user();
    browser.unreachable = true;
    await expect(beginPush(api, local, publicKey, 'en')).rejects.toMatchObject({ name: 'NoPushService' });
    expect([endpoints(), readPushed(local)]).toEqual([[], null]);
  });

  test('that another user left subscribed is not pushed to for them any more', async () => {
    const ann = user('ann');
    await beginPush(ann.api, ann.local, publicKey, 'en');
    const bob = user('bob');
    await keepPush(bob.api, bob.local, 'en');
    expect([browser.subscribed, bob.endpoints()]).toEqual([null, []]);
  });

  test('is saved again when its address, its language or what it may show has changed, and only then', async () => {
    const { api, local } = user();
    const saves = () => api.calls.filter(([field]) => field === 'savePushDevice').length;
    await beginPush(api, local, publicKey, 'en');
    await keepPush(api, local, 'en');
    expect(saves()).toBe(1);
    await keepPush(api, local, 'ko');
    expect(saves()).toBe(2);
    writeChoice(local, { isOn: true, showsText: true });
    await keepPush(api, local, 'ko');
    expect(api.push.devices[0]?.showsText).toBe(true);
    browser.endpoint = 'https://push.example.com/2';
    browser.subscribed = null;
    await keepPush(api, local, 'ko');
    expect(readPushed(local)?.endpoint).toBe(browser.endpoint);
    expect(saves()).toBe(4);
  });

  test('where notifications were switched off, or are blocked now, is not pushed to any more', async () => {
    const { api, local, endpoints } = user();
    await beginPush(api, local, publicKey, 'en');
    writeChoice(local, { isOn: false, showsText: false });
    await keepPush(api, local, 'en');
    expect([endpoints(), browser.subscribed]).toEqual([[], null]);
  });
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605 Version/18.6 Mobile Safari/604',
    'Safari, iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
    'Chrome, macOS',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0', 'Firefox, Linux'],
  ['something else', ''],
])('%s is called by its name', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});
