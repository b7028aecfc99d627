import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingPackages } from './complete-lock.mjs';

const packagesOf = (file: string) =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).packages as Parameters<
    typeof missingPackages
  >[0];

test.each(['../../package-lock.json', '../../container/package-lock.json'])(
  '%s names every platform’s packages, so that a clone installs on all of them',
  (file) => {
    const missing = missingPackages(packagesOf(file)).map(({ name }) => name);
    expect(missing, 'run: node local/app/complete-lock.mjs [container]').toEqual([]);
  },
);

test('a lock file that npm left incomplete is noticed', () => {
  const parent = { optionalDependencies: { 'tool-linux-x64': '1.0.0', 'tool-darwin-arm64': '1.0.0' } };
  const packages = {
    '': {},
    'node_modules/tool': parent,
    'node_modules/tool-linux-x64': { version: '1.0.0' },
  };
  expect(missingPackages(packages).map(({ name }) => name)).toEqual(['tool-darwin-arm64']);
});
