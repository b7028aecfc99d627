import { evaluateConditions, lookupIn, type RequestContext } from './conditions.ts';
import { listOf, type Statement } from './policy.ts';
import { compilePattern, matches } from './wildcard.ts';

export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/**
 * The decision of a set of statements: a Deny that applies wins, else one Allow is enough.
 * A condition operator that is not known makes an Allow fail and a Deny apply.
 */
export function evaluate(statements: readonly Statement[], question: Question): Decision {
  let decision: Decision = 'implicit-deny';
  for (const statement of statements) {
    if (!matchesAction(statement, question.action) || !matchesResource(statement, question)) continue;
    const verdict = evaluateConditions(statement.Condition, question.context);
    if (verdict === false) continue;
    if (statement.Effect === 'Deny') return 'explicit-deny';
    if (verdict === true) decision = 'allow';
  }
  return decision;
}

function matchesAction(statement: Statement, action: string): boolean {
  const named = (patterns: Statement['Action']) =>
    listOf(patterns).some((pattern) => {
      const compiled = compilePattern(pattern.toLowerCase(), () => undefined);
      return compiled !== undefined && matches(compiled, action.toLowerCase());
    });
  return statement.NotAction === undefined ? named(statement.Action) : !named(statement.NotAction);
}

function matchesResource(statement: Statement, { resource, context }: Question): boolean {
  const lookup = lookupIn(context);
  const named = (patterns: Statement['Resource']) =>
    listOf(patterns).some((pattern) => {
      const compiled = compilePattern(pattern, lookup);
      return compiled !== undefined && matches(compiled, resource);
    });
  return statement.NotResource === undefined ? named(statement.Resource) : !named(statement.NotResource);
}
