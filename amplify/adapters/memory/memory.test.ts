import { allowanceStoreContract } from '../contracts/allowance-store.ts';
import { deliveryStoreContract, linkStoreContract, placeStoreContract } from '../contracts/channel-stores.ts';
import { conversationStoreContract } from '../contracts/conversation-store.ts';
import { deviceStoreContract } from '../contracts/device-store.ts';
import { erasureStoreContract } from '../contracts/erasure-store.ts';
import { eventPublisherContract } from '../contracts/event-publisher.ts';
import { leaseStoreContract } from '../contracts/lease-store.ts';
import { messageStoreContract } from '../contracts/message-store.ts';
import { ownerErasureStoreContract } from '../contracts/owner-erasure-store.ts';
import { scheduleStoreContract } from '../contracts/schedule-store.ts';
import { secretStoreContract } from '../contracts/secret-store.ts';
import { settingsStoreContract } from '../contracts/settings-store.ts';
import { storageContract } from '../contracts/storage.ts';
import { taskRunnerContract } from '../contracts/task-runner.ts';
import { taskSessionStoreContract } from '../contracts/task-session-store.ts';
import { usageStoreContract } from '../contracts/usage-store.ts';
import { memoryAllowances } from './allowances.ts';
import { memoryLinks } from './channel-links.ts';
import { memoryPlaces } from './channel-places.ts';
import { memoryConversations } from './conversations.ts';
import { memoryDeliveries } from './deliveries.ts';
import { memoryDevices } from './devices.ts';
import { memoryErasures } from './erasures.ts';
import { memoryLeases } from './leases.ts';
import { memoryMessages } from './messages.ts';
import { memoryOwnerErasures } from './owner-erasures.ts';
import { memorySecrets } from './parameters.ts';
import { memoryPublisher } from './publisher.ts';
import { memorySchedules } from './schedules.ts';
import { memorySettings } from './settings.ts';
import { memoryStorage } from './storage-under-test.ts';
import { memoryTaskRunner } from './task-runner.ts';
import { memoryTaskSessions } from './task-sessions.ts';
import { memoryUsage } from './usage.ts';

leaseStoreContract('memory', memoryLeases);
messageStoreContract('memory', async () => {
  const store = memoryMessages();
  return { store, plant: async (row) => void (await store.put(row)) };
});
conversationStoreContract('memory', async () => {
  const store = memoryConversations();
  return { store, plant: async (owner, row) => void (await store.create(owner, row)) };
});
erasureStoreContract('memory', async () => {
  const store = memoryErasures();
  return { store, mark: store.mark };
});
ownerErasureStoreContract('memory', async () => memoryOwnerErasures());
allowanceStoreContract('memory', async () => memoryAllowances());
taskSessionStoreContract('memory', async () => memoryTaskSessions());
linkStoreContract('memory', async () => memoryLinks());
placeStoreContract('memory', async () => memoryPlaces());
deliveryStoreContract('memory', async () => memoryDeliveries());
scheduleStoreContract('memory', async () => memorySchedules());
deviceStoreContract('memory', async () => memoryDevices());
usageStoreContract('memory', async () => memoryUsage());
taskRunnerContract('memory', async () => {
  const runner = memoryTaskRunner(Date.now);
  return {
    runner,
    setFull: (full) => {
      runner.full = new Set(full);
    },
  };
});
eventPublisherContract('memory', async () => {
  const publisher = memoryPublisher();
  const own = publisher.heard;
  const heard = async () => {
    while (own.length > 0) {
      const next = own.shift();
      if (next?.owner === 'ann') return next.event;
    }
    throw new Error('nothing was heard');
  };
  return { publisher, owner: 'ann', heard, cutOff: Object.assign(memoryPublisher(), { down: true }) };
});
secretStoreContract('memory', async () => {
  const secrets = memorySecrets();
  return { secrets, reader: secrets, owner: 'ann' };
});
settingsStoreContract('memory', async () => {
  const store = memorySettings();
  return { store, owner: 'ann', save: async (settings) => void store.rows.set('ann', settings) };
});
storageContract('memory', async () => memoryStorage());
