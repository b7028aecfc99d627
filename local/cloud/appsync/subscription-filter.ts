import { equalJson, isJsonObject, type Json, type JsonObject } from './json.ts';
import { ResolverError } from './resolver-error.ts';

const OPERATORS = [
  'eq',
  'ne',
  'le',
  'lt',
  'ge',
  'gt',
  'contains',
  'notContains',
  'beginsWith',
  'in',
  'notIn',
  'between',
  'containsAny',
] as const;
type Operator = (typeof OPERATORS)[number];

export interface FilterRule {
  readonly fieldName: string;
  readonly operator: Operator;
  readonly value: Json;
}

/** AppSync's enhanced filter: a group passes when all its rules do, the filter when any group does. */
export interface SubscriptionFilter {
  readonly filterGroup: readonly { readonly filters: readonly FilterRule[] }[];
}

const LIMITS = { groups: 10, rules: 20, listValues: 20, depth: 5 };

/**
 * Checks what a resolver gave to `extensions.setSubscriptionFilter`. Throws a ResolverError that names the fault
 * (limits: https://docs.aws.amazon.com/appsync/latest/devguide/extensions.html).
 */
export function readSubscriptionFilter(value: Json): SubscriptionFilter {
  if (!isJsonObject(value) || !Array.isArray(value.filterGroup)) throw invalid('it has no filterGroup');
  if (value.filterGroup.length > LIMITS.groups) throw invalid(`it has more than ${LIMITS.groups} groups`);
  const filterGroup = value.filterGroup.map((group) => {
    if (!isJsonObject(group) || !Array.isArray(group.filters)) throw invalid('a group has no filters');
    if (group.filters.length > LIMITS.rules) throw invalid(`a group has more than ${LIMITS.rules} filters`);
    return { filters: group.filters.map(readRule) };
  });
  return { filterGroup };
}

/** Whether an event passes. Fields are looked up in the mutation's selected result only, dots reach into objects. */
export function passes(filter: SubscriptionFilter, event: Json): boolean {
  if (filter.filterGroup.length === 0) return true;
  return filter.filterGroup.some((group) =>
    group.filters.every((rule) => holds(rule, lookUp(event, rule.fieldName))),
  );
}

/** Without a filter, each argument of the subscription must equal the event's field of that name; null only equals null. */
export function matchesArguments(args: JsonObject, event: Json): boolean {
  return Object.entries(args).every(([name, wanted]) => equalJson(lookUp(event, name) ?? null, wanted));
}

function readRule(rule: Json): FilterRule {
  if (!isJsonObject(rule) || typeof rule.fieldName !== 'string') throw invalid('a filter has no fieldName');
  const operator = OPERATORS.find((known) => known === rule.operator);
  if (!operator) throw invalid(`the operator ${String(rule.operator)} is not known`);
  if (rule.fieldName.split('.').length > LIMITS.depth)
    throw invalid(`${rule.fieldName} is nested too deeply`);
  const value = rule.value ?? null;
  const wantsList =
    operator === 'in' || operator === 'notIn' || operator === 'between' || operator === 'containsAny';
  if (wantsList !== Array.isArray(value)) {
    throw invalid(`${operator} on ${rule.fieldName} takes ${wantsList ? 'a list' : 'a single value'}`);
  }
  if (Array.isArray(value)) {
    if (operator === 'between' && value.length !== 2)
      throw invalid(`between on ${rule.fieldName} takes two values`);
    if (value.length > LIMITS.listValues)
      throw invalid(`${operator} on ${rule.fieldName} has too many values`);
  }
  return { fieldName: rule.fieldName, operator, value };
}

function invalid(reason: string): ResolverError {
  return new ResolverError(`Invalid subscription filter: ${reason}`, 'InvalidSubscriptionFilter');
}

function lookUp(event: Json, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const name of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function holds({ operator, value }: FilterRule, actual: Json | undefined): boolean {
  // An unselected field passes nothing, not even a negative operator: AppSync has no value to compare.
  if (actual === undefined) return false;
  switch (operator) {
    case 'eq':
      return equalJson(actual, value);
    case 'ne':
      return !equalJson(actual, value);
    case 'lt':
      return compare(actual, value, (order) => order < 0);
    case 'le':
      return compare(actual, value, (order) => order <= 0);
    case 'gt':
      return compare(actual, value, (order) => order > 0);
    case 'ge':
      return compare(actual, value, (order) => order >= 0);
    case 'between':
      return (
        Array.isArray(value) &&
        compare(actual, value[0] ?? null, (order) => order >= 0) &&
        compare(actual, value[1] ?? null, (order) => order <= 0)
      );
    case 'in':
      return Array.isArray(value) && value.some((item) => equalJson(item, actual));
    case 'notIn':
      return Array.isArray(value) && !value.some((item) => equalJson(item, actual));
    case 'beginsWith':
      return typeof actual === 'string' && typeof value === 'string' && actual.startsWith(value);
    case 'contains':
      return contains(actual, value);
    case 'notContains':
      return !contains(actual, value);
    case 'containsAny':
      return Array.isArray(value) && value.some((item) => contains(actual, item));
  }
}

function contains(actual: Json, value: Json): boolean {
  if (Array.isArray(actual)) return actual.some((item) => equalJson(item, value));
  return typeof actual === 'string' && typeof value === 'string' && actual.includes(value);
}

function compare(left: Json, right: Json, test: (order: number) => boolean): boolean {
  if (typeof left === 'number' && typeof right === 'number') return test(left - right);
  if (typeof left === 'string' && typeof right === 'string')
    return test(left < right ? -1 : left > right ? 1 : 0);
  return false;
}
