import type { Body } from './model.ts';

/**
 * Dynalite refuses parentheses that DynamoDB takes: doubled ones, as in `((a = b)) AND c`.
 * This removes one pair of each two that enclose the same text, and a pair around a whole expression.
 */
export function withoutRedundantParentheses(expression: string): string {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (let index = 0; index < expression.length; index += 1) {
    if (expression[index] === '(') open.push(index);
    if (expression[index] === ')') {
      const start = open.pop();
      if (start === undefined) return expression;
      pairs.set(start, index);
    }
  }
  if (open.length) return expression;
  const dropped = new Set<number>();
  const skip = (from: number, step: 1 | -1) => {
    let index = from;
    while (expression[index] === ' ') index += step;
    return index;
  };
  for (const [start, end] of pairs) {
    const inner = skip(start + 1, 1);
    if (expression[inner] === '(' && skip((pairs.get(inner) ?? -1) + 1, 1) === end) {
      dropped.add(inner).add(pairs.get(inner) ?? -1);
    }
    const whole = skip(0, 1) === start && skip(expression.length - 1, -1) === end;
    if (whole) dropped.add(start).add(end);
  }
  return [...expression].filter((_, index) => !dropped.has(index)).join('');
}

const expressions = ['ConditionExpression', 'FilterExpression', 'KeyConditionExpression'];

/** The request with every condition freed of redundant parentheses. */
export function withPlainExpressions(body: Body): Body {
  const plain = Object.entries(body).map(([name, value]) => [
    name,
    expressions.includes(name) && typeof value === 'string' ? withoutRedundantParentheses(value) : value,
  ]);
  return Object.fromEntries(plain);
}
