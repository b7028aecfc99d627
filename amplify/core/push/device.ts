import * as z from 'zod';
import { languages } from '../language.ts';

/** Browsers of one owner that are pushed to; one more takes the place of the oldest. */
export const maxDevices = 10;

const base64url = (bytes: number) =>
  z
    .string()
    .regex(/^[\w-]+$/)
    .refine((text) => Math.floor((text.length * 3) / 4) === bytes, `is not ${bytes} bytes in base64url`);

/**
 * Where a browser's push service takes messages for it (RFC 8030). It is chosen by whoever calls, so it is held to
 * what push services have: a public name at the standard port of HTTPS. Where the name leads is judged when it is called.
 */
const endpoint = z
  .url({ protocol: /^https$/ })
  .max(1000)
  .refine((text) => {
    const { username, password, port, hostname } = new URL(text);
    return !username && !password && !port && hostname.includes('.') && !/^[\d.]+$|^\[/.test(hostname);
  }, 'is no address of a push service');

/** What a browser gives to be pushed to, and what it is to be told. */
export const newDevice = z.object({
  endpoint,
  /** The browser's public key, an uncompressed point on P-256, and its shared secret: RFC 8291. */
  p256dh: base64url(65).refine((text) => text.startsWith('B'), 'is no uncompressed point'),
  auth: base64url(16),
  /** As people know it, e.g. Chrome on macOS. */
  name: z.string().trim().max(60),
  language: z.enum(languages),
  /** Notifications may show the conversation's name and how the answer begins. */
  showsText: z.boolean(),
});
export type NewDevice = z.infer<typeof newDevice>;

/** A device as it is kept: it was looked at when it came. `id`: made of the endpoint, so that a browser is one device. */
export const pushDevice = newDevice.extend({
  endpoint: z.url(),
  owner: z.string().min(1),
  id: z.string().min(1),
  savedAt: z.iso.datetime(),
});
export type PushDevice = z.infer<typeof pushDevice>;
