import type { ConditionContext } from '../service.ts';
import { operatorOf } from './condition-operators.ts';
import { listOf, type Statement } from './policy.ts';
import type { VariableLookup } from './wildcard.ts';

/** `unknown`: an operator that is not known decides, and the caller must fail closed. */
export type Verdict = boolean | 'unknown';

/** Condition keys are not case-sensitive. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** Makes a context; keys without a value are left out. Later ones win. */
export function requestContext(...contexts: readonly ConditionContext[]): RequestContext {
  const values = new Map<string, readonly string[]>();
  for (const context of contexts) {
    for (const [key, value] of Object.entries(context)) {
      if (value !== undefined) values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    }
  }
  return values;
}

/** Values for policy variables: keys with exactly one value. */
export function lookupIn(context: RequestContext): VariableLookup {
  return (key) => {
    const values = context.get(key);
    return values?.length === 1 ? values[0] : undefined;
  };
}

/** Evaluates a Condition element: every operator and every key of it must hold. */
export function evaluateConditions(condition: Statement['Condition'], context: RequestContext): Verdict {
  let verdict: Verdict = true;
  for (const [operator, keys] of Object.entries(condition ?? {})) {
    for (const [key, expected] of Object.entries(keys)) {
      const held = evaluateOne(
        operator,
        context.get(key.toLowerCase()),
        listOf(expected).map(String),
        context,
      );
      if (held === false) return false;
      if (held === 'unknown') verdict = 'unknown';
    }
  }
  return verdict;
}

const form = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/;

function evaluateOne(
  text: string,
  actual: readonly string[] | undefined,
  expected: readonly string[],
  context: RequestContext,
): Verdict {
  const [, quantifier, name = '', ifExists] = form.exec(text) ?? [];
  if (name === 'Null' && quantifier === undefined && ifExists === undefined) {
    return expected.includes(String(actual === undefined));
  }
  const operator = operatorOf(name);
  if (operator === undefined) return 'unknown';
  const { test, negated } = operator;
  if (actual === undefined)
    return ifExists !== undefined || quantifier === 'ForAllValues' || (negated && !quantifier);
  const lookup = lookupIn(context);
  const holds = (value: string) => expected.some((each) => test(value, each, lookup)) !== negated;
  // A key with several values needs a quantifier; without one, all of them must hold.
  return quantifier === 'ForAnyValue' ? actual.some(holds) : actual.every(holds);
}
