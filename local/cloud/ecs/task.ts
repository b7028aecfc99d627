/** A task as ECS describes it, and the order of its states. Field names are those of the ECS API. */

export const taskStatuses = [
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'RUNNING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  'STOPPED',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export interface KeyValue {
  readonly name: string;
  readonly value: string;
}

export interface ContainerOverride {
  readonly name: string;
  readonly command?: readonly string[];
  readonly environment?: readonly KeyValue[];
}

export interface TaskContainer {
  readonly containerArn: string;
  readonly taskArn: string;
  readonly name: string;
  readonly image: string;
  lastStatus: string;
  exitCode?: number;
  reason?: string;
  readonly networkInterfaces: readonly [];
  readonly cpu: string;
}

/** Times are seconds since 1970, as the API's JSON has them. */
export interface Task {
  readonly taskArn: string;
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly group: string;
  readonly startedBy?: string;
  readonly launchType: 'FARGATE';
  readonly capacityProviderName?: string;
  readonly platformVersion: string;
  readonly platformFamily: string;
  readonly cpu: string;
  readonly memory: string;
  readonly overrides: {
    readonly cpu?: string | undefined;
    readonly memory?: string | undefined;
    readonly containerOverrides: readonly ContainerOverride[];
  };
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly containers: TaskContainer[];
  readonly attachments: readonly unknown[];
  readonly attributes: readonly KeyValue[];
  readonly availabilityZone: string;
  readonly enableExecuteCommand: boolean;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  connectivity?: 'CONNECTED';
  version: number;
  readonly createdAt: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  executionStoppedAt?: number;
  stopCode?: StopCode;
  stoppedReason?: string;
}

export type StopCode =
  | 'EssentialContainerExited'
  | 'TaskFailedToStart'
  | 'UserInitiated'
  | 'SpotInterruption'
  | 'ServiceSchedulerInitiated';

/** The id that stands at the end of a task's ARN. */
export const taskIdOf = (taskArn: string): string => taskArn.slice(taskArn.lastIndexOf('/') + 1);

/** Moves a task on, never back. Gives whether it moved. */
export function advance(task: Task, status: TaskStatus): boolean {
  if (taskStatuses.indexOf(status) <= taskStatuses.indexOf(task.lastStatus)) return false;
  task.lastStatus = status;
  task.version += 1;
  return true;
}

/** The `detail` of an ECS Task State Change event: times as ISO 8601, as EventBridge has them. */
export function eventDetail(task: Task, now: Date): Record<string, unknown> {
  const iso = (seconds: number | undefined) =>
    seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
  const { tags: _tags, ...rest } = task;
  return {
    ...rest,
    createdAt: iso(task.createdAt),
    pullStartedAt: iso(task.pullStartedAt),
    pullStoppedAt: iso(task.pullStoppedAt),
    startedAt: iso(task.startedAt),
    stoppingAt: iso(task.stoppingAt),
    stoppedAt: iso(task.stoppedAt),
    executionStoppedAt: iso(task.executionStoppedAt),
    updatedAt: now.toISOString(),
    ephemeralStorage: { sizeInGiB: 20 },
  };
}
