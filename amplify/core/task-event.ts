import * as z from 'zod';
import type { WakePhase } from './agent.ts';
import { toldSize } from './task-size.ts';

/**
 * What EventBridge tells of a task (detail type "ECS Task State Change"). Events repeat and come out of order;
 * `version` grows with each change of the task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export const taskEvent = toldSize.extend({
  taskArn: z.string().regex(/^arn:.+:task\/.+/),
  version: z.number().int().nonnegative(),
  lastStatus: z.string(),
  desiredStatus: z.string(),
  createdAt: z.string().optional(),
  /** When its image began to be fetched: from here on it is billed. */
  pullStartedAt: z.string().optional(),
  startedAt: z.string().optional(),
  stoppedAt: z.string().optional(),
  stopCode: z.string().optional(),
  stoppedReason: z.string().optional(),
});
export type TaskEvent = z.infer<typeof taskEvent>;

/** The last part of a task's ARN, which is also its session's name. */
export const taskIdOf = (taskArn: string): string => taskArn.slice(taskArn.lastIndexOf('/') + 1);

/** How far a wake is by a task's last status; undefined for one that says nothing about waking. */
export const phaseOf = (lastStatus: string): WakePhase | undefined => phases[lastStatus];
const phases: Partial<Record<string, WakePhase>> = {
  PROVISIONING: 'provisioning',
  PENDING: 'pulling',
  ACTIVATING: 'starting',
  RUNNING: 'starting',
};

/** Fargate's words for no capacity, in RunTask's `failures[].reason` as in a stopped task's reason. */
export const isCapacityReason = (reason: string | undefined): boolean =>
  /capacity is unavailable/i.test(reason ?? '');

/** A task that never started because there was no capacity: the second shape of that failure. */
export const lackedCapacity = (event: TaskEvent): boolean =>
  event.stopCode === 'TaskFailedToStart' && isCapacityReason(event.stoppedReason);

/** Begin, end and cause of a stop, short and without a person's data: ECS writes ids and addresses of its own into it. */
export const stopDetail = (event: TaskEvent): string =>
  [event.stopCode, event.stoppedReason].filter(Boolean).join(': ').slice(0, 200) || 'unknown';
