import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import appsync from '@aws-appsync/eslint-plugin';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { readFields } from './resolver-harness.ts';

const folder = fileURLToPath(new URL('resolvers', import.meta.url));
const files = readdirSync(folder).map((name) => join(folder, name));
const codeOf = (file: string) => readFileSync(file, 'utf8');

/** Lints as AppSync's own plugin asks for: with types, so that methods which the runtime lacks are found. */
async function lint(paths: readonly string[]): Promise<string[]> {
  const program = ts.createProgram([...paths], {
    allowJs: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  });
  const recommended = appsync.configs?.recommended as ESLint.Options['overrideConfig'] & object;
  const eslint = new ESLint({
    overrideConfigFile: true,
    cwd: folder,
    overrideConfig: [
      { files: ['**/*.js'], ...recommended },
      { files: ['**/*.js'], languageOptions: { parserOptions: { programs: [program] } } },
    ],
  });
  const results = await eslint.lintFiles([...paths]);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => `${basename(filePath)}:${line} ${message}`),
  );
}

describe('The code of the resolvers', () => {
  test('keeps to what APPSYNC_JS runs', async () => {
    expect(await lint(files)).toEqual([]);
    // A type-checked program takes its time on a busy machine.
  }, 30_000);

  test('imports nothing that would have to be bundled', () => {
    for (const file of files) {
      const imported = [...codeOf(file).matchAll(/from '([^']+)'/g)].map(([, from]) => from);
      expect(
        imported.every((from) => from === '@aws-appsync/utils'),
        file,
      ).toBe(true);
    }
  });

  test('is used, all of it, and every entry of the contract is there', () => {
    const used = new Set([...readFields().values()].flat().map(({ entry }) => basename(entry)));
    expect([...used].sort()).toEqual(files.map((file) => basename(file)).sort());
  });

  test('says each thing once: copies could come to show people different things', () => {
    const places = new Map<string, string[]>();
    for (const file of files) {
      for (const [code] of codeOf(file).matchAll(/^function \w+\([\s\S]*?^\}/gm)) {
        places.set(code, [...(places.get(code) ?? []), basename(file)]);
      }
    }
    expect([...places.values()].filter((at) => at.length > 1)).toEqual([]);
  });

  test('names an owner from an argument in system-publish only', () => {
    for (const file of files.filter((each) => !each.endsWith('system-publish.js'))) {
      expect(codeOf(file), file).not.toMatch(/args\.owner|\bowner\b[^=;]*\} = ctx\.args/);
    }
  });
});
