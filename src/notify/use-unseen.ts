import { useStore, useWorkspace } from '../shell/workspace-context.tsx';

/** How many answers nobody has looked at. */
export function useUnseen(): number {
  const all = useStore(useWorkspace().attention.unseen, (value) => value);
  return [...all.values()].reduce((sum, count) => sum + count, 0);
}
