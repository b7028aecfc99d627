import { resolve, type Scope } from './intrinsics.ts';
import { isObject, type Json } from './template.ts';

/** Evaluates a template's condition functions. Throws naming a function that is not known. */
export function evaluateCondition(condition: Json, scope: Scope): boolean {
  if (!isObject(condition)) throw new Error(`${scope.path}: not a condition: ${JSON.stringify(condition)}`);
  const [name, ...others] = Object.keys(condition);
  if (name === undefined || others.length > 0) {
    throw new Error(`${scope.path}: not a condition: ${JSON.stringify(condition)}`);
  }
  const argument = condition[name] as Json;
  if (name === 'Condition') return scope.condition(String(argument));
  const operands = Array.isArray(argument) ? argument : [argument];
  const truth = (operand: Json) => evaluateCondition(operand, scope);
  switch (name) {
    case 'Fn::Equals': {
      const [left, right] = operands.map((operand) => resolve(operand as Json, scope));
      return JSON.stringify(asText(left)) === JSON.stringify(asText(right));
    }
    case 'Fn::Not':
      return !truth(operands[0] as Json);
    case 'Fn::And':
      return operands.every((operand) => truth(operand as Json));
    case 'Fn::Or':
      return operands.some((operand) => truth(operand as Json));
    default:
      throw new Error(`${scope.path}: the condition function ${name} is not served by the local cloud`);
  }
}

/** CloudFormation compares numbers and booleans as text. */
function asText(value: Json | undefined): Json | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
