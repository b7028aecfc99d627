import { createContext, use, useSyncExternalStore } from 'react';
import type { ChatState } from '../chat/state.ts';
import type { Store } from '../chat/store.ts';
import type { SyncState } from '../chat/sync.ts';
import type { Outgoing } from '../outbox/outbox-store.ts';
import type { Workspace } from './workspace.ts';

export const WorkspaceContext = createContext<Workspace | null>(null);

export function useWorkspace(): Workspace {
  const value = use(WorkspaceContext);
  if (!value) throw new Error('WorkspaceContext is missing.');
  return value;
}

/** Watches a part of a store. `select` must give the same reference while nothing changed. */
export function useStore<T, Part>(store: Store<T>, select: (value: T) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export const useChat = <Part,>(select: (state: ChatState) => Part): Part =>
  useStore(useWorkspace().sync.chat, select);

export const useSyncState = <Part,>(select: (state: SyncState) => Part): Part =>
  useStore(useWorkspace().sync.status, select);

/** Messages that the backend has not acknowledged yet. */
export function useOutgoing(): readonly Outgoing[] {
  const { outgoing } = useWorkspace();
  return useSyncExternalStore(outgoing.subscribe, outgoing.read);
}
