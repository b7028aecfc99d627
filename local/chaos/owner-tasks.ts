import { createHash } from 'node:crypto';
import { eventDetail, type Task, taskIdOf } from '../cloud/ecs/task.ts';
import { signal } from '../cloud/processes.ts';
import type { Stack } from './stack.ts';
import { processesOf, type TaskProcesses } from './task-processes.ts';

const detailType = 'ECS Task State Change';

/** One owner's tasks as ECS has them, with all that EventBridge was told of them. */
export class OwnerTasks {
  readonly #stack: Stack;
  readonly #tasks = new Map<string, Task>();
  readonly #events: Record<string, unknown>[] = [];
  readonly #stop: () => void;

  /** `onChange` is told of each new status, `onOutput` of each line of the bridge's log. */
  constructor(stack: Stack, owner: string, on: { change(text: string): void; output(line: string): void }) {
    this.#stack = stack;
    // startedBy begins with the short name that the product uses for an owner.
    const name = createHash('sha256').update(owner).digest('hex').slice(0, 12);
    this.#stop = stack.onLog((entry) => {
      if (entry.service !== 'ecs') return;
      const id = String(entry.task);
      if (entry.event === 'task.output') {
        if (this.#tasks.has(id)) on.output(String(entry.line));
        return;
      }
      if (entry.event !== 'task.status') return;
      const task =
        this.#tasks.get(id) ?? stack.cloud.ecs.tasks().find(({ taskArn }) => taskIdOf(taskArn) === id);
      if (!task?.startedBy?.startsWith(`${name}-`)) return;
      this.#tasks.set(id, task);
      this.#events.push(eventDetail(task, new Date()));
      on.change(`task ${id.slice(0, 6)} ${task.startedBy} ${task.lastStatus} ${task.stopCode ?? ''}`);
    });
  }

  get ids(): string[] {
    return [...this.#tasks.keys()];
  }

  get living(): Task[] {
    return [...this.#tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  }

  /** The newest task that runs, with its processes. */
  running(): { task: Task; processes: TaskProcesses } | undefined {
    const task = this.living.findLast(({ lastStatus }) => lastStatus === 'RUNNING');
    const pid = task && this.#stack.cloud.ecs.pidOf(task.taskArn);
    return task && pid !== undefined && pid > 0 ? { task, processes: processesOf(pid) } : undefined;
  }

  /** Tells EventBridge once more what it was told already. Gives what that was; undefined when there was nothing yet. */
  repeat(which: number): string | undefined {
    const detail = this.#events[which % Math.max(1, this.#events.length)];
    if (!detail) return undefined;
    const taskArn = String(detail.taskArn);
    this.#stack.cloud.context.emit({ source: 'aws.ecs', detailType, resources: [taskArn], detail });
    return `${taskIdOf(taskArn).slice(0, 6)} ${detail.lastStatus} version ${detail.version}`;
  }

  close(): void {
    this.#stop();
  }
}

/** To all of them, as far as they are there. */
export function signalAll(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) signal(pid, name);
}
