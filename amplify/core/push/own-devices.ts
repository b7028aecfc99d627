import { AppError } from '../error.ts';
import type { Clock } from '../ports.ts';
import { maxDevices, newDevice, type PushDevice } from './device.ts';
import type { DeviceStore } from './push-ports.ts';
import type { DeviceView } from './push-view.ts';

interface Ports {
  devices: DeviceStore;
  now: Clock;
  /** A name for an endpoint that gives nothing of it away. */
  hash: (text: string) => string;
  /** Whether messages can be encrypted for this key. */
  isPublicKey: (p256dh: string) => boolean;
}

const viewOf = ({ id, name, showsText, savedAt }: PushDevice): DeviceView => ({
  id,
  name,
  showsText,
  savedAt,
});

/** An owner's devices, the newest first. */
export async function listDevices(
  { devices }: Pick<Ports, 'devices'>,
  owner: string,
): Promise<readonly DeviceView[]> {
  return (await newestFirst(devices, owner)).map(viewOf);
}

/**
 * Saves a browser of the owner's. Gives it as it is then seen. Throws `push.not_a_subscription` for what no browser gives.
 */
export async function saveDevice(ports: Ports, owner: string, given: unknown): Promise<DeviceView> {
  const parsed = newDevice.safeParse(given);
  if (!parsed.success) {
    const detail = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new AppError('push.not_a_subscription', { detail });
  }
  if (!ports.isPublicKey(parsed.data.p256dh)) {
    throw new AppError('push.not_a_subscription', { detail: 'p256dh: is no point on the curve' });
  }
  const device = {
    ...parsed.data,
    owner,
    id: ports.hash(parsed.data.endpoint),
    savedAt: new Date(ports.now()).toISOString(),
  };
  const others = (await newestFirst(ports.devices, owner)).filter(({ id }) => id !== device.id);
  for (const { id } of others.slice(maxDevices - 1)) await ports.devices.remove(owner, id);
  await ports.devices.put(device);
  return viewOf(device);
}

async function newestFirst(devices: DeviceStore, owner: string): Promise<readonly PushDevice[]> {
  return [...(await devices.list(owner))].sort((a, b) => b.savedAt.localeCompare(a.savedAt));
}
