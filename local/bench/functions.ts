import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface FunctionFigures {
  /** Kilobytes, as Amplify bundles it. */
  readonly bundle: number;
  /** From an empty process to a handler that can be called, milliseconds. */
  readonly init: readonly number[];
}

/** What the function's environment must hold for it to start; nothing is called. */
const environment = {
  DEPLOYMENT: 'bench',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AGENT_TABLE: 'a',
  MESSAGE_TABLE: 'm',
  CONVERSATION_TABLE: 'c',
  TASK_SESSION_TABLE: 't',
  SETTINGS_TABLE: 's',
  GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
  CLUSTER_ARN: 'arn:aws:ecs:us-east-1:1:cluster/c',
  TASK_DEFINITION_ARN: 'arn:aws:ecs:us-east-1:1:task-definition/t:1',
  CONTAINER_NAME: 'agent',
  SUBNET_IDS: 'subnet-1',
  SECURITY_GROUP_ID: 'sg-1',
};

/** Bundles a handler and starts it in processes of its own. */
export async function measureFunction(root: string, name: string, runs: number): Promise<FunctionFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-function-'));
  const outfile = join(folder, 'index.mjs');
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [`amplify/functions/${name}/handler.ts`],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      logLevel: 'error',
      // As Amplify's own bundling has it (@aws-amplify/backend-function, factory.js).
      banner: {
        js: "import { createRequire as __c } from 'node:module'; const require = __c(import.meta.url);",
      },
    });
    const init = Array.from({ length: runs }, () => importTime(`file://${outfile}`));
    return { bundle: statSync(outfile).size / 1000, init };
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
