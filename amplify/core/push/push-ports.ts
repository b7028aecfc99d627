import type { NotificationText } from '../notification.ts';
import type { PushDevice } from './device.ts';

/** The browsers of each owner that are pushed to. */
export interface DeviceStore {
  /** All of an owner's, at most `maxDevices` and some that were saved at the same moment. */
  list(owner: string): Promise<readonly PushDevice[]>;
  /** Saves it, in place of what it was. */
  put(device: PushDevice): Promise<void>;
  /** One that is not there is no fault. */
  remove(owner: string, id: string): Promise<void>;
}

/** What a browser's service worker is told: public/sw-notifications.js. */
export interface PushedNews extends NotificationText {
  key: string;
  language: string;
  conversationId: string;
  messageId: string;
}

/** `gone`: the browser does not want it any more. `refused`: asking again will not help. `busy`: later it may. */
export type PushResult = 'sent' | 'gone' | 'refused' | 'busy';

export interface Pusher {
  /** Gives the push to the device's push service. Never throws: a service that was not reached is `busy`. */
  push(device: PushDevice, end: PushedNews): Promise<PushResult>;
}
