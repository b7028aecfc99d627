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
  /** How far the clocks of tasks are off, milliseconds. */
  #skew = 0;
  readonly #notStarted = new Set<() => void>();
  /** How often a task's clock was moved. */
  skewed = 0;

  /** `onChange` is told of each new status, `onOutput` of each line of the bridge's log. */
  constructor(stack: Stack, owner: string, on: { change(text: string): void; output(line: string): void }) {
    this.#stack = stack;
    const name = shortNameOf(owner);
    this.#stop = stack.onLog((entry) => {
      if (entry.service !== 'ecs') return;
      const id = String(entry.task);
      if (entry.event === 'task.output') {
        const line = String(entry.line);
        if (!this.#tasks.has(id)) return;
        if (line.startsWith('clock off by')) this.skewed += 1;
        on.output(line);
        return;
      }
      if (entry.event !== 'task.status') return;
      const task =
        this.#tasks.get(id) ?? stack.cloud.ecs.tasks().find(({ taskArn }) => taskIdOf(taskArn) === id);
      if (!task?.startedBy?.startsWith(`${name}-`)) return;
      if (!this.#tasks.has(id)) stack.clocks.set(id, this.#skew);
      this.#tasks.set(id, task);
      if (task.stopCode === 'TaskFailedToStart' && task.lastStatus === 'STOPPED')
        for (const listener of [...this.#notStarted]) listener();
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

  /** The newest living task of a later epoch. */
  after(epoch: number): Task | undefined {
    return this.living.findLast((task) => epochOf(task) > epoch);
  }

  /** Tells of each task whose container never ran. */
  onNotStarted(listener: () => void): () => void {
    this.#notStarted.add(listener);
    return () => this.#notStarted.delete(listener);
  }

  /** Is the task one of the owner's? */
  has(taskArn: string): boolean {
    return this.#tasks.has(taskIdOf(taskArn));
  }

  /** Sets the clocks of the tasks that live and of those to come. */
  skew(milliseconds: number): void {
    this.#skew = milliseconds;
    for (const { taskArn } of this.living) this.#stack.clocks.set(taskIdOf(taskArn), milliseconds);
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

/** The name that the product's logs and `startedBy` have for an owner. */
export const shortNameOf = (owner: string): string =>
  createHash('sha256').update(owner).digest('hex').slice(0, 12);

/** `startedBy` is the owner's short name, the epoch and the attempt. */
const epochOf = ({ startedBy = '' }: Task): number => Number(startedBy.split('-')[1]);

/** To all of them, as far as they are there. */
export function signalAll(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) signal(pid, name);
}
