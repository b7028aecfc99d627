import * as z from 'zod';
import type { Language } from '../../amplify/core/language.ts';
import type { NewDevice } from '../../amplify/core/push/device.ts';
import type { Api } from '../api/api.ts';
import type { LocalStore } from '../session/local-store.ts';
import { readChoice, readPermission } from './device.ts';
import { unsubscribe, worker } from './worker.ts';

const name = 'push';
/** This browser as the backend knows it, and what it is told. */
const pushed = z.object({
  id: z.string(),
  endpoint: z.string(),
  language: z.string(),
  showsText: z.boolean(),
});

/** The id of this browser among the owner's devices; null when it is not pushed to. */
export function readPushed(local: LocalStore): z.infer<typeof pushed> | null {
  const parsed = pushed.safeParse(local.read(name));
  return parsed.success ? parsed.data : null;
}

export const canPush = (): boolean => 'PushManager' in window && readPermission() === 'granted';

type PushApi = Pick<Api, 'getPush' | 'savePushDevice' | 'removePushDevice'>;

/** What the browser's push service did not do: it was not reached, or there is none. */
export class NoPushService extends Error {
  constructor(cause: unknown) {
    super('The browser could not subscribe', { cause });
    this.name = 'NoPushService';
  }
}

/** Has this browser pushed to, or tells again what it is to be told. Throws NoPushService, and what the backend refuses. */
export async function beginPush(
  api: PushApi,
  local: LocalStore,
  publicKey: string,
  language: Language,
): Promise<void> {
  const subscription = await subscribe(publicKey);
  const { endpoint = '', keys } = subscription.toJSON();
  const { showsText } = readChoice(local);
  const { id } = await api.savePushDevice({
    endpoint,
    p256dh: keys?.p256dh ?? '',
    auth: keys?.auth ?? '',
    name: browserName(navigator.userAgent),
    language,
    showsText,
  } satisfies NewDevice);
  local.write(name, { id, endpoint, language, showsText });
}

/** Ends it here, and, where the backend is reached, there: an address that is gone is forgotten with the next push. */
export async function endPush(api: PushApi, local: LocalStore): Promise<void> {
  const known = readPushed(local);
  local.remove(name);
  await Promise.all([unsubscribe(), known && api.removePushDevice(known.id)]);
}

/**
 * Puts in order what changed, here or while the app was closed: a subscription that another user left in this browser ends,
 * one that the browser renewed is saved, and so is what this browser is to be told.
 */
export async function keepPush(api: PushApi, local: LocalStore, language: Language): Promise<void> {
  const known = readPushed(local);
  const subscription = await (await worker())?.pushManager?.getSubscription();
  if (!known) return void (await subscription?.unsubscribe());
  const { isOn, showsText } = readChoice(local);
  if (!isOn || !canPush()) return endPush(api, local);
  const isSaved = subscription?.endpoint === known.endpoint;
  if (isSaved && known.language === language && known.showsText === showsText) return;
  const { publicKey } = await api.getPush();
  if (publicKey) await beginPush(api, local, publicKey, language);
}

/** Browsers that can't reach their push service say nothing at all: this long is waited, ms. */
const patience = 15_000;

const inTime = <Result>(work: Promise<Result>): Promise<Result> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), patience);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
};

async function subscribe(publicKey: string): Promise<PushSubscription> {
  const manager = (await worker())?.pushManager;
  if (!manager) throw new NoPushService('no service worker');
  const applicationServerKey = Uint8Array.from(
    atob(publicKey.replaceAll('-', '+').replaceAll('_', '/')),
    (character) => character.charCodeAt(0),
  );
  const begin = () => inTime(manager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  try {
    return await begin().catch(async (error) => {
      // Subscribed with a key that the deployment had before.
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
      await unsubscribe();
      return begin();
    });
  } catch (cause) {
    throw new NoPushService(cause);
  }
}

/** Which browser this is, as people know it: `Chrome, macOS`. */
export function browserName(userAgent: string): string {
  const first = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = first([
    [/Edg/, 'Edge'],
    [/OPR\//, 'Opera'],
    [/SamsungBrowser/, 'Samsung Internet'],
    [/Firefox|FxiOS/, 'Firefox'],
    [/Chrome|CriOS/, 'Chrome'],
    [/Safari/, 'Safari'],
  ]);
  const system = first([
    [/Android/, 'Android'],
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/CrOS/, 'ChromeOS'],
    [/Linux/, 'Linux'],
  ]);
  return [browser, system].filter(Boolean).join(', ');
}
