import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { reap } from '../processes.ts';
import type { CloudContext, Resource } from '../service.ts';
import { type Capacity, type CapacityProvider, unavailable } from './capacity.ts';
import { type ContainerProcess, startContainer } from './container-process.ts';
import type { Image, ImageFor } from './image.ts';
import { advance, eventDetail, type StopCode, type Task, taskIdOf } from './task.ts';
import type { TaskCredentials } from './task-credentials.ts';
import type { TaskRecord, TaskStore } from './task-store.ts';

const seconds = (date: Date): number => date.getTime() / 1000;

/** Runs tasks from PROVISIONING to STOPPED and tells EventBridge of every step. */
export class Lifecycle {
  readonly #context: CloudContext;
  readonly #store: TaskStore;
  readonly #credentials: TaskCredentials;
  readonly #imageFor: ImageFor;
  readonly #running = new Map<string, ContainerProcess>();
  readonly #ended = new Map<string, Promise<void>>();
  readonly capacity: Record<CapacityProvider, Capacity> = { FARGATE: 'available', FARGATE_SPOT: 'available' };

  constructor(context: CloudContext, store: TaskStore, credentials: TaskCredentials, imageFor: ImageFor) {
    this.#context = context;
    this.#store = store;
    this.#credentials = credentials;
    this.#imageFor = imageFor;
  }

  /** Ends what an earlier run of the cloud left, and says so as ECS would have. */
  recover(): void {
    for (const record of this.#store.all()) {
      if (record.task.lastStatus === 'STOPPED') continue;
      if (record.pid !== undefined) reap(record.pid, record.pidStarted);
      this.#stopped(record, 137, 'EssentialContainerExited', 'Host was restarted');
    }
  }

