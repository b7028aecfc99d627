import type { UsageLimits } from '../allowance.ts';
import type { CapacityPolicy } from '../capacity.ts';
import type {
  AllowanceStore,
  Clock,
  Courier,
  EventPublisher,
  LeaseStore,
  Log,
  MessageStore,
  OwnerHash,
  TaskRunner,
  TaskSessionStore,
} from '../ports.ts';
import type { SpendingPorts } from './spending.ts';

/** What it takes to wake an agent. */
export interface WakePorts extends SpendingPorts {
  leases: LeaseStore;
  messages: MessageStore;
  sessions: TaskSessionStore;
  allowances: AllowanceStore;
  runner: TaskRunner;
  publisher: EventPublisher;
  courier: Courier;
  /** Pushes to browsers. */
  pushCourier: Courier;
  now: Clock;
  log: Log;
  ownerHash: OwnerHash;
  /** Where the owner has set none. */
  policy: CapacityPolicy;
  /** How much each owner may ask for. */
  limits: UsageLimits;
}
