import {
  ConflictException,
  DescribeTasksCommand,
  ECSClient,
  InvalidParameterException,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { RunTaskRequest, RunTaskResult, TaskInfo, TaskRunner } from '../core/ports.ts';
import { isCapacityReason, taskIdOf } from '../core/task-event.ts';

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

/** Tasks of the agent's cluster. */
export function ecsTaskRunner(place: TaskPlace, client = new ECSClient({})): TaskRunner {
  const cluster = place.clusterArn;
  return {
    run: async (request) => {
      try {
        const { tasks, failures } = await client.send(new RunTaskCommand(runTaskInput(place, request)));
        const taskArn = tasks?.[0]?.taskArn;
        if (taskArn) return { outcome: 'started', taskId: taskIdOf(taskArn) };
        const reason =
          failures?.map((failure) => failure.reason ?? '').join('; ') || 'no task and no failure';
        return { outcome: isCapacityReason(reason) ? 'no-capacity' : 'failed', reason };
      } catch (error) {
        return refusal(error);
      }
    },

    stop: async (taskId, reason) => {
      try {
        await client.send(new StopTaskCommand({ cluster, task: taskId, reason }));
      } catch (error) {
        // ECS forgets a stopped task after an hour.
        if (!(error instanceof InvalidParameterException && /not found/i.test(error.message))) throw error;
      }
    },

    list: async () => {
      const tasks: TaskInfo[] = [];
      let nextToken: string | undefined;
      do {
        const page = await client.send(new ListTasksCommand({ cluster, maxResults: 100, nextToken }));
        nextToken = page.nextToken;
        if (!page.taskArns || page.taskArns.length === 0) continue;
        const described = await client.send(new DescribeTasksCommand({ cluster, tasks: page.taskArns }));
        for (const task of described.tasks ?? []) {
          if (!task.taskArn || task.lastStatus === 'STOPPED') continue;
          tasks.push({
            taskId: taskIdOf(task.taskArn),
            lastStatus: task.lastStatus ?? '',
            createdAt: task.createdAt?.getTime() ?? 0,
          });
        }
      } while (nextToken);
      return tasks;
    },
  };
}

/** A task has no inbound port; its address is public because a NAT gateway costs more than everything else together. */
const runTaskInput = (place: TaskPlace, request: RunTaskRequest): RunTaskCommand['input'] => ({
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
  const existing = error instanceof ConflictException ? error.resourceIds?.[0] : undefined;
  if (existing) return { outcome: 'started', taskId: taskIdOf(existing) };
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (isCapacityReason(message)) return { outcome: 'no-capacity', reason: message };
  return { outcome: 'failed', reason: name };
}