  /** Takes a new task through its start. Returns at once; what happens is told by events. */
  start(record: TaskRecord, definition: Resource): void {
    this.#save(record);
    this.#emit(record.task);
    const ended = this.#run(record, definition).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#context.log({ service: 'ecs', event: 'task.failed', task: record.task.taskArn, reason });
      this.#stopped(record, undefined, 'TaskFailedToStart', `CannotPullContainerError: ${reason}`);
    });
    this.#ended.set(record.task.taskArn, ended);
  }

  /** SIGTERM now, SIGKILL after the container's stop timeout (seconds). */
  stop(record: TaskRecord, definition: Resource | undefined, code: StopCode, reason: string): void {
    const { task } = record;
    if (task.desiredStatus === 'STOPPED') return;
    task.desiredStatus = 'STOPPED';
    task.stopCode = code;
    task.stoppedReason = reason;
    task.stoppingAt = seconds(this.#context.now());
    task.version += 1;
    this.#save(record);
    this.#emit(task);
    const container = this.#running.get(task.taskArn);
    if (!container) return;
    container.terminate();
    const timeout = definition?.properties.ContainerDefinitions?.[0]?.StopTimeout ?? 30;
    const timer = setTimeout(() => container.kill(), Number(timeout) * 1000);
    container.exit.finally(() => clearTimeout(timer));
  }

  /** Stops everything; after `graceSeconds` by force. */
  async close(graceSeconds: number): Promise<void> {
    for (const container of this.#running.values()) container.terminate();
    const timer = setTimeout(() => {
      for (const container of this.#running.values()) container.kill();
    }, graceSeconds * 1000);
    await Promise.all(this.#ended.values());
    clearTimeout(timer);
  }

  /** The outermost host pid of a running task's container, to measure it by. */
  pidOf(taskArn: string): number | undefined {
    return this.#running.get(taskArn)?.pid;
  }

  async #run(record: TaskRecord, definition: Resource): Promise<void> {
    const { task } = record;
    const container = definition.properties.ContainerDefinitions[0];
    this.#advance(record, 'PENDING');
    task.pullStartedAt = seconds(this.#context.now());
    const image = await this.#imageFor(this.#context.assembly.assetPath(String(container.Image)));
    task.pullStoppedAt = seconds(this.#context.now());
    const provider = (task.capacityProviderName ?? 'FARGATE') as CapacityProvider;
    if (this.capacity[provider] === 'stops-at-start') {
      this.#stopped(record, undefined, 'TaskFailedToStart', unavailable);
      return;
    }
    if (task.desiredStatus === 'STOPPED') {
      this.#stopped(
        record,
        undefined,
        task.stopCode ?? 'UserInitiated',
        task.stoppedReason ?? 'Task stopped',
      );
      return;
    }
    this.#advance(record, 'ACTIVATING');
    const process = await this.#launch(record, definition, image);
    this.#running.set(task.taskArn, process);
    record.pid = process.pid;
    record.pidStarted = process.started ?? '';
    task.startedAt = seconds(this.#context.now());
    task.connectivity = 'CONNECTED';
    this.#container(task).lastStatus = 'RUNNING';
    this.#advance(record, 'RUNNING');
    const code = await process.exit;
    process.kill();
    this.#running.delete(task.taskArn);
    this.#stopped(
      record,
      code,
      task.stopCode ?? 'EssentialContainerExited',
      task.stoppedReason ?? 'Essential container in task exited',
    );
  }

  async #launch(record: TaskRecord, definition: Resource, image: Image): Promise<ContainerProcess> {
    const { task } = record;
    const container = definition.properties.ContainerDefinitions[0];
    if (container.Secrets?.length) throw new Error('the local cloud has no container Secrets');
    const override = task.overrides.containerOverrides.find((each) => each.name === container.Name);
    const id = taskIdOf(task.taskArn);
    const logs = join(this.#context.dataDirectory, 'logs');
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    const credentialsUri: Record<string, string> = definition.properties.TaskRoleArn
      ? {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: this.#credentials.issue(
            task,
            definition.properties.TaskRoleArn,
          ),
        }
      : {};
    const pairs = (list: readonly { name?: string; value?: string; Name?: string; Value?: string }[] = []) =>
      Object.fromEntries(list.map((each) => [each.name ?? each.Name ?? '', each.value ?? each.Value ?? '']));
    const command = [
      ...(container.EntryPoint ?? []),
      ...(override?.command ?? container.Command ?? []),
    ] as string[];
    return startContainer({
      image,
      command: container.EntryPoint || override?.command || container.Command ? command : image.command,
      env: {
        ...image.env,
        ...pairs(container.Environment),
        ...pairs(override?.environment),
        AWS_REGION: this.#context.region,
        AWS_DEFAULT_REGION: this.#context.region,
        AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
        AWS_ENDPOINT_URL: this.#context.endpoint,
        ...credentialsUri,
      },
      logFile: join(logs, `${id}.log`),
      onLine: (line) => this.#context.log({ service: 'ecs', event: 'task.output', task: id, line }),
    });
  }

  #stopped(record: TaskRecord, exitCode: number | undefined, code: StopCode, reason: string): void {
    const { task } = record;
    const now = seconds(this.#context.now());
    task.desiredStatus = 'STOPPED';
    task.stopCode = code;
    task.stoppedReason = reason;
    task.stoppingAt ??= now;
    task.executionStoppedAt = now;
    const container = this.#container(task);
    container.lastStatus = 'STOPPED';
    if (exitCode !== undefined) container.exitCode = exitCode;
    this.#credentials.revoke(task.taskArn);
    this.#advance(record, 'DEPROVISIONING');
    task.stoppedAt = seconds(this.#context.now());
    this.#advance(record, 'STOPPED');
    this.#ended.delete(task.taskArn);
  }

  #container(task: Task) {
    const container = task.containers[0];
    if (!container) throw new Error(`task ${task.taskArn} has no container`);
    return container;
  }

  #advance(record: TaskRecord, status: Task['lastStatus']): void {
    if (!advance(record.task, status)) return;
    this.#save(record);
    this.#emit(record.task);
  }

  #save(record: TaskRecord): void {
    this.#store.save(record);
  }

  #emit(task: Task): void {
    this.#context.log({
      service: 'ecs',
      event: 'task.status',
      task: taskIdOf(task.taskArn),
      status: task.lastStatus,
      ...(task.stoppedReason ? { reason: task.stoppedReason } : {}),
    });
    this.#context.emit({
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      resources: [task.taskArn],
      detail: eventDetail(task, this.#context.now()),
    });
  }
}
