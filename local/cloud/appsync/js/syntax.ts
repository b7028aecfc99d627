import { parse } from 'acorn';

/** A node of the syntax tree (ESTree). */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };
  // biome-ignore lint/suspicious/noExplicitAny: ESTree's many shapes are told apart by `type`
  readonly [property: string]: any;
}

/** Parses an ES module. Throws SyntaxError with line and column. */
export function parseModule(code: string): SyntaxNode {
  return parse(code, { ecmaVersion: 2022, sourceType: 'module', locations: true }) as unknown as SyntaxNode;
}

/** Visits every node, parents first. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => void,
): void {
  step(node, []);
  function step(current: SyntaxNode, parents: readonly SyntaxNode[]): void {
    visit(current, parents);
    const inner = [...parents, current];
    for (const child of Object.values(current)) {
      for (const item of Array.isArray(child) ? child : [child]) {
        if (typeof item === 'object' && item !== null && typeof item.type === 'string') step(item, inner);
      }
    }
  }
}

export function isFunction(node: SyntaxNode | null | undefined): boolean {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}
