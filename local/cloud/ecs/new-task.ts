import { randomBytes } from 'node:crypto';
import type { CloudContext, Resource } from '../service.ts';
import type { CapacityProvider } from './capacity.ts';
import type { RunTaskInput } from './run-task-input.ts';
import type { Task } from './task.ts';
import { containerOf } from './task-definition.ts';
import { taskSizeOf } from './task-size.ts';

/** A task as RunTask answers it: PROVISIONING, nothing of it runs yet. */
export function newTask(
  input: RunTaskInput,
  from: {
    readonly clusterArn: string;
    readonly definition: Resource & { readonly arn: string };
    readonly provider: CapacityProvider | undefined;
    readonly context: CloudContext;
  },
): Task {
  const { clusterArn, definition, provider, context } = from;
  const id = randomBytes(16).toString('hex');
  const prefix = clusterArn.slice(0, clusterArn.indexOf(':cluster/'));
  const cluster = clusterArn.slice(clusterArn.lastIndexOf('/') + 1);
  const taskArn = `${prefix}:task/${cluster}/${id}`;
  const { Cpu, Memory, Family, RuntimePlatform } = definition.properties;
  const { Name, Image, Cpu: containerCpu } = containerOf(definition);
  const architecture = String(RuntimePlatform?.CpuArchitecture ?? 'X86_64').toLowerCase();
  return {
    taskArn,
    clusterArn,
    taskDefinitionArn: definition.arn,
    group: input.group ?? `family:${Family}`,
    ...(input.startedBy ? { startedBy: input.startedBy } : {}),
    launchType: 'FARGATE',
    ...(provider ? { capacityProviderName: provider } : {}),
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    ...taskSizeOf(Cpu, Memory, input.overrides),
    overrides: input.overrides,
    tags: [...tagsOf(definition, input), ...input.tags],
    containers: [
      {
        containerArn: `${prefix}:container/${cluster}/${id}/${randomBytes(8).toString('hex')}`,
        taskArn,
        name: Name,
        image: Image,
        lastStatus: 'PENDING',
        networkInterfaces: [],
        cpu: String(containerCpu ?? 0),
      },
    ],
    attachments: [],
    attributes: [{ name: 'ecs.cpu-architecture', value: architecture }],
    availabilityZone: `${context.region}a`,
    enableExecuteCommand: false,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    createdAt: context.now().getTime() / 1000,
  };
}

/** Tags of the definition, where the request wants them on its tasks. */
function tagsOf(definition: Resource, input: RunTaskInput): { key: string; value: string }[] {
  if (input.propagateTags !== 'TASK_DEFINITION') return [];
  const tags: readonly { Key: string; Value: string }[] = definition.properties.Tags ?? [];
  const own = new Set(input.tags.map((tag) => tag.key));
  return tags.filter(({ Key }) => !own.has(Key)).map(({ Key, Value }) => ({ key: Key, value: Value }));
}
