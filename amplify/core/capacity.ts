import { v5 } from 'uuid';
import type { capacityPolicies } from './settings.ts';

/** ECS capacity providers that a task may run on. */
export const capacities = ['FARGATE_SPOT', 'FARGATE'] as const;
export type Capacity = (typeof capacities)[number];
export type CapacityPolicy = (typeof capacityPolicies)[number];

/** Which providers a policy tries, in order. ECS itself never falls back from Spot to On-Demand. */
export const capacityOrder: Record<CapacityPolicy, readonly [Capacity, ...Capacity[]]> = {
  'spot-only': ['FARGATE_SPOT'],
  'spot-first': ['FARGATE_SPOT', 'FARGATE'],
  'on-demand': ['FARGATE'],
};

const tokenNamespace = '5b1f3c3e-6a44-4a0e-9a0d-0c1a6b2f7d11';

/**
 * RunTask's idempotency token, at most 64 ASCII characters. Calls of one start share it, whoever makes them;
 * another capacity needs another one (ECS answers a reused token with other parameters by ConflictException).
 */
export function clientToken(start: {
  owner: string;
  epoch: number;
  attempt: number;
  capacity: Capacity;
}): string {
  const suffix = `${start.epoch}-${start.attempt}-${start.capacity === 'FARGATE_SPOT' ? 's' : 'd'}`;
  return `${v5(start.owner, tokenNamespace)}-${suffix}`;
}
