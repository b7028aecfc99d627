import { join } from 'node:path';
import { runCommand, toolEnvironment } from './bootstrap/command.mjs';
import { explain } from './bootstrap/fault.mjs';
import type { Progress } from './bootstrap/progress.mjs';
import { fingerprint, keptBuild } from './kept-build.ts';
import { localDeployment, synthesise } from './synthesise.ts';

/** What a synthesis reads. Tests and documents beside it do no harm: a change of theirs costs ten seconds. */
const backendSources = [
  'amplify',
  'container',
  'local/app/synthesise.ts',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];

const webSources = [
  'amplify/core',
  'index.html',
  'local/app/web/javascript-budget.ts',
  'package-lock.json',
  'public',
  'src',
  'tsconfig.json',
  'vite.config.ts',
];

/** The synthesised backend: kept for as long as its sources stay the same. */
export async function backendAssembly(root: string, progress: Progress): Promise<string> {
  // Settings of the deployment (amplify/configuration.ts) come from the environment too.
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith('SERVERLESS_OPENCLAW_'));
  const name = fingerprint(root, backendSources, [localDeployment, settings.sort()]);
  const { directory } = await keptBuild(join(root, '.local', 'assembly'), name, (out) =>
    progress.step('Synthesising the backend', () => synthesise(out)),
  );
  return directory;
}

/** The built web app: kept likewise. */
export async function builtWebApp(root: string, progress: Progress): Promise<string> {
  const name = fingerprint(root, webSources);
  const { directory } = await keptBuild(join(root, '.local', 'web'), name, (out) =>
    progress.step('Building the web app', async () => {
      const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
      const args = [vite, 'build', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn'];
      // Whatever the shell says: a page for development would be another one, and over the page's budget.
      const env = { ...toolEnvironment(root), NODE_ENV: 'production' };
      const result = await runCommand(process.execPath, args, { cwd: root, env });
      if (result.code !== 0) throw explain('Building the web app', result.output);
    }),
  );
  return directory;
}
