/** Policy documents as templates hold them. */
type OneOrMany<T> = T | readonly T[];

export type PrincipalElement = '*' | Readonly<Record<string, OneOrMany<string>>>;

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  /** Operator, then condition key, then values. */
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>
  >;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: OneOrMany<Statement>;
}

const known = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

/** One or many, as a list. */
export function listOf<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Statements of a document. Throws when one is not a statement: `where` tells people which document it was. */
export function statementsOf(document: PolicyDocument, where: string): readonly Statement[] {
  return listOf(document?.Statement).map((statement) => {
    const unknown = Object.keys(statement).find((key) => !known.has(key));
    if (unknown !== undefined) throw new Error(`${where}: a policy statement cannot have ${unknown}`);
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
      throw new Error(`${where}: the effect of a policy statement is Allow or Deny, not ${statement.Effect}`);
    }
    return statement;
  });
}
