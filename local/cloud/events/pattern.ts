/**
 * Event patterns of EventBridge rules.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

type Pattern = { readonly [key: string]: Pattern | readonly unknown[] };
type Matcher = (value: unknown) => boolean;

/** Does the event match? Throws at an operator that EventBridge has and this has not, naming it. */
export function compilePattern(pattern: unknown): (event: unknown) => boolean {
  if (!pattern || typeof pattern !== 'object' || Array.isArray(pattern))
    throw new Error('an event pattern is an object');
  const parts = Object.entries(pattern as Pattern).map(([key, value]) => {
    if (key === '$or') {
      if (!Array.isArray(value)) throw new Error('$or takes a list of patterns');
      const any = value.map(compilePattern);
      return (event: unknown) => any.some((matches) => matches(event));
    }
    const field = (event: unknown) => (event as Record<string, unknown> | null | undefined)?.[key];
    if (!Array.isArray(value)) {
      const inner = compilePattern(value);
      return (event: unknown) => typeof field(event) === 'object' && inner(field(event));
    }
    const matchers = value.map(compileMatcher);
    return (event: unknown) => {
      const found = field(event);
      const values = Array.isArray(found) && found.length ? found : [found];
      return matchers.some((matches) => values.some(matches));
    };
  });
  return (event) => parts.every((matches) => matches(event));
}

const isText = (value: unknown): value is string => typeof value === 'string';

function compileMatcher(matcher: unknown): Matcher {
  if (matcher === null || typeof matcher !== 'object') return (value) => value === matcher;
  const [[operator, operand] = [], ...rest] = Object.entries(matcher);
  if (operator === undefined || rest.length) throw new Error('a matcher has one operator');
  const ignoreCase = (apply: (value: string, text: string) => boolean): Matcher => {
    if (isText(operand)) return (value) => isText(value) && apply(value, operand);
    const text = (operand as { 'equals-ignore-case'?: unknown })['equals-ignore-case'];
    if (!isText(text)) throw new Error(`${operator} takes text`);
    return (value) => isText(value) && apply(value.toLowerCase(), text.toLowerCase());
  };
  switch (operator) {
    case 'prefix':
      return ignoreCase((value, text) => value.startsWith(text));
    case 'suffix':
      return ignoreCase((value, text) => value.endsWith(text));
    case 'equals-ignore-case':
      return (value) => isText(value) && isText(operand) && value.toLowerCase() === operand.toLowerCase();
    case 'exists':
      return (value) => (value !== undefined) === operand;
    case 'wildcard': {
      const expression = new RegExp(`^${String(operand).split('*').map(literal).join('.*')}$`, 's');
      return (value) => isText(value) && expression.test(value);
    }
    case 'anything-but': {
      const excluded = (Array.isArray(operand) ? operand : [operand]).map(compileMatcher);
      return (value) => value !== undefined && !excluded.some((matches) => matches(value));
    }
    case 'numeric':
      return numeric(operand);
    default:
      throw new Error(`the local cloud does not know the event pattern operator '${operator}'`);
  }
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function numeric(operand: unknown): Matcher {
  if (!Array.isArray(operand) || operand.length % 2)
    throw new Error('numeric takes pairs of operator and number');
  const checks: Matcher[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = comparisons[String(operand[index])];
    const bound = Number(operand[index + 1]);
    if (!compare || Number.isNaN(bound)) throw new Error(`numeric does not know '${String(operand[index])}'`);
    checks.push((value) => typeof value === 'number' && compare(value, bound));
  }
  return (value) => checks.every((check) => check(value));
}
