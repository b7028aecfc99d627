import { describe, expect, it } from 'vitest';
import { findFaults } from './rules.ts';

const inRequest = (statement: string) => `export function request(ctx) { ${statement} }`;
const rules = (code: string) => findFaults(code).map((fault) => fault.rule);

describe('code for APPSYNC_JS', () => {
  it.each([
    ['async', 'export async function request() {}', 'no-async'],
    ['an async arrow', inRequest('const f = async () => 1;'), 'no-async'],
    ['await', 'export async function request() { await 1 }', 'no-await'],
    ['a class', 'class A {}', 'no-classes'],
    ['a C-style for', inRequest('for (let i = 0; i < 1; i += 1) {}'), 'no-for'],
    ['while', inRequest('while (false) {}'), 'no-while'],
    ['do…while', inRequest('do {} while (false)'), 'no-while'],
    ['continue', inRequest('for (const x of []) { continue }'), 'no-continue'],
    ['a generator', 'function* g() {}', 'no-generators'],
    ['a label', inRequest('a: for (const x of []) {}'), 'no-labels'],
    ['this', inRequest('return this'), 'no-this'],
    ['try', inRequest('try { 1 } catch {}'), 'no-try'],
    ['throw', inRequest('throw 1'), 'no-throw'],
    ['a regular expression', inRequest('return /a/'), 'no-regex'],
    ['++', inRequest('let i = 0; i++;'), 'no-disallowed-unary-operators'],
    ['~', inRequest('return ~1'), 'no-disallowed-unary-operators'],
    ['in', inRequest("return 'a' in ctx.args"), 'no-in-operator'],
    ['instanceof', inRequest('return ctx instanceof Object'), 'no-disallowed-binary-operators'],
    ['a promise', inRequest('return Promise.resolve(1)'), 'no-promise'],
    ['an assignment to ctx', inRequest('ctx = {}'), 'no-disallowed-re-assignment'],
    ['an assignment to ctx.stash', inRequest('ctx.stash = {}'), 'no-disallowed-re-assignment'],
    ['direct recursion', 'function f() { return f() }', 'no-recursion'],
    ['recursion in two steps', 'const f = () => g(); const g = () => f();', 'no-recursion'],
    [
      'a function given to a function',
      'function f(g) { return g } const x = f(() => 1);',
      'no-function-passing',
    ],
    ['sort with a comparator', inRequest('return [1].sort((a, b) => a - b)'), 'no-function-passing'],
    ['a returned function', inRequest('return () => 1'), 'no-function-return'],
    ['a function under another name', 'function f() {} const g = f;', 'no-function-reassign'],
    ['Object.freeze', inRequest('return Object.freeze({})'), 'no-disallowed-methods'],
    ['padStart', inRequest("return 'a'.padStart(2)"), 'no-disallowed-methods'],
    ['what does not parse', 'export function request( {', 'syntax'],
    ['too long a text', `//${'x'.repeat(32_768)}`, 'code-size'],
  ])('%s is refused', (_, code, rule) => {
    expect(rules(code)).toContain(rule);
  });

  it('takes what the runtime has', () => {
    const code = `
      import { util } from '@aws-appsync/utils';
      const LIMIT = 3;
      const twice = (n) => n * 2;
      export function request(ctx) {
        const { a, ...rest } = ctx.args;
        ctx.stash.kept = [...Object.keys(rest)].map((key) => twice(key.length)).filter((n) => n > LIMIT);
        for (const item of ctx.stash.kept) { if (item === 4) { break; } }
        for (const key in rest) { util.appendError(\`\${key}\`); }
        let total = 0;
        total += a?.b ?? 1;
        delete ctx.stash.gone;
        return { payload: total };
      }
      export const response = (ctx) => ctx.result;`;
    expect(findFaults(code)).toEqual([]);
  });

  it('says where the fault is', () => {
    expect(findFaults('const a = 1;\nconst b = /x/;')).toEqual([
      {
        rule: 'no-regex',
        message: 'Regex literals are not supported: use util.matches()',
        line: 2,
        column: 11,
      },
    ]);
  });
});
