import { isFunction, type SyntaxNode, walk } from './syntax.ts';

/** Functions that have a name, declared or assigned to a constant, wherever in the module. */
export function declaredFunctions(tree: SyntaxNode): Map<string, SyntaxNode> {
  const functions = new Map<string, SyntaxNode>();
  walk(tree, (node) => {
    if (node.type === 'FunctionDeclaration' && node.id) functions.set(node.id.name, node);
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && isFunction(node.init)) {
      functions.set(node.id.name, node.init);
    }
  });
  return functions;
}

/** Who calls whom, by name. */
export function callsBetweenFunctions(functions: ReadonlyMap<string, SyntaxNode>): Map<string, Set<string>> {
  const calls = new Map<string, Set<string>>();
  for (const [name, declaration] of functions) {
    const called = new Set<string>();
    walk(declaration, (node) => {
      if (
        node.type === 'CallExpression' &&
        node.callee.type === 'Identifier' &&
        functions.has(node.callee.name)
      ) {
        called.add(node.callee.name);
      }
    });
    calls.set(name, called);
  }
  return calls;
}

/** The first chain of calls that comes back to where it began, or undefined. */
export function cycle(calls: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  for (const name of calls.keys()) {
    const found = follow(name, [name]);
    if (found) return found;
  }
  return undefined;

  function follow(name: string, path: readonly string[]): string[] | undefined {
    for (const next of calls.get(name) ?? []) {
      if (next === path[0]) return [...path, next];
      if (path.includes(next)) continue;
      const found = follow(next, [...path, next]);
      if (found) return found;
    }
    return undefined;
  }
}
