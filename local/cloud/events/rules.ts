import { randomUUID } from 'node:crypto';
import { compilePattern as compileArnPattern, matches } from '../iam/wildcard.ts';
import type { CloudContext, Resource } from '../service.ts';
import type { Deliveries } from './delivery.ts';
import { compilePattern } from './pattern.ts';
import { compileTarget, type TargetInput } from './target.ts';

interface Target extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number };
}

/** An event as rules and targets see it. */
export interface BusEvent {
  readonly id: string;
  readonly [key: string]: unknown;
}

/** A rule that is switched on. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly schedule: string | undefined;
  matches(event: BusEvent): boolean;
  /** Delivers an event to the rule's targets, where they let it. */
  send(event: BusEvent): void;
}

const reserved = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event.json',
  'aws.events.event',
];

/** Rules of the default bus. Throws for a target, a pattern or a template that is not served. */
export function readRules(context: CloudContext, deliveries: Deliveries): readonly Rule[] {
  return context.assembly
    .byType('AWS::Events::Rule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map((resource) => readRule(resource, context, deliveries));
}

function readRule(
  { properties, physicalId: name, arn = '' }: Resource,
  context: CloudContext,
  deliveries: Deliveries,
): Rule {
  const { EventPattern, ScheduleExpression, EventBusName = 'default' } = properties;
  if (!/(^|\/)default$/.test(EventBusName)) {
    throw new Error(`The local cloud has the default event bus only: ${name} is on ${EventBusName}`);
  }
  const pattern = EventPattern === undefined ? () => false : compilePattern(EventPattern);
  const targets = ((properties.Targets ?? []) as readonly Target[]).map((target) => {
    checkLambda(target.Arn, name);
    const retries = target.RetryPolicy?.MaximumRetryAttempts;
    const attempts = retries === undefined ? undefined : Math.min(retries + 1, 3);
    return { functionArn: target.Arn, attempts, payload: compileTarget(target, reserved) };
  });
  return {
    name,
    arn,
    schedule: ScheduleExpression,
    matches: pattern,
    send(event) {
      for (const { functionArn, attempts, payload } of targets) {
        if (!isPermitted(functionArn, 'events.amazonaws.com', arn, context)) {
          context.log({ service: 'events', event: 'delivery.denied', rule: name, function: functionArn });
          continue;
        }
        const { detail: _detail, ...withoutDetail } = event;
        const variables = {
          'aws.events.rule-arn': arn,
          'aws.events.rule-name': name,
          'aws.events.event.ingestion-time': context.now().toISOString(),
          'aws.events.event.json': event,
          'aws.events.event': withoutDetail,
        };
        try {
          deliveries.start(functionArn, payload(event, variables), attempts);
        } catch (error) {
          context.log({
            service: 'events',
            event: 'delivery.failed',
            rule: name,
            id: event.id,
            error: String(error),
          });
        }
      }
    },
  };
}

/** Throws when a target is no Lambda function. */
export function checkLambda(targetArn: string, name: string): void {
  if (/^arn:[^:]+:lambda:/.test(targetArn)) return;
  throw new Error(`The local cloud's EventBridge has Lambda targets only: ${name} has ${targetArn}`);
}

/** Does the function's own policy let a service call it for this source? */
function isPermitted(
  functionArn: string,
  service: string,
  sourceArn: string,
  context: CloudContext,
): boolean {
  return context.assembly.byType('AWS::Lambda::Permission').some(({ properties }) => {
    const { Action, FunctionName, Principal, SourceArn, SourceAccount } = properties;
    const source = SourceArn === undefined ? undefined : compileArnPattern(SourceArn, () => undefined);
    return (
      [functionArn, functionArn.split(':').at(-1)].includes(FunctionName) &&
      ['lambda:InvokeFunction', 'lambda:*'].includes(Action) &&
      Principal === service &&
      (source === undefined || matches(source, sourceArn)) &&
      (SourceAccount === undefined || SourceAccount === context.accountId)
    );
  });
}

/** An event in EventBridge's envelope. */
export function busEvent(
  event: { source: string; detailType: string; resources: readonly string[]; detail: unknown },
  { region, accountId }: CloudContext,
  time: Date,
): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': event.detailType,
    source: event.source,
    account: accountId,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region,
    resources: [...event.resources],
    // The event is what stood at this moment: later changes of the object must not show.
    detail: structuredClone(event.detail),
  };
}
