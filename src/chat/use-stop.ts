import { useCallback } from 'react';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

/** Stops a message that is in work, or takes back one that waits. */
export function useStop(): (message: { conversationId: string; id: string }) => void {
  const { api, sync } = useWorkspace();
  const attempt = useAttempt();
  return useCallback(
    ({ conversationId, id }) =>
      void attempt(async () =>
        sync.dispatch({ kind: 'event', event: await api.stopMessage(conversationId, id) }),
      ),
    [api, sync, attempt],
  );
}
