import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const skills = readdirSync(join(root, '.claude/skills')).map((name) => `.claude/skills/${name}/SKILL.md`);
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const pages = [
  'README.md',
  'README.ko.md',
  'AGENTS.md',
  'CONTRIBUTING.md',
  ...docs.map((name) => `docs/${name}`),
  ...skills,
];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** What stands in code, in line or in blocks: nothing else is a command. */
const codeOf = (text: string) =>
  [...text.matchAll(/```\w*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, block, inline]) => block ?? inline ?? '');
const commands = pages.flatMap((page) =>
  codeOf(read(page))
    .flatMap((code) => code.split('\n'))
    .map((line) => ({ page, line: line.replace(/\s+#.*$/, '').trim() }))
    .filter(({ line }) => /^(npm|npx|aws|node) /.test(line)),
);
const ofTool = (tool: string) => commands.filter(({ line }) => line.startsWith(`${tool} `));

/** The sources that say which options a script takes. */
const sourcesOf = (script: string) =>
  [...(scripts[script] ?? '').matchAll(/node (\S+)/g)]
    .flatMap(([, file = '']) => [
      file,
      ...['start-options.mjs', 'options.ts'].map((name) => file.replace(/[^/]+$/, name)),
    ])
    .filter((file) => existsSync(join(root, file)))
    .map(read)
    .join('\n');

describe('Every command in the documents', () => {
  test('of npm is a script that there is, with options that it takes', () => {
    const used = ofTool('npm').filter(({ line }) => !/^npm (ci|install|config)\b/.test(line));
    expect(used.length).toBeGreaterThan(20);
    const wrong = used.filter(({ line }) => {
      const [, script = ''] = /^npm (?:run )?([\w:]+)/.exec(line) ?? [];
      if (!(script in scripts)) return true;
      const options = [...line.matchAll(/ --([a-z][\w-]*)/g)].map(([, name = '']) => name);
      const sources = sourcesOf(script);
      return options.some((name) => !sources.includes(`--${name}`) && !sources.includes(`${name}:`));
    });
    expect(wrong).toEqual([]);
  });

  test('of npx is a tool that is installed here, or said not to have been run', () => {
    const unknown = ofTool('npx').filter(({ page, line }) => {
      const [, tool = ''] = /^npx ([@\w-]+)/.exec(line) ?? [];
      return !existsSync(join(root, 'node_modules/.bin', tool)) && !read(page).includes('live: NOT RUN');
    });
    expect(unknown).toEqual([]);
  });

  test('that needs AWS stands on a page that says so', () => {
    const live = commands.filter(({ line }) => /^aws |^npx (ampx|aws-cdk)/.test(line));
    expect(live.length).toBeGreaterThan(5);
    const unmarked = live.filter(
      ({ page, line }) => !read(page).includes('live: NOT RUN') && !line.endsWith('--help'),
    );
    expect(unmarked).toEqual([]);
  });

  test('of node runs a file that there is', () => {
    const missing = ofTool('node').filter(({ line }) => {
      const [, file = ''] = /^node (\S+\.m?[jt]s)/.exec(line) ?? [];
      return file !== '' && !existsSync(join(root, file));
    });
    expect(missing).toEqual([]);
  });
});

test('links between documents lead somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(((?!https?:|#)[^)\s#]+)/g)]
      .map(([, link = '']) => join(page, '..', link))
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(broken).toEqual([]);
});

test('both READMEs show the same commands', () => {
  const shown = (page: string) =>
    [...read(page).matchAll(/```bash\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
      block.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim()),
    );
  expect(shown('README.ko.md')).toEqual(shown('README.md'));
});

test('skills are short, and point at documents that there are', () => {
  expect(skills).toHaveLength(5);
  for (const skill of skills) {
    const text = read(skill);
    expect(text, skill).toMatch(/^---\nname: \w+\ndescription: .+\n---\n/);
    expect(text.split('\n').length, skill).toBeLessThan(30);
    const paths = [...text.matchAll(/`((?:amplify|container|src|local|docs)\/[\w./-]+|[A-Z]+\.md)`/g)];
    expect(paths.length, skill).toBeGreaterThan(0);
    expect(paths.filter(([, path = '']) => !existsSync(join(root, path))).map(([, path]) => path)).toEqual(
      [],
    );
  }
});
