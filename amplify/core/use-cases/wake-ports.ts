import type { CapacityPolicy } from '../capacity.ts';
import type {
  Clock,
  EventPublisher,
  LeaseStore,
  Log,
  MessageStore,
  OwnerHash,
  SettingsStore,
  TaskRunner,
  TaskSessionStore,
} from '../ports.ts';

/** What it takes to wake an agent. */
export interface WakePorts {
  leases: LeaseStore;
  messages: MessageStore;
  sessions: TaskSessionStore;
  settings: SettingsStore;
  runner: TaskRunner;
  publisher: EventPublisher;
  now: Clock;
  log: Log;
  ownerHash: OwnerHash;
  /** Where the owner has set none. */
  policy: CapacityPolicy;
}
