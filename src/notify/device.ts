import * as z from 'zod';
import type { LocalStore } from '../session/local-store.ts';
import { worker } from './worker.ts';

const name = 'notifications';
const deviceChoice = z.object({
  /** Answers are told of by the system while the app is out of sight. */
  isOn: z.boolean(),
  /** They may show how the answer begins. */
  showsText: z.boolean(),
});
export type DeviceChoice = z.infer<typeof deviceChoice>;

const noChoice: DeviceChoice = { isOn: false, showsText: false };

/** What the person chose in this browser. Nothing is on before they did. */
export function readChoice(local: LocalStore): DeviceChoice {
  const parsed = deviceChoice.safeParse(local.read(name));
  return parsed.success ? parsed.data : noChoice;
}

export const writeChoice = (local: LocalStore, choice: DeviceChoice): boolean => local.write(name, choice);

/** Whether this browser shows notifications. `to-install`: only for an app on the home screen (iOS, iPadOS). */
export type Permission = 'unsupported' | 'to-install' | NotificationPermission;

export function readPermission(): Permission {
  if ('Notification' in window && 'serviceWorker' in navigator) return Notification.permission;
  return 'standalone' in navigator && navigator.standalone === false ? 'to-install' : 'unsupported';
}

/** What the service worker is asked to tell: public/sw-notifications.js. */
export interface Told {
  key: string;
  title: string;
  body: string;
  language: string;
  conversationId: string;
  messageId: string;
}

/** Has the worker tell of an answer, unless one of its pages is looked at. */
export async function tellWorker(told: Told): Promise<void> {
  (await worker())?.active?.postMessage({ kind: 'answer', ...told });
}

/** Shows one at once, to see how they look. False where this browser can't. */
export async function showSample({ title, body }: { title: string; body: string }): Promise<boolean> {
  const registration = await worker();
  await registration?.showNotification(title, { body, tag: 'sample', icon: '/icon-192.png' });
  return registration !== undefined;
}
