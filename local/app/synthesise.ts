import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `sandbox`: a developer's own deployment, here the local one. `branch`: what Amplify Hosting deploys from a branch. */
export type DeploymentType = 'sandbox' | 'branch';

/** Namespace and name of the deployment that the local cloud serves: `<namespace>-<name>` begins its SSM paths. */
export const localDeployment = { namespace: 'app', name: 'local' } as const;

/** The local deployment's own settings: whoever uses it pays for nothing, and tests write faster than people. */
const localSettings = {
  SERVERLESS_OPENCLAW_MESSAGES_PER_MINUTE: '600',
  SERVERLESS_OPENCLAW_MESSAGES_PER_HOUR: '10000',
  SERVERLESS_OPENCLAW_MESSAGES_PER_DAY: '100000',
  SERVERLESS_OPENCLAW_TASKS_PER_DAY: '10000',
  // The demonstration's model, and an Ollama, answer on this machine.
  SERVERLESS_OPENCLAW_MODEL_ADDRESSES: 'any',
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The CDK context by which Amplify tells deployments apart. */
function contextOf(type: DeploymentType): Record<string, unknown> {
  const id = type === 'sandbox' ? localDeployment : { namespace: 'd1234567890abc', name: 'main' };
  return {
    'amplify-backend-namespace': id.namespace,
    'amplify-backend-name': id.name,
    'amplify-backend-type': type,
    // Circular nested stacks are only a warning without it (F3004); they cannot be deployed.
    '@aws-cdk/core:validateAgainstDefaultRules': true,
  };
}

/**
 * Synthesises `amplify/backend.ts` to a cloud assembly, without credentials and without Docker (about 10 s).
 * `outDirectory` (absolute) must not exist or be empty. `environment` overrides settings of amplify/configuration.ts.
 * Rejects with the end of what the synthesis printed when it fails or leaves no assembly.
 */
export async function synthesise(
  outDirectory: string,
  type: DeploymentType = 'sandbox',
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    ...(type === 'sandbox' ? localSettings : {}),
    ...process.env,
    ...environment,
    CDK_OUTDIR: outDirectory,
    CDK_CONTEXT_JSON: JSON.stringify(contextOf(type)),
  };
  // A test runner's loaders and a caller's flags are not meant for the synthesis.
  delete env.NODE_OPTIONS;
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const child = spawn(process.execPath, [tsx, join('amplify', 'backend.ts')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  }
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal ?? 'unknown'));
  });
  if (code === 0 && existsSync(join(outDirectory, 'manifest.json'))) return;
  const end = printed.join('').trimEnd().split('\n').slice(-60).join('\n');
  throw new Error(
    `The backend could not be synthesised (tsx amplify/backend.ts ended with ${code}):\n${end}`,
  );
}
