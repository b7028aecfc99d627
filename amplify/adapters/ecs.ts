import * as z from 'zod';
import type { RunTaskRequest, RunTaskResult, TaskInfo, TaskRunner } from '../core/ports.ts';
import { isCapacityReason, taskIdOf } from '../core/task-event.ts';
import { sizeTold, toldSize } from '../core/task-size.ts';
import type { AwsOptions } from './aws/client.ts';
import { isAwsFault } from './aws/fault.ts';
import { jsonClient } from './aws/json-client.ts';

const ecs = { name: 'ecs', target: 'AmazonEC2ContainerServiceV20141113', version: '1.1' } as const;
const started = z.object({
  tasks: z.array(z.object({ taskArn: z.string().optional() })).optional(),
  failures: z.array(z.object({ reason: z.string().optional() })).optional(),
});
const page = z.object({ taskArns: z.array(z.string()).default([]), nextToken: z.string().optional() });
const described = z.object({
  tasks: z
    .array(
      toldSize.extend({
        taskArn: z.string().optional(),
        lastStatus: z.string().optional(),
        /** Seconds since 1970. */
        createdAt: z.number().optional(),
      }),
    )
    .default([]),
});
const conflict = z.object({ resourceIds: z.tuple([z.string()], z.string()) });

/** Where and what a task runs. */
export interface TaskPlace {
  clusterArn: string;
  taskDefinitionArn: string;
  containerName: string;
  subnetIds: string[];
  securityGroupId: string;
  /** What a task is told: where to call, and what its metrics count for. */
  graphqlUrl: string;
  deployment: string;
}

/** Ends tasks of a cluster, and does nothing else with them. */
export function ecsTaskStopper(cluster: string, options?: AwsOptions): Pick<TaskRunner, 'stop'> {
  const call = jsonClient(ecs, options);
  return {
    stop: async (taskId, reason) => {
      try {
        await call('StopTask', { cluster, task: taskId, reason });
      } catch (error) {
        // ECS forgets a stopped task after an hour.
        if (!(isAwsFault(error, 'InvalidParameterException') && /not found/i.test(error.message)))
          throw error;
      }
    },
  };
}

/** Tasks of the agent's cluster. */
export function ecsTaskRunner(place: TaskPlace, options?: AwsOptions): TaskRunner {
  const call = jsonClient(ecs, options);
  const cluster = place.clusterArn;
  return {
    run: async (request) => {
      try {
        const { tasks, failures } = started.parse(await call('RunTask', runTaskInput(place, request)));
        const taskArn = tasks?.[0]?.taskArn;
        if (taskArn) return { outcome: 'started', taskId: taskIdOf(taskArn) };
        const reason =
          failures?.map((failure) => failure.reason ?? '').join('; ') || 'no task and no failure';
        return { outcome: isCapacityReason(reason) ? 'no-capacity' : 'failed', reason };
      } catch (error) {
        return refusal(error);
      }
    },

    ...ecsTaskStopper(cluster, options),

    list: async () => {
      const tasks: TaskInfo[] = [];
      let nextToken: string | undefined;
      do {
        const listed = page.parse(await call('ListTasks', { cluster, maxResults: 100, nextToken }));
        nextToken = listed.nextToken;
        if (listed.taskArns.length === 0) continue;
        const { tasks: found } = described.parse(
          await call('DescribeTasks', { cluster, tasks: listed.taskArns }),
        );
        for (const { taskArn, lastStatus = '', createdAt = 0, ...told } of found) {
          if (!taskArn || lastStatus === 'STOPPED') continue;
          tasks.push({
            taskId: taskIdOf(taskArn),
            lastStatus,
            createdAt: Math.round(createdAt * 1000),
            size: sizeTold(told),
          });
        }
      } while (nextToken);
      return tasks;
    },
  };
}

/** A task has no inbound port; its address is public because a NAT gateway costs more than everything else together. */
const runTaskInput = (place: TaskPlace, request: RunTaskRequest) => ({
  cluster: place.clusterArn,
  taskDefinition: place.taskDefinitionArn,
  count: 1,
  clientToken: request.clientToken,
  startedBy: request.startedBy,
  capacityProviderStrategy: [{ capacityProvider: request.capacity, weight: 1 }],
  enableExecuteCommand: false,
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: place.subnetIds,
      securityGroups: [place.securityGroupId],
      assignPublicIp: 'ENABLED',
    },
  },
  overrides: {
    cpu: String(request.size.cpu),
    memory: String(request.size.memory),
    containerOverrides: [
      {
        name: place.containerName,
        environment: [
          { name: 'GRAPHQL_URL', value: place.graphqlUrl },
          { name: 'DEPLOYMENT', value: place.deployment },
        ],
      },
    ],
  },
});

/** The token's task exists already (ConflictException names it), or ECS said no, or it was not reached. */
function refusal(error: unknown): RunTaskResult {
  const existing = isAwsFault(error, 'ConflictException')
    ? conflict.safeParse(error.body).data?.resourceIds[0]
    : undefined;
  if (existing) return { outcome: 'started', taskId: taskIdOf(existing) };
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (isCapacityReason(message)) return { outcome: 'no-capacity', reason: message };
  return { outcome: 'failed', reason: name };
}
