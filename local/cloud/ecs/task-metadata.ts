import { randomUUID } from 'node:crypto';
import type { CloudContext, HttpReply } from '../service.ts';
import type { Task } from './task.ts';

const path = '/ecs-metadata/';

/**
 * The task metadata endpoint, version 4, of each task: its container, and `/task`. Statistics are not served.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
 */
export class TaskMetadata {
  readonly #context: CloudContext;
  readonly #tasks = new Map<string, Task>();

  constructor(context: CloudContext) {
    this.#context = context;
  }

  /** Makes the endpoint of a task. Gives its URI. */
  issue(task: Task): string {
    const id = randomUUID();
    this.#tasks.set(id, task);
    return `${this.#context.endpoint}${path}${id}`;
  }

  revoke(taskArn: string): void {
    for (const [id, task] of this.#tasks) if (task.taskArn === taskArn) this.#tasks.delete(id);
  }

  accepts(pathname: string): boolean {
    return pathname.startsWith(path);
  }

  reply(pathname: string): HttpReply {
    const [id = '', what] = pathname.slice(path.length).split('/');
    const task = this.#tasks.get(id);
    const body =
      task &&
      (what === undefined || what === '' ? containerOf(task) : what === 'task' ? taskOf(task) : undefined);
    if (body === undefined)
      return { status: 404, body: `The local cloud has no task metadata at ${what ?? 'this address'}` };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }
}

function containerOf(task: Task): Record<string, unknown> {
  const [container] = task.containers;
  return {
    DockerId: container?.containerArn.split('/').at(-1),
    Name: container?.name,
    Image: container?.image,
    ContainerARN: container?.containerArn,
    KnownStatus: container?.lastStatus,
    DesiredStatus: task.desiredStatus,
    Type: 'NORMAL',
    Labels: { 'com.amazonaws.ecs.task-arn': task.taskArn, 'com.amazonaws.ecs.cluster': task.clusterArn },
  };
}

function taskOf(task: Task): Record<string, unknown> {
  const [, family, revision] = /task-definition\/(.+):(\d+)$/.exec(task.taskDefinitionArn) ?? [];
  return {
    Cluster: task.clusterArn,
    TaskARN: task.taskArn,
    Family: family,
    Revision: revision,
    DesiredStatus: task.desiredStatus,
    KnownStatus: task.lastStatus,
    Limits: { CPU: Number(task.cpu) / 1024, Memory: Number(task.memory) },
    AvailabilityZone: task.availabilityZone,
    LaunchType: task.launchType,
    Containers: [containerOf(task)],
  };
}
