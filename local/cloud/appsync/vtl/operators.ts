import { ResolverError } from '../resolver-error.ts';
import type { Node, Operation } from './syntax.ts';
import { equalValues, isTrue, toText, type Value } from './values.ts';

/** Evaluates an operator of an expression. `&&` and `||` stop early. */
export function calculate(operation: Operation, evaluate: (node: Node) => Value): Value {
  const left = () => evaluate(operation.expression[0] as Node);
  const right = () => evaluate(operation.expression[1] as Node);
  switch (operation.operator) {
    case 'parenthesis':
      return left();
    case 'not':
      return !isTrue(left());
    case '&&':
      return isTrue(left()) && isTrue(right());
    case '||':
      return isTrue(left()) || isTrue(right());
    case '==':
      return isEqual(left(), right());
    case '!=':
      return !isEqual(left(), right());
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operation.operator, left(), right());
    case 'minus':
      return -number('-', left());
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(operation.operator, left(), right());
    default:
      throw new ResolverError(`The operator ${operation.operator} is not known`, 'MappingTemplate');
  }
}

/** Values of different types are equal when they print the same, as in Velocity. */
function isEqual(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  if (typeof left === typeof right) return equalValues(left, right);
  return toText(left) === toText(right);
}

/** Only numbers have an order; anything else compares false. */
function compare(operator: '<' | '<=' | '>' | '>=', left: Value, right: Value): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value): Value {
  const a = number(operator, left);
  const b = number(operator, right);
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (b === 0) return null;
  if (operator === '%') return a % b;
  return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b;
}

function number(operator: string, value: Value): number {
  if (typeof value !== 'number') {
    throw new ResolverError(
      `${operator} takes numbers, not ${value === null ? 'null' : toText(value)}`,
      'MappingTemplate',
    );
  }
  return value;
}
