/** A value that the page watches. */
export interface Store<T> {
  get(): T;
  set(change: (value: T) => T): void;
  /** Gives a way to stop watching. */
  subscribe(listener: () => void): () => void;
}

/** Holds a value and tells its watchers when it has become another one. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (change) => {
      const next = change(value);
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
