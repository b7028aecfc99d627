import * as z from 'zod';

/** What the owner sees of a device: not its address, which is all that one needs to push to it. */
export const deviceView = z.object({
  id: z.string(),
  name: z.string(),
  showsText: z.boolean(),
  savedAt: z.iso.datetime(),
});
export type DeviceView = z.infer<typeof deviceView>;

/** `publicKey`: what browsers subscribe with (RFC 8292); null where Web Push is not set up. */
export const pushView = z.object({ publicKey: z.string().nullable(), devices: z.array(deviceView) });
export type PushView = z.infer<typeof pushView>;
