import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { reap } from '../processes.ts';
import type { CloudContext, Resource } from '../service.ts';
import { CapacityFaults, type CapacityProvider, unavailable } from './capacity.ts';
import { type ContainerProcess, startContainer } from './container-process.ts';
import type { Image, ImageFor } from './image.ts';
import { advance, eventDetail, type StopCode, type Task, taskIdOf } from './task.ts';
import type { TaskCredentials } from './task-credentials.ts';
import { containerOf, stopTimeoutOf } from './task-definition.ts';
import { type Launch, launchOf } from './task-environment.ts';
import type { TaskMetadata } from './task-metadata.ts';
import type { TaskRecord, TaskStore } from './task-store.ts';

const seconds = (date: Date): number => date.getTime() / 1000;

/** Runs tasks from PROVISIONING to STOPPED and tells EventBridge of every step. */
export class Lifecycle {
  readonly #context: CloudContext;
  readonly #store: TaskStore;
  readonly #credentials: TaskCredentials;
  readonly #metadata: TaskMetadata;
  readonly #imageFor: ImageFor;
  readonly #running = new Map<string, ContainerProcess>();
  readonly #ended = new Map<string, Promise<void>>();
  /** Set when nothing may be started any more. */
  closing = false;
  readonly capacity = new CapacityFaults();

  constructor(
    context: CloudContext,
    store: TaskStore,
    endpoints: { readonly credentials: TaskCredentials; readonly metadata: TaskMetadata },
    imageFor: ImageFor,
  ) {
    this.#context = context;
    this.#store = store;
    this.#credentials = endpoints.credentials;
    this.#metadata = endpoints.metadata;
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
      const told = reason.startsWith('ResourceInitializationError')
        ? reason
        : `CannotPullContainerError: ${reason}`;
      this.#stopped(record, undefined, 'TaskFailedToStart', told);
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
    for (const status of ['DEACTIVATING', 'STOPPING'] as const) this.#advance(record, status);
    container.terminate();
    const timer = setTimeout(() => container.kill(), stopTimeoutOf(definition) * 1000);
    container.exit.finally(() => clearTimeout(timer));
  }

  /** Stops everything; after `graceSeconds` by force. What has not begun to run never will. */
  async close(graceSeconds: number): Promise<void> {
    this.closing = true;
    for (const { task } of this.#store.all()) {
      if (task.lastStatus === 'STOPPED' || this.#running.has(task.taskArn)) continue;
      Object.assign(task, {
        desiredStatus: 'STOPPED',
        stopCode: 'UserInitiated',
        stoppedReason: 'The local cloud was closed',
      });
    }
    for (const container of this.#running.values()) container.terminate();
    const { promise: forced, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      for (const container of this.#running.values()) container.kill();
      // An image that is still being laid out may take longer than anyone waits.
      setTimeout(resolve, 1000).unref();
    }, graceSeconds * 1000);
    await Promise.race([Promise.all(this.#ended.values()), forced]);
    clearTimeout(timer);
  }

  /** The outermost host pid of a running task's container, to measure it by. */
  pidOf(taskArn: string): number | undefined {
    return this.#running.get(taskArn)?.pid;
  }

  async #run(record: TaskRecord, definition: Resource): Promise<void> {
    const { task } = record;
    this.#advance(record, 'PENDING');
    task.pullStartedAt = seconds(this.#context.now());
    const image = await this.#imageFor(this.#context.assembly.assetPath(containerOf(definition).Image));
    task.pullStoppedAt = seconds(this.#context.now());
    const provider = (task.capacityProviderName ?? 'FARGATE') as CapacityProvider;
    if (this.capacity.of(provider, task.startedBy) === 'stops-at-start') {
      this.#stopped(record, undefined, 'TaskFailedToStart', unavailable);
      return;
    }
    this.#advance(record, 'ACTIVATING');
    const launch = await this.#prepare(record, definition, image);
    if (task.desiredStatus === 'STOPPED') {
      this.#stopped(
        record,
        undefined,
        task.stopCode ?? 'UserInitiated',
        task.stoppedReason ?? 'Task stopped',
      );
      return;
    }
    const container = this.#launch(record, image, launch);
    task.startedAt = seconds(this.#context.now());
    task.connectivity = 'CONNECTED';
    this.#container(task).lastStatus = 'RUNNING';
    this.#advance(record, 'RUNNING');
    const code = await container.exit;
    container.kill();
    this.#running.delete(task.taskArn);
    const [ended, reason] = ['EssentialContainerExited', 'Essential container in task exited'] as const;
    this.#stopped(record, code, task.stopCode ?? ended, task.stoppedReason ?? reason);
  }

  #prepare(record: TaskRecord, definition: Resource, image: Image): Promise<Launch> {
    const { task } = record;
    const roleArn: string | undefined = definition.properties.TaskRoleArn;
    const credentials = roleArn === undefined ? undefined : this.#credentials.issue(task, roleArn);
    const addresses = { credentials, metadata: this.#metadata.issue(task) };
    return launchOf(task, definition, image, this.#context, addresses).catch((error: unknown) => {
      throw new Error(
        `ResourceInitializationError: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  #launch(record: TaskRecord, image: Image, { command, env }: Launch): ContainerProcess {
    const id = taskIdOf(record.task.taskArn);
    const logs = join(this.#context.dataDirectory, 'logs');
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    const container = startContainer({
      image,
      command,
      env,
      logFile: join(logs, `${id}.log`),
      onLine: (line) => this.#context.log({ service: 'ecs', event: 'task.output', task: id, line }),
    });
    this.#running.set(record.task.taskArn, container);
    record.pid = container.pid;
    record.pidStarted = container.started ?? '';
    return container;
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
    this.#metadata.revoke(task.taskArn);
    if (task.startedAt !== undefined)
      for (const status of ['DEACTIVATING', 'STOPPING'] as const) this.#advance(record, status);
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
