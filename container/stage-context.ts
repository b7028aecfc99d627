import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const containerDirectory = import.meta.dirname;

/** What the image is built from, beside the bundled bridge. */
const copied = ['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json', 'prune.ts'];

/**
 * Writes the image's build context to a folder: the bridge and the tools' shell as one file each, OpenClaw's lock file
 * and what is pruned, the Dockerfile.
 * The same sources give the same bytes, so that the asset's hash changes only with its content.
 */
export function stageContext(outDirectory: string): void {
  mkdirSync(outDirectory, { recursive: true });
  for (const file of copied) copyFileSync(join(containerDirectory, file), join(outDirectory, file));
  buildSync({
    absWorkingDir: join(containerDirectory, '..'),
    entryPoints: [
      { in: join(containerDirectory, 'bridge/main.ts'), out: 'bridge' },
      { in: join(containerDirectory, 'bridge/tools/tool-shell.ts'), out: 'tool-shell' },
    ],
    outdir: outDirectory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'eof',
    logLevel: 'error',
    // CommonJS packages inside an ES module bundle call `require`.
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
  });
}
