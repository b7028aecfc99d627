import { callsBetweenFunctions, cycle, declaredFunctions } from './functions.ts';
import { isFunction, parseModule, type SyntaxNode, walk } from './syntax.ts';

/** A place where code uses what the APPSYNC_JS runtime refuses. Rules have the names of @aws-appsync/eslint-plugin. */
export interface Fault {
  readonly rule: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** AppSync's quota for the code of one resolver or function, in characters. */
const MAX_CODE = 32_768;

/** Statements and expressions that the runtime does not have at all. */
const REFUSED: Readonly<Record<string, readonly [rule: string, message: string]>> = {
  AwaitExpression: ['no-await', 'The await keyword is not supported'],
  ClassDeclaration: ['no-classes', 'Classes are not supported'],
  ClassExpression: ['no-classes', 'Classes are not supported'],
  ForStatement: ['no-for', 'For statements are not supported: use for-of or for-in'],
  ContinueStatement: ['no-continue', 'Continue statements are not supported'],
  LabeledStatement: ['no-labels', 'Labeled statements are not supported'],
  ThisExpression: ['no-this', 'this is not supported'],
  TryStatement: ['no-try', 'Try statements are not supported'],
  ThrowStatement: ['no-throw', 'Throw statements are not supported: use util.error()'],
  WhileStatement: ['no-while', 'While statements are not supported'],
  DoWhileStatement: ['no-while', 'do…while statements are not supported'],
  YieldExpression: ['no-yield', 'Yield is not supported'],
  ImportExpression: ['no-import', 'Dynamic imports are not supported'],
};

/** The methods that may be given a function, wherever they are called. */
const TAKES_FUNCTION = new Set(
  'map find filter findIndex findLast findLastIndex forEach reduce reduceRight every some flatMap'.split(' '),
);

/** Methods that the runtime does not implement, by object. */
const DENIED_STATIC: Readonly<Record<string, readonly string[]>> = {
  Array: ['from', 'of'],
  Object: (
    'create defineProperties defineProperty freeze getOwnPropertyDescriptor getOwnPropertyDescriptors ' +
    'getOwnPropertyNames getOwnPropertySymbols getPrototypeOf is isExtensible isFrozen isSealed ' +
    'preventExtensions seal setPrototypeOf'
  ).split(' '),
  String: ['fromCharCode', 'fromCodePoint', 'raw'],
};

/** Methods of strings, arrays and dates that the runtime does not implement and no other object is likely to have. */
const DENIED_METHODS = new Set(
  (
    'copyWithin hasOwnProperty isPrototypeOf propertyIsEnumerable charCodeAt localeCompare matchAll padEnd padStart ' +
    'repeat toLocaleLowerCase toLocaleUpperCase toLocaleDateString toLocaleTimeString toLocaleString setDate ' +
    'setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setUTCDate setUTCFullYear setUTCHours ' +
    'setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds setYear toGMTString call apply bind'
  ).split(' '),
);

/**
 * Finds what AppSync would refuse when the code is deployed. The rules that need types in the linter (methods,
 * functions as values, recursion) go by name here.
 */
export function findFaults(code: string): Fault[] {
  if (code.length > MAX_CODE) {
    return [
      { rule: 'code-size', message: `The code is longer than ${MAX_CODE} characters`, line: 1, column: 1 },
    ];
  }
  const faults: Fault[] = [];
  let tree: SyntaxNode;
  try {
    tree = parseModule(code);
  } catch (error) {
    const at = (error as { loc?: { line: number; column: number } }).loc;
    return [
      {
        rule: 'syntax',
        message: (error as Error).message,
        line: at?.line ?? 1,
        column: (at?.column ?? 0) + 1,
      },
    ];
  }
  const functions = declaredFunctions(tree);
  const report = (node: SyntaxNode, rule: string, message: string) =>
    faults.push({ rule, message, line: node.loc.start.line, column: node.loc.start.column + 1 });
  const isFunctionValue = (node: SyntaxNode | null | undefined) =>
    isFunction(node) || (node?.type === 'Identifier' && functions.has(node.name as string));

  walk(tree, (node, parents) => {
    const refused = REFUSED[node.type];
    if (refused) report(node, ...refused);
    if (isFunction(node)) {
      if (node.async) report(node, 'no-async', 'Async functions are not supported');
      if (node.generator) report(node, 'no-generators', 'Generator functions are not supported');
    }
    switch (node.type) {
      case 'Literal':
        if (node.regex) report(node, 'no-regex', 'Regex literals are not supported: use util.matches()');
        break;
      case 'UnaryExpression':
        if (node.operator === '~')
          report(node, 'no-disallowed-unary-operators', 'The operator ~ is not supported');
        break;
      case 'UpdateExpression':
        report(node, 'no-disallowed-unary-operators', `The operator ${node.operator} is not supported`);
        break;
      case 'BinaryExpression':
        if (node.operator === 'in')
          report(node, 'no-in-operator', 'The operator in is not supported: use Object.hasOwn()');
        if (node.operator === 'instanceof') {
          report(node, 'no-disallowed-binary-operators', 'The operator instanceof is not supported');
        }
        break;
      case 'Identifier':
        if (node.name === 'Promise' && !isPropertyName(node, parents))
          report(node, 'no-promise', 'Promise is not supported');
        break;
      case 'CallExpression':
        checkCall(node);
        break;
      case 'ReturnStatement':
        if (isFunctionValue(node.argument))
          report(node, 'no-function-return', 'Returning a function is not allowed');
        break;
      case 'ArrowFunctionExpression':
        if (isFunctionValue(node.body))
          report(node, 'no-function-return', 'Returning a function is not allowed');
        break;
      case 'VariableDeclarator':
        if (node.init?.type === 'Identifier' && functions.has(node.init.name as string)) {
          report(node, 'no-function-reassign', 'Re-assigning a function is not allowed');
        }
        break;
      case 'AssignmentExpression':
        if (node.right.type === 'Identifier' && functions.has(node.right.name as string)) {
          report(node, 'no-function-reassign', 'Re-assigning a function is not allowed');
        }
        break;
    }
  });
  for (const name of ['request', 'response']) checkContextAssignments(functions.get(name));
  const recursion = cycle(callsBetweenFunctions(functions));
  if (recursion) {
    const first = functions.get(recursion[0] ?? '') ?? tree;
    report(first, 'no-recursion', `Recursive function calls are not supported: ${recursion.join(' -> ')}`);
  }
  return faults;

  function checkCall(node: SyntaxNode): void {
    const callee: SyntaxNode = node.callee;
    const method =
      callee.type === 'MemberExpression' && !callee.computed ? (callee.property.name as string) : undefined;
    if (
      (node.arguments as SyntaxNode[]).some(isFunctionValue) &&
      (method === undefined || !TAKES_FUNCTION.has(method))
    ) {
      report(node, 'no-function-passing', 'Functions can not be passed as an argument');
    }
    if (method === undefined) return;
    const owner = callee.object.type === 'Identifier' ? (callee.object.name as string) : '';
    const denied = Object.hasOwn(DENIED_STATIC, owner) ? DENIED_STATIC[owner] : undefined;
    if (denied?.includes(method) || DENIED_METHODS.has(method)) {
      report(
        node,
        'no-disallowed-methods',
        `Method ${denied ? `${owner}.` : ''}${method} is not implemented`,
      );
    }
  }

  /** `ctx = …` and `ctx.prop = …` are refused in handlers; `ctx.stash.prop = …` is not. */
  function checkContextAssignments(handler: SyntaxNode | undefined): void {
    const parameter = handler?.params?.[0];
    if (!handler || parameter?.type !== 'Identifier') return;
    walk(handler.body, (node) => {
      const target: SyntaxNode | undefined =
        node.type === 'AssignmentExpression'
          ? node.left
          : node.type === 'UnaryExpression' && node.operator === 'delete'
            ? node.argument
            : undefined;
      const owner = target?.type === 'MemberExpression' ? target.object : target;
      if (owner?.type === 'Identifier' && owner.name === parameter.name) {
        report(
          node,
          'no-disallowed-re-assignment',
          `${parameter.name} and its properties can not be assigned`,
        );
      }
    });
  }
}

function isPropertyName(node: SyntaxNode, parents: readonly SyntaxNode[]): boolean {
  const parent = parents.at(-1);
  if (parent?.type === 'MemberExpression') return parent.property === node && !parent.computed;
  return parent?.type === 'Property' && parent.key === node && !parent.computed;
}
