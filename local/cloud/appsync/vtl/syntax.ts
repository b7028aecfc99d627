import { createRequire } from 'node:module';

/** The syntax tree that amplify-velocity-template's parser gives, as far as AppSync's templates use it. */
export type Node = string | Reference | Literal | Operation | Directive | Block;

/** A directive with its body, closed by #end: the first element is the directive. */
export type Block = Node[];

export interface Reference {
  readonly type: 'references';
  readonly id: string;
  readonly path?: readonly PathStep[];
  readonly args?: unknown;
  readonly leader: '$' | '$!';
  readonly isWraped?: boolean;
  readonly pos?: { readonly first_line: number };
}

export type PathStep =
  | { readonly type: 'property'; readonly id: string }
  | { readonly type: 'method'; readonly id: string; readonly args: readonly Node[] | false }
  | { readonly type: 'index'; readonly id: Node };

export type Literal =
  | { readonly type: 'string'; readonly value: string; readonly isEval?: boolean }
  | { readonly type: 'integer' | 'decimal' | 'bool'; readonly value: string | number }
  | { readonly type: 'array'; readonly value?: readonly (Node | string)[]; readonly isRange?: boolean }
  | { readonly type: 'map'; readonly value?: Readonly<Record<string, Node>> };

export interface Operation {
  readonly type: 'math';
  readonly operator: string;
  readonly expression: readonly Node[];
}

export type Directive =
  | { readonly type: 'set'; readonly equal: readonly [Reference, Node] }
  | { readonly type: 'if' | 'elseif'; readonly condition: Node }
  | { readonly type: 'else' | 'break' | 'comment' }
  | { readonly type: 'foreach'; readonly to: string; readonly from: Node }
  | { readonly type: 'return'; readonly value: Node | null }
  | { readonly type: 'raw'; readonly value: string };

const { parse } = createRequire(import.meta.url)('amplify-velocity-template') as {
  parse: (source: string) => Block;
};

/** Parses a template. Throws with the line of the fault. */
export function parseTemplate(source: string): Block {
  return parse(source);
}

/** A reference as it was written: what an invalid one prints. */
export function referenceText(reference: Reference): string {
  const path = (reference.path ?? [])
    .map((step) =>
      step.type === 'index' ? '[…]' : step.type === 'method' ? `.${step.id}(…)` : `.${step.id}`,
    )
    .join('');
  return reference.isWraped
    ? `${reference.leader}{${reference.id}${path}}`
    : `${reference.leader}${reference.id}${path}`;
}
