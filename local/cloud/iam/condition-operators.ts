import { BlockList, isIP } from 'node:net';
import { compilePattern, fillVariables, matches, type VariableLookup } from './wildcard.ts';

/** Does one value of a request satisfy one value of a policy? */
type Test = (actual: string, expected: string, lookup: VariableLookup) => boolean;

interface Operator {
  readonly test: Test;
  /** `…Not…` operators hold when no value matches, and when the key is absent. */
  readonly negated: boolean;
}

const equals: Test = (actual, expected, lookup) => fillVariables(expected, lookup) === actual;
const equalsIgnoringCase: Test = (actual, expected, lookup) =>
  fillVariables(expected, lookup)?.toLowerCase() === actual.toLowerCase();
const like: Test = (actual, expected, lookup) => {
  const pattern = compilePattern(expected, lookup);
  return pattern !== undefined && matches(pattern, actual);
};
/** Each of an ARN's six parts is matched by itself: a wildcard does not reach over a colon. */
const arnLike: Test = (actual, expected, lookup) => {
  const [parts, patterns] = [arnParts(actual), arnParts(expected)];
  return (
    parts !== undefined && patterns?.every((pattern, i) => like(parts[i] as string, pattern, lookup)) === true
  );
};
const number =
  (compare: (a: number, b: number) => boolean): Test =>
  (actual, expected) => {
    const [a, b] = [Number(actual), Number(expected)];
    return actual.trim() !== '' && expected.trim() !== '' && compare(a, b);
  };
const date =
  (compare: (a: number, b: number) => boolean): Test =>
  (actual, expected) =>
    compare(instant(actual), instant(expected));
const address: Test = (actual, expected) => {
  const [network = '', bits] = expected.split('/');
  const [family, other] = [isIP(network), isIP(actual)];
  if (family === 0 || family !== other) return false;
  const list = new BlockList();
  const type = family === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(network, bits === undefined ? (family === 6 ? 128 : 32) : Number(bits), type);
  return list.check(actual, type);
};

const is = (test: Test): Operator => ({ test, negated: false });
const not = (test: Test): Operator => ({ test, negated: true });

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * `Null` and the `IfExists`, `ForAllValues:` and `ForAnyValue:` forms are the evaluation's matter.
 */
const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is(equals),
  StringNotEquals: not(equals),
  StringEqualsIgnoreCase: is(equalsIgnoringCase),
  StringNotEqualsIgnoreCase: not(equalsIgnoringCase),
  StringLike: is(like),
  StringNotLike: not(like),
  ArnEquals: is(arnLike),
  ArnLike: is(arnLike),
  ArnNotEquals: not(arnLike),
  ArnNotLike: not(arnLike),
  NumericEquals: is(number((a, b) => a === b)),
  NumericNotEquals: not(number((a, b) => a === b)),
  NumericLessThan: is(number((a, b) => a < b)),
  NumericLessThanEquals: is(number((a, b) => a <= b)),
  NumericGreaterThan: is(number((a, b) => a > b)),
  NumericGreaterThanEquals: is(number((a, b) => a >= b)),
  DateEquals: is(date((a, b) => a === b)),
  DateNotEquals: not(date((a, b) => a === b)),
  DateLessThan: is(date((a, b) => a < b)),
  DateLessThanEquals: is(date((a, b) => a <= b)),
  DateGreaterThan: is(date((a, b) => a > b)),
  DateGreaterThanEquals: is(date((a, b) => a >= b)),
  Bool: is((actual, expected) => actual.toLowerCase() === expected.toLowerCase()),
  BinaryEquals: is((actual, expected) => actual === expected),
  IpAddress: is(address),
  NotIpAddress: not(address),
};

/** The operator of that name, or undefined: an operator that is not known must fail closed. */
export function operatorOf(name: string): Operator | undefined {
  return Object.hasOwn(operators, name) ? operators[name] : undefined;
}

function arnParts(arn: string): readonly string[] | undefined {
  if (arn === '*') return ['*', '*', '*', '*', '*', '*'];
  // A colon inside a policy variable separates nothing.
  const parts = arn.split(/:(?![^{]*\})/);
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** ISO 8601 or seconds since 1970. */
function instant(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
