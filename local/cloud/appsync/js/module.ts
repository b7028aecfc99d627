import { Script } from 'node:vm';
import { findFaults } from './rules.ts';
import { parseModule, type SyntaxNode } from './syntax.ts';

/** What a module imports: the local name, the module, and the exported name (`*` for the whole module). */
export interface Import {
  readonly local: string;
  readonly from: string;
  readonly exported: string;
}

/** Resolver code made ready to run: a script whose value is a function of the imports that gives the two handlers. */
export interface ResolverModule {
  readonly imports: readonly Import[];
  readonly script: Script;
}

/** What the runtime offers to import. */
export type Modules = Readonly<Record<string, readonly string[]>>;

/**
 * Reads the code of a resolver or function. Throws an error with every fault, its rule and its place, for code that
 * AppSync would not accept: APPSYNC_JS's rules, unknown imports, handlers that are missing.
 */
export function loadModule(name: string, code: string, known: Modules): ResolverModule {
  const faults = findFaults(code);
  if (faults.length > 0) {
    const lines = faults.map(
      (fault) => `${name}:${fault.line}:${fault.column} ${fault.message} (${fault.rule})`,
    );
    throw new Error(`APPSYNC_JS refuses this code:\n${lines.join('\n')}`);
  }
  const tree = parseModule(code);
  const imports: Import[] = [];
  const exported = new Map<string, string>();
  let source = code;
  const blank = (from: number, to: number) => {
    source = source.slice(0, from) + source.slice(from, to).replaceAll(/[^\n]/g, ' ') + source.slice(to);
  };
  for (const node of tree.body as SyntaxNode[]) {
    if (node.type === 'ImportDeclaration') {
      imports.push(...readImport(name, node, known));
      blank(node.start, node.end);
    } else if (node.type === 'ExportNamedDeclaration') {
      readExport(name, node, exported);
      if (node.declaration) blank(node.start, node.declaration.start);
      else blank(node.start, node.end);
    } else if (node.type.startsWith('Export')) {
      throw new Error(`${name} may only export the functions request and response by name`);
    }
  }
  for (const handler of ['request', 'response']) {
    if (!exported.has(handler)) throw new Error(`${name} does not export the function ${handler}`);
  }
  const parameters = imports.map((item) => item.local).join(', ');
  const handlers = `{ request: ${exported.get('request')}, response: ${exported.get('response')} }`;
  const wrapped = `((${parameters}) => { 'use strict'; ${source}\n;return ${handlers}; })`;
  return { imports, script: new Script(wrapped, { filename: name }) };
}

function readImport(name: string, node: SyntaxNode, known: Modules): Import[] {
  const from = node.source.value as string;
  const offered = Object.hasOwn(known, from) ? known[from] : undefined;
  if (!offered)
    throw new Error(`${name} imports ${from}: APPSYNC_JS offers only ${Object.keys(known).join(' and ')}`);
  return (node.specifiers as SyntaxNode[]).map((specifier) => {
    if (specifier.type === 'ImportNamespaceSpecifier')
      return { local: specifier.local.name, from, exported: '*' };
    const exported =
      specifier.type === 'ImportDefaultSpecifier' ? 'default' : (specifier.imported.name as string);
    if (!offered.includes(exported))
      throw new Error(`${name} imports ${exported}, which ${from} does not export`);
    return { local: specifier.local.name, from, exported };
  });
}

function readExport(name: string, node: SyntaxNode, exported: Map<string, string>): void {
  if (node.source) throw new Error(`${name} may only export the functions request and response by name`);
  for (const specifier of node.specifiers as SyntaxNode[])
    exported.set(specifier.exported.name, specifier.local.name);
  const declaration = node.declaration as SyntaxNode | null;
  if (declaration?.type === 'FunctionDeclaration') exported.set(declaration.id.name, declaration.id.name);
  for (const item of (declaration?.declarations ?? []) as SyntaxNode[])
    exported.set(item.id.name, item.id.name);
}
