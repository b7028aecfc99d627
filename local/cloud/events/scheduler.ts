import { randomUUID } from 'node:crypto';
import { digitsOf } from '../cloudformation/identity.ts';
import type { CloudContext, Principal, Resource } from '../service.ts';
import type { Deliveries, Timer } from './delivery.ts';
import { busEvent, checkLambda, type Rule } from './rules.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

interface Job {
  readonly schedule: Schedule;
  readonly run: (time: Date) => void;
}

/**
 * Runs the schedules of rules and of EventBridge Scheduler. Gives what ends them.
 * Throws for an expression or a target that is not served.
 */
export function startSchedules(
  rules: readonly Rule[],
  context: CloudContext,
  deliveries: Deliveries,
  timer: Timer,
): () => void {
  const scheduler = context.assembly
    .byType('AWS::Scheduler::Schedule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map((resource) => schedulerJob(resource, context, deliveries));
  const jobs = [...rules.flatMap((rule) => ruleJob(rule, context) ?? []), ...scheduler];
  const clears = new Map<Job, () => void>();

  function arm(job: Job, after: Date): void {
    const next = job.schedule.next(after);
    if (next === undefined) return;
    const wait = () => {
      const left = next.getTime() - context.now().getTime();
      if (left > 0) {
        clears.set(job, timer(wait, left));
        return;
      }
      job.run(next);
      // After a machine slept, what was missed is not made up for: the next time lies ahead.
      arm(job, new Date(Math.max(next.getTime(), context.now().getTime() - 60_000)));
    };
    wait();
  }

  for (const job of jobs) arm(job, context.now());
  return () => {
    for (const clear of clears.values()) clear();
  };
}

function ruleJob(rule: Rule, context: CloudContext): Job | undefined {
  if (rule.schedule === undefined) return undefined;
  const event = { source: 'aws.events', detailType: 'Scheduled Event', resources: [rule.arn], detail: {} };
  return { schedule: parseSchedule(rule.schedule), run: (time) => rule.send(busEvent(event, context, time)) };
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function schedulerJob(resource: Resource, context: CloudContext, deliveries: Deliveries): Job {
  const { properties, physicalId: name, arn = '' } = resource;
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate, Target } = properties;
  checkLambda(Target.Arn, name);
  if (Target.Input !== undefined) JSON.parse(Target.Input);
  const [start, end] = [Date.parse(StartDate ?? '1970-01-01'), Date.parse(EndDate ?? '9999-12-31')];
  const attempts = Math.min(Number(Target.RetryPolicy?.MaximumRetryAttempts ?? 185) + 1, 3);
  return {
    schedule: parseSchedule(ScheduleExpression, ScheduleExpressionTimezone),
    run(time) {
      if (time.getTime() < start || time.getTime() > end) return;
      if (!mayCall(Target.RoleArn, Target.Arn, resource, context)) {
        context.log({
          service: 'scheduler',
          event: 'delivery.denied',
          schedule: name,
          role: Target.RoleArn,
          function: Target.Arn,
        });
        return;
      }
      const shown = `${time.toISOString().slice(0, 19)}Z`;
      const source = {
        source: 'aws.scheduler',
        detailType: 'Scheduled Event',
        resources: [arn],
        detail: '{}',
      };
      const input: string | undefined = Target.Input?.replaceAll('<aws.scheduler.schedule-arn>', arn)
        .replaceAll('<aws.scheduler.scheduled-time>', shown)
        .replaceAll('<aws.scheduler.execution-id>', randomUUID())
        .replaceAll('<aws.scheduler.attempt-number>', '1');
      deliveries.start(
        Target.Arn,
        input === undefined ? busEvent(source, context, time) : JSON.parse(input),
        attempts,
      );
    },
  };
}

/**
 * EventBridge Scheduler calls its target with a role of its own, which must trust it. What it names as the source is the
 * schedule's group. https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function mayCall(
  roleArn: string,
  functionArn: string,
  schedule: Resource,
  { iam, accountId, region }: CloudContext,
): boolean {
  const group = schedule.properties.GroupName ?? 'default';
  const source = { 'aws:SourceArn': `arn:aws:scheduler:${region}:${accountId}:schedule-group/${group}` };
  if (!iam.trusts(roleArn, 'scheduler.amazonaws.com', source)) return false;
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const sessionName = digitsOf(schedule, 32);
  const principal: Principal = {
    accountId,
    roleArn,
    userArn: `arn:aws:sts::${accountId}:assumed-role/${name}/${sessionName}`,
    userId: `AROA${digitsOf(schedule, 17).toUpperCase()}:${sessionName}`,
    sessionName,
  };
  return iam.allows(principal, 'lambda:InvokeFunction', functionArn);
}
