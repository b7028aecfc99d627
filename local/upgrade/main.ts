// `npm run upgrade:openclaw -- VERSION`: pins another OpenClaw and runs the gate (docs/upgrade.md).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCommand, toolEnvironment } from '../app/bootstrap/command.mjs';
import { Fault } from '../app/bootstrap/fault.mjs';
import { createProgress } from '../app/bootstrap/progress.mjs';
import { type Boot, compareBoots, typical } from './boots.ts';
import { protocolFor } from './versions.ts';

const help = `Pins another OpenClaw and its protocol, then runs the gate. Nothing is committed.

  npm run upgrade:openclaw -- VERSION     a version or a tag (latest)
  npm run upgrade:openclaw -- --help      this text

The gate: types, the bridge with the real OpenClaw, a message in the browser; boot and memory of both versions side by
side. It fails when a test does, or when boot or memory has grown by more than a quarter. See docs/upgrade.md.
`;
const boots = 3;
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const container = join(root, 'container');
const progress = createProgress();

/** Runs a tool quietly; its output is shown when it fails. */
async function tool(title: string, command: string, args: readonly string[], cwd = root): Promise<string> {
  return progress.step(title, async () => {
    const { code, output } = await runCommand(command, args, { cwd, env: toolEnvironment(root) });
    if (code !== 0)
      throw new Fault(
        `${title} failed.`,
        'docs/upgrade.md: what the gate looks at, and the way back.',
        output,
      );
    return output.trim();
  });
}

const view = async (...args: string[]): Promise<unknown> =>
  JSON.parse(await tool(`Asking for ${args[0]}`, 'npm', ['view', ...args, '--json']));

async function measure(version: string): Promise<Boot> {
  const measured: Boot[] = [];
  for (let run = 1; run <= boots; run += 1) {
    const output = await tool(`Booting ${version} (${run} of ${boots})`, process.execPath, [
      'local/upgrade/measure-boot.ts',
    ]);
    measured.push(JSON.parse(output.split('\n').at(-1) ?? ''));
  }
  return typical(measured);
}

async function pin(version: string, protocol: string): Promise<void> {
  const exactly = ['--save-exact', '--no-audit', '--no-fund'];
  await tool(`Pinning openclaw ${version}`, 'npm', ['install', ...exactly, `openclaw@${version}`], container);
  await tool('Completing its lock file', process.execPath, ['local/app/complete-lock.mjs', 'container']);
  const dev = ['install', '--save-dev', ...exactly, `@openclaw/gateway-protocol@${protocol}`];
  await tool(`Pinning its protocol ${protocol}`, 'npm', dev);
  await tool('Completing the lock file', process.execPath, ['local/app/complete-lock.mjs']);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [asked, ...more] = positionals;
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (asked === undefined || more.length > 0) throw new Fault('Name one version of OpenClaw.', help);
  const current = JSON.parse(readFileSync(join(container, 'package.json'), 'utf8')).dependencies.openclaw;
  const version = String(await view(`openclaw@${asked}`, 'version'));
  if (version === current) {
    progress.say(`openclaw ${version} is pinned already.`);
    return;
  }
  const protocol = protocolFor(version, (await view('@openclaw/gateway-protocol', 'versions')) as string[]);
  const before = await measure(current);
  await pin(version, protocol);
  const { lines, grown } = compareBoots(before, await measure(version));
  for (const line of lines) progress.say(line);
  await tool('Types, the protocol’s among them', 'npm', ['run', 'typecheck']);
  await tool('The bridge with the real OpenClaw', 'npx', ['vitest', 'run', '--project', 'slow', 'container']);
  await tool('A message in the browser', 'npm', [
    'run',
    'test:e2e',
    '--',
    'first-message',
    'sleep-and-memory',
  ]);
  if (grown.length > 0) {
    throw new Fault(
      `openclaw ${version} takes much more than ${current}: ${grown.join('; ')}.`,
      'Is the machine busy? Measure again. If not, look for what is new; the pins can be restored with git.',
    );
  }
  progress.say(`openclaw ${version} passes. Look at git diff, then commit.`);
}

try {
  await main();
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
}
