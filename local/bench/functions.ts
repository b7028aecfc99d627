import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { sendMessageEnvironment } from '../../amplify/functions/environment.ts';

export interface FunctionFigures {
  /** Kilobytes, as Amplify bundles it. */
  readonly bundle: number;
  /** From an empty process to a handler that can be called, milliseconds. */
  readonly init: readonly number[];
}

/** The function's whole environment, with values that lead nowhere: nothing is called. */
const environment = {
  ...Object.fromEntries(Object.keys(sendMessageEnvironment.shape).map((name) => [name, '1'])),
  GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
  CAPACITY_POLICY: 'spot-first',
  SPENDING_STOPPED: 'no',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
};

/** Bundles a function as Amplify does. Gives kilobytes, and the packages of which something is in it. */
export async function bundleFunction(
  root: string,
  name: string,
  outfile: string,
): Promise<{ kilobytes: number; packages: ReadonlySet<string> }> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`amplify/functions/${name}/handler.ts`],
    outfile,
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'error',
    // As Amplify's own bundling has it (@aws-amplify/backend-function, factory.js).
    banner: {
      js: "import { createRequire as __c } from 'node:module'; const require = __c(import.meta.url);",
    },
  });
  const [output] = Object.values(metafile.outputs);
  const packages = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (/.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []) : [],
  );
  return { kilobytes: statSync(outfile).size / 1000, packages: new Set(packages) };
}

/** Bundles send-message and starts it in processes of its own. */
export async function measureSendMessage(root: string, runs: number): Promise<FunctionFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-function-'));
  const outfile = join(folder, 'index.mjs');
  try {
    const { kilobytes } = await bundleFunction(root, 'send-message', outfile);
    const init = Array.from({ length: runs }, () => importTime(`file://${outfile}`));
    return { bundle: kilobytes, init };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function importTime(url: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(url)}); console.log(performance.now() - t); process.exit(0);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: environment,
    encoding: 'utf8',
  });
  const time = Number(stdout.trim().split('\n').at(-1));
  // A trace of a minified bundle is long: its end says what it was.
  if (!(time > 0)) throw new Error(`The handler did not start: ${stderr.slice(-800)}`);
  return time;
}
