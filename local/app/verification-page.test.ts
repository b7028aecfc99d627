import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'verification.md',
  'threats.md',
  'deploy.md',
  'architecture.md',
  'cost.md',
  'operations.md',
  'upgrade.md',
].map((name) => `docs/${name}`);

/** A test with its title beside it, as rows of the tables name it. */
const naming = /`([^`\s]+\.(?:test|spec)\.tsx?)`: “(.+?)”(?= [·|])/g;
const rowsOf = (page: string) =>
  read(page)
    .split('\n')
    .filter((line) => line.startsWith('|'));
const rows = rowsOf('docs/verification.md');
const named = [...rows, ...rowsOf('docs/threats.md')].flatMap((row) =>
  [...row.matchAll(naming)].map(([, file = '', title = '']) => ({ file, title })),
);

/** Whether a source has a test of this title, however its quotes are written there. */
function hasTest(source: string, title: string): boolean {
  const plain = source.replaceAll("\\'", "'");
  return ["'", '"', '`'].some((quote) => plain.includes(`${quote}${title}${quote}`));
}

describe('the page of claims', () => {
  test('names only tests that exist, by their exact titles', () => {
    expect(named.length).toBeGreaterThan(100);
    const missing = named.filter(
      ({ file, title }) => !existsSync(join(root, file)) || !hasTest(read(file), title),
    );
    expect(missing).toEqual([]);
  });

  test('names a title beside every test file', () => {
    const count = (row: string, pattern: RegExp) => [...row.matchAll(pattern)].length;
    const bare = rows.filter((row) => count(row, /`[^`\s*]+\.(test|spec)\.tsx?`/g) !== count(row, naming));
    expect(bare).toEqual([]);
  });
});

test('files and folders that the pages name are there', () => {
  const missing = pages.flatMap((page) => {
    const paths = read(page).matchAll(
      /`((?:amplify|container|src|local|e2e|docs)\/[\w./-]+)`|\]\(((?!https?:)[\w./-]+)\)/g,
    );
    return [...paths]
      .map(([, path, link]) => path ?? join('docs', link ?? ''))
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`);
  });
  expect(missing).toEqual([]);
  expect(readdirSync(join(root, 'docs'))).toContain('decisions');
});
