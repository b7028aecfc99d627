import type { Capacity } from '../../core/capacity.ts';
import type { Clock, RunTaskRequest, TaskInfo, TaskRunner } from '../../core/ports.ts';

/**
 * A cluster in memory: one task a client token, no capacity where it is `full`, nothing at all when `broken` says why.
 * While it `losesAnswers` tasks are started, and nobody hears so.
 */
export function memoryTaskRunner(now: Clock): TaskRunner & {
  requests: RunTaskRequest[];
  tasks: Map<string, TaskInfo>;
  stopped: string[];
  full: Set<Capacity>;
  broken: string | null;
  losesAnswers: boolean;
} {
  const byToken = new Map<string, string>();
  const runner = {
    requests: [] as RunTaskRequest[],
    tasks: new Map<string, TaskInfo>(),
    stopped: [] as string[],
    full: new Set<Capacity>(),
    broken: null as string | null,
    losesAnswers: false,
    run: async (request: RunTaskRequest) => {
      runner.requests.push(request);
      const isHeard = !runner.losesAnswers;
      const answer = (taskId: string) =>
        isHeard
          ? ({ outcome: 'started', taskId } as const)
          : ({ outcome: 'failed', reason: 'no answer' } as const);
      const known = byToken.get(request.clientToken);
      if (known) return answer(known);
      if (runner.broken) return { outcome: 'failed', reason: runner.broken } as const;
      if (runner.full.has(request.capacity)) {
        return { outcome: 'no-capacity', reason: 'Capacity is unavailable at this time' } as const;
      }
      const taskId = `task${byToken.size + 1}`;
      byToken.set(request.clientToken, taskId);
      runner.tasks.set(taskId, { taskId, lastStatus: 'PROVISIONING', createdAt: now(), size: request.size });
      return answer(taskId);
    },
    stop: async (taskId: string) => {
      runner.stopped.push(taskId);
      runner.tasks.delete(taskId);
    },
    list: async () => [...runner.tasks.values()],
  };
  return runner;
}
