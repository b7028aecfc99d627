/**
 * Faults of Fargate capacity that a host can switch on.
 * `none`: RunTask answers 200 with a failure. `stops-at-start`: the task is accepted, then stops with
 * TaskFailedToStart. Both shapes occur on AWS; there is no automatic change of provider.
 */
export type Capacity = 'available' | 'none' | 'stops-at-start';

export const capacityProviders = ['FARGATE', 'FARGATE_SPOT'] as const;
export type CapacityProvider = (typeof capacityProviders)[number];

export const isCapacityProvider = (name: unknown): name is CapacityProvider =>
  capacityProviders.some((provider) => provider === name);

export type CapacityByProvider = Partial<Record<CapacityProvider, Capacity>>;

/** What is switched on, by the beginning of `startedBy`: for every task, or for some on a cluster that many use. */
export class CapacityFaults {
  readonly #byPrefix = new Map<string, CapacityByProvider>();

  set(capacity: CapacityByProvider, startedBy = ''): void {
    this.#byPrefix.set(startedBy, { ...this.#byPrefix.get(startedBy), ...capacity });
  }

  of(provider: CapacityProvider, startedBy = ''): Capacity {
    const faults = [...this.#byPrefix].flatMap(([prefix, capacity]) =>
      startedBy.startsWith(prefix) ? (capacity[provider] ?? []) : [],
    );
    return faults.find((fault) => fault !== 'available') ?? 'available';
  }
}

/** What AWS says in `failures[].reason` and in `stoppedReason`. */
export const unavailable =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone';
