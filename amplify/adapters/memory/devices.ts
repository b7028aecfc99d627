import type { PushDevice } from '../../core/push/device.ts';
import type { DeviceStore } from '../../core/push/push-ports.ts';

/** Browsers that are pushed to, in memory. */
export function memoryDevices(): DeviceStore {
  const rows = new Map<string, PushDevice>();
  return {
    list: async (owner) => structuredClone([...rows.values()].filter((device) => device.owner === owner)),
    put: async (device) => void rows.set(`${device.owner} ${device.id}`, structuredClone(device)),
    remove: async (owner, id) => void rows.delete(`${owner} ${id}`),
  };
}
