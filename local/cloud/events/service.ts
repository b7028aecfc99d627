import { AwsError, type AwsService, type CloudContext } from '../service.ts';
import { createDeliveries, realTimer, type Timer } from './delivery.ts';
import { putEvents } from './put-events.ts';
import { type BusEvent, busEvent, readRules } from './rules.ts';
import { startSchedules } from './scheduler.ts';

const target = 'AWSEvents.';
/** How long deliveries under way may take when the cloud closes. */
const closeSeconds = 5;

/** EventBridge: rules on the default bus, and schedules (of rules and of EventBridge Scheduler). */
export interface Events extends AwsService {
  emit(event: Parameters<CloudContext['emit']>[0]): void;
  /**
   * Sets after how many milliseconds each copy of an event is delivered; undefined: once and at once. EventBridge
   * promises "at least once", in no order and at no time.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-delivery-level.html
   */
  setDelivery(copies: ((event: BusEvent) => readonly number[]) | undefined): void;
  /** Resolves when no delivery is under way. */
  settled(): Promise<void>;
}

/**
 * Serves the rules and schedules of the assembly. Targets are Lambda functions; any other, and a pattern or schedule
 * that is not known, is refused at start. `retryMs`: pause before a delivery is tried again.
 */
export function createEvents(
  context: CloudContext,
  options: { timer?: Timer; retryMs?: number } = {},
): Events {
  const timer = options.timer ?? realTimer;
  const deliveries = createDeliveries(context, timer, options.retryMs ?? 1000);
  const rules = readRules(context, deliveries);
  let copiesOf: ((event: BusEvent) => readonly number[]) | undefined;
  const send = (event: BusEvent) => {
    for (const rule of rules) if (rule.matches(event)) rule.send(event);
  };
  const stopSchedules = startSchedules(rules, context, deliveries, timer);
  return {
    name: 'events',
    accepts: (request) => String(request.headers['x-amz-target'] ?? '').startsWith(target),
    async handle(request) {
      const principal = await context.iam.authenticate(request, 'events');
      const operation = String(request.headers['x-amz-target']).slice(target.length);
      if (operation !== 'PutEvents') {
        throw new AwsError('UnknownOperationException', `The local cloud's EventBridge has no ${operation}.`);
      }
      const answer = putEvents(JSON.parse(request.body.toString() || '{}'), principal, context);
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(answer),
      };
    },
    emit(event) {
      const whole = busEvent(event, context, context.now());
      if (copiesOf === undefined) return send(whole);
      for (const wait of copiesOf(whole)) deliveries.later(wait, () => send(whole));
    },
    setDelivery(copies) {
      copiesOf = copies;
    },
    settled: () => deliveries.settled(),
    async close() {
      stopSchedules();
      deliveries.stopRetrying();
      const limit = new Promise((resolve) => setTimeout(resolve, closeSeconds * 1000).unref());
      await Promise.race([deliveries.settled(), limit]);
    },
  };
}
