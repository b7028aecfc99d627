import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { parseDockerfile } from '../../container/dockerfile.ts';
import type { Image, ImageFor } from '../cloud/ecs/image.ts';

/**
 * Lays out the agent's image with the scripted agent where the OpenClaw package would be: everything else, the bridge
 * above all, is what the build context holds. `folder` must be one that other users may pass.
 */
export function scriptedImage(folder: string, journal: string): ImageFor {
  let made: Promise<Image> | undefined;
  // Read by runs that end before any task began, too.
  if (!existsSync(journal)) writeFileSync(journal, '');
  // The agent may run as another user.
  chmodSync(journal, 0o666);
  return (context) => {
    made ??= layOut(context, join(folder, 'image'), journal);
    return made;
  };
}

async function layOut(context: string, image: string, journal: string): Promise<Image> {
  const { workdir, env, entrypoint } = parseDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'));
  const local = (value: string) => (/^\/(app|agent)(\/|$)/.test(value) ? image + value : value);
  const app = join(image, 'app');
  const entry = join(app, 'node_modules', 'openclaw', 'openclaw.mjs');
  mkdirSync(dirname(entry), { recursive: true });
  for (const program of ['bridge.mjs', 'tool-shell.mjs'])
    copyFileSync(join(context, program), join(app, program));
  await build({
    entryPoints: [join(import.meta.dirname, 'agent', 'main.ts')],
    outfile: entry,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'error',
    // CommonJS packages inside an ES module bundle call `require`.
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
  });
  writeFileSync(join(dirname(entry), 'journal.json'), JSON.stringify({ journal }));
  const [program = '', ...rest] = entrypoint;
  return {
    command: [program === 'node' ? process.execPath : local(program), ...rest.map(local)],
    cwd: local(workdir),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, local(value)])),
  };
}
