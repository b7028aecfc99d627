import { randomUUID } from 'node:crypto';
import type { AwsService, CloudContext, Resource } from '../service.ts';
import { compilePattern } from './pattern.ts';
import { parseSchedule } from './schedule.ts';
import { type TargetInput, targetPayload } from './target.ts';

interface Target extends TargetInput {
  readonly Arn: string;
  readonly RoleArn?: string;
}

/** Sets a timer; gives what clears it. Tests bring their own. */
export type Timer = (run: () => void, milliseconds: number) => () => void;

const realTimer: Timer = (run, milliseconds) => {
  const timer = setTimeout(run, Math.min(milliseconds, 2 ** 31 - 1));
  timer.unref();
  return () => clearTimeout(timer);
};

/** EventBridge: rules on the default bus, and schedules (of rules and of EventBridge Scheduler). */
export interface Events extends AwsService {
  emit(event: Parameters<CloudContext['emit']>[0]): void;
  /** Resolves when no delivery is under way. */
  settled(): Promise<void>;
}

const attempts = 3;

/** Serves the rules and schedules of the assembly. Targets are Lambda functions; any other is refused at start. */
export function createEvents(
  context: CloudContext,
  options: { timer?: Timer; retryMs?: number } = {},
): Events {
  const timer = options.timer ?? realTimer;
  const permissions = context.assembly.byType('AWS::Lambda::Permission');
  const deliveries = new Set<Promise<void>>();
  const clears = new Map<string, () => void>();

  const enabled = (resource: Resource) => (resource.properties.State ?? 'ENABLED') === 'ENABLED';
  const rules = context.assembly.byType('AWS::Events::Rule').filter(enabled);
  const patterns = rules
    .filter((rule) => rule.properties.EventPattern)
    .map((rule) => ({ rule, matches: compilePattern(rule.properties.EventPattern) }));
  for (const rule of rules) (rule.properties.Targets ?? []).forEach(checkTarget);

  function checkTarget(target: Target): void {
    if (!/^arn:[^:]+:lambda:/.test(target.Arn)) {
      throw new Error(`the local cloud's EventBridge has Lambda targets only, not ${target.Arn}`);
    }
  }

  /** A rule may call a function only where the function's own policy says so. */
  function permitted(functionArn: string, ruleArn: string): boolean {
    return permissions.some(
      ({ properties }) =>
        [functionArn, functionArn.split(':').pop()].includes(properties.FunctionName) &&
        properties.Action === 'lambda:InvokeFunction' &&
        properties.Principal === 'events.amazonaws.com' &&
        (properties.SourceArn === undefined || properties.SourceArn === ruleArn),
    );
  }

  async function deliver(functionArn: string, payload: unknown): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const result = await context.invoke(functionArn, payload).catch((error: unknown) => ({
        functionError: 'Unhandled' as const,
        payload: String(error),
      }));
      if (!result.functionError) return;
      const detail = (result.payload as { errorMessage?: string } | null)?.errorMessage;
      context.log({ service: 'events', event: 'delivery.failed', function: functionArn, attempt, detail });
      await new Promise<void>((resolve) => void timer(resolve, (options.retryMs ?? 1000) * attempt));
    }
  }

  function track(work: Promise<void>): void {
    deliveries.add(work);
    work.finally(() => deliveries.delete(work));
  }

  function send(rule: Resource, event: unknown): void {
    for (const target of (rule.properties.Targets ?? []) as Target[]) {
      if (!permitted(target.Arn, rule.arn ?? '')) {
        context.log({
          service: 'events',
          event: 'delivery.denied',
          rule: rule.physicalId,
          function: target.Arn,
        });
        continue;
      }
      track(deliver(target.Arn, targetPayload(target, event)));
    }
  }

  function scheduled(rule: Resource, time: Date) {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: context.accountId,
      time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
      region: context.region,
      resources: [rule.arn],
      detail: {},
    };
  }

  function every(
    key: string,
    expression: string,
    timeZone: string | undefined,
    run: (time: Date) => void,
  ): void {
    const schedule = parseSchedule(expression, timeZone);
    const arm = (after: Date) => {
      const next = schedule.next(after);
      if (!next) return;
      const wait = () => {
        const left = next.getTime() - context.now().getTime();
        if (left > 0) {
          clears.set(key, timer(wait, left));
          return;
        }
        run(next);
        arm(next);
      };
      wait();
    };
    arm(context.now());
  }

  for (const rule of rules) {
    const expression = rule.properties.ScheduleExpression;
    if (expression)
      every(rule.physicalId, expression, undefined, (time) => send(rule, scheduled(rule, time)));
  }
  for (const schedule of context.assembly.byType('AWS::Scheduler::Schedule').filter(enabled)) {
    const { ScheduleExpression, ScheduleExpressionTimezone, Target } = schedule.properties;
    checkTarget(Target);
    every(schedule.physicalId, ScheduleExpression, ScheduleExpressionTimezone, (time) => {
      const session = { roleArn: Target.RoleArn, sessionName: schedule.physicalId };
      track(deliverAs(session, Target, scheduled(schedule, time)));
    });
  }

  /** EventBridge Scheduler calls its target with a role of its own. */
  async function deliverAs(
    session: { roleArn: string; sessionName: string },
    target: Target,
    event: unknown,
  ): Promise<void> {
    const { roleArn, sessionName } = session;
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const principal = {
      accountId: context.accountId,
      roleArn,
      userArn: `arn:aws:sts::${context.accountId}:assumed-role/${name}/${sessionName}`,
      userId: `AROALOCAL:${sessionName}`,
      sessionName,
    };
    if (!context.iam.allows(principal, 'lambda:InvokeFunction', target.Arn)) {
      context.log({ service: 'scheduler', event: 'delivery.denied', role: roleArn, function: target.Arn });
      return;
    }
    await deliver(target.Arn, target.Input === undefined ? event : targetPayload(target, event));
  }

  return {
    name: 'events',
    accepts: () => false,
    async handle() {
      throw new Error('EventBridge has no API here');
    },
    emit({ source, detailType, resources, detail }) {
      const event = {
        version: '0',
        id: randomUUID(),
        'detail-type': detailType,
        source,
        account: context.accountId,
        time: context
          .now()
          .toISOString()
          .replace(/\.\d+Z$/, 'Z'),
        region: context.region,
        resources,
        // The event is what stood at this moment: later changes of the object must not show.
        detail: structuredClone(detail),
      };
      for (const { rule, matches } of patterns) if (matches(event)) send(rule, event);
    },
    async settled() {
      while (deliveries.size) await Promise.all(deliveries);
    },
    async close() {
      for (const clear of clears.values()) clear();
      await Promise.race([
        Promise.all(deliveries),
        new Promise((resolve) => setTimeout(resolve, 2000).unref()),
      ]);
    },
  };
}
