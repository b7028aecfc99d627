import { allowanceStoreContract } from '../contracts/allowance-store.ts';
import { deliveryStoreContract, linkStoreContract, placeStoreContract } from '../contracts/channel-stores.ts';
import { conversationStoreContract } from '../contracts/conversation-store.ts';
import { deviceStoreContract } from '../contracts/device-store.ts';
import { erasureStoreContract } from '../contracts/erasure-store.ts';
import { leaseStoreContract } from '../contracts/lease-store.ts';
import { messageStoreContract } from '../contracts/message-store.ts';
import { ownerErasureStoreContract } from '../contracts/owner-erasure-store.ts';
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
deviceStoreContract('memory', async () => memoryDevices());
usageStoreContract('memory', async () => memoryUsage());
