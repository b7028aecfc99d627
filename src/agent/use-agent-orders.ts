import { useMemo } from 'react';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

const hour = 3_600_000;

/** What the agent is told by hand. Each order tells the backend; what goes wrong is said at the page's edge. */
export interface AgentOrders {
  wake(): void;
  keepAwake(hours: number): void;
  sleepAsUsual(): void;
  sleep(): void;
}

export function useAgentOrders(): AgentOrders {
  const { api, sync, clock } = useWorkspace();
  const attempt = useAttempt();
  return useMemo(() => {
    const tell = (call: () => ReturnType<typeof api.sleepNow>) =>
      void attempt(async () => sync.dispatch({ kind: 'event', event: await call() }));
    return {
      wake: () => tell(async () => ({ kind: 'agent.changed', agent: await api.wakeAgent('typing') })),
      keepAwake: (hours) => tell(() => api.keepAwake(new Date(clock.now() + hours * hour).toISOString())),
      sleepAsUsual: () => tell(() => api.keepAwake(null)),
      sleep: () => tell(() => api.sleepNow()),
    };
  }, [api, sync, clock, attempt]);
}
