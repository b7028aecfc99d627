import type { GraphQLSchema } from 'graphql';
import type { Executor, Outcome, Request } from './execution.ts';
import type { Json, JsonObject } from './json.ts';
import { subscriptionTriggers } from './schema.ts';
import { selected } from './selection.ts';
import { matchesArguments, passes, type SubscriptionFilter } from './subscription-filter.ts';

/** What a subscriber is told. An event is a GraphQL response; an invalidation ends the subscription. */
export interface Subscriber {
  event(payload: JsonObject): void;
  invalidated(): void;
}

export interface Subscriptions {
  /**
   * Registers a subscription after its resolver has run. Returns how to end it, or the errors that refuse it.
   * Rejects with an AwsError when the caller may not subscribe at all.
   */
  add(
    request: Request,
    subscriber: Subscriber,
  ): Promise<{ remove: () => void } | { errors: readonly JsonObject[] }>;
  /** Tells subscribers about a mutation that has succeeded, and ends those that it invalidates. */
  publish(request: Request, outcome: Outcome): Promise<void>;
}

interface Subscription {
  readonly request: Request;
  readonly field: string;
  readonly args: JsonObject;
  readonly filter: SubscriptionFilter | undefined;
  readonly invalidation: SubscriptionFilter | undefined;
  readonly subscriber: Subscriber;
}

/** Keeps the API's subscriptions in memory: as in AppSync, an event that is missed while disconnected is lost. */
export function createSubscriptions(schema: GraphQLSchema, executor: Executor): Subscriptions {
  const triggers = subscriptionTriggers(schema);
  const active = new Set<Subscription>();
  return {
    async add(request, subscriber) {
      const node = request.operation.rootFields[0];
      const field = node && request.operation.rootType.getFields()[node.name.value];
      if (!node || !field) return { errors: [] };
      const outcome = await executor.run(request);
      // Only the field's own errors refuse: a subscription's selection is made of events, not of what its resolver gave.
      const errors = outcome.errors.filter(({ path }) => !Array.isArray(path) || path.length <= 1);
      if (errors.length > 0) return { errors };
      const key = (node.alias ?? node.name).value;
      const call = outcome.calls.get(key);
      const subscription: Subscription = {
        request,
        field: field.name,
        args: outcome.rootArguments.get(key) ?? {},
        filter: call?.subscriptionFilter,
        invalidation: call?.invalidationFilter,
        subscriber,
      };
      active.add(subscription);
      return { remove: () => active.delete(subscription) };
    },

    async publish(request, outcome) {
      const { rootFields, rootType, fragments } = request.operation;
      for (const node of rootFields) {
        const key = (node.alias ?? node.name).value;
        const field = rootType.getFields()[node.name.value];
        const value = outcome.data?.[key];
        if (!field || value === undefined || value === null) continue;
        const event = selected(schema, field.type, [node], fragments, value, 'responseName');
        await deliver(field.name, event);
      }
      for (const call of outcome.calls.values()) for (const wanted of call.invalidations) invalidate(wanted);
    },
  };

  async function deliver(mutation: string, event: Json): Promise<void> {
    for (const subscription of [...active]) {
      if (!triggers.get(subscription.field)?.includes(mutation) || !wants(subscription, event)) continue;
      const { data, errors } = await executor.select(subscription.request, { [subscription.field]: event });
      // The subscription may have ended while its selection was made.
      if (active.has(subscription))
        subscription.subscriber.event(errors.length > 0 ? { data, errors: [...errors] } : { data });
    }
  }

  function invalidate({
    subscriptionField,
    payload,
  }: {
    subscriptionField: string;
    payload: JsonObject;
  }): void {
    for (const subscription of [...active]) {
      if (subscription.field !== subscriptionField || !subscription.invalidation) continue;
      if (!passes(subscription.invalidation, payload)) continue;
      active.delete(subscription);
      subscription.subscriber.invalidated();
    }
  }
}

function wants({ filter, args }: Subscription, event: Json): boolean {
  return filter ? passes(filter, event) : matchesArguments(args, event);
}
