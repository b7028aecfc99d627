import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutPackages } from '../../container/lay-out-packages.ts';
import { compileImage, prepareImage } from '../../container/prepare-image.ts';
import { stageContext } from '../../container/stage-context.ts';

/** A layer as it is pulled: megabytes (10^6), compressed by zstd at level 3 as the deployment does. */
export interface Layer {
  readonly name: string;
  /** NaN where it cannot be made on this machine. */
  readonly megabytes: number;
}

/** What debian:bookworm-slim leaves out of a bookworm (debuerreotype's slimify). */
const slimmedAway = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/lintian',
  'usr/share/groff',
  'var/cache/apt',
  'var/lib/apt/lists',
];

/**
 * Assembles the files of the image's layers in folders and packs each, without a container runtime. The system's takes
 * root, debootstrap and a Debian mirror. `packages`: the node_modules of the image's lock file.
 */
export async function measureImage(packages: string, say: (text: string) => void): Promise<Layer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-image-'));
  const layer = (name: string, fill: (place: string) => void): Layer => {
    say(`image: ${name}`);
    const place = join(folder, name.replace(/\W+/g, '-'));
    mkdirSync(place);
    fill(place);
    return { name, megabytes: packed(place) };
  };
  try {
    return [
      system(folder, say),
      layer('Node and npm', nodeAndNpm),
      layer('packages', (place) => layOutPackages(packages, join(place, 'app/node_modules'))),
      layer('bridge', (place) => {
        stageContext(join(place, 'app'));
        for (const file of ['Dockerfile', '.dockerignore', 'package-lock.json', 'prune.ts'])
          rmSync(join(place, 'app', file));
      }),
      await compiled(folder, say),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function packed(folder: string): number {
  const count = 'tar --sort=name --owner=0 --group=0 --mtime=@0 -C "$0" -c . | zstd -3 -q | wc -c';
  return Number(execFileSync('sh', ['-c', count, folder], { encoding: 'utf8' })) / 1e6;
}

/** The Debian packages that the Dockerfile installs. */
export function debianPackages(dockerfile: string): string[] {
  const [, list] = /apt-get install -y --no-install-recommends ([^\\\n]+)/.exec(dockerfile) ?? [];
  if (!list) throw new Error('The Dockerfile installs no Debian packages');
  return list.trim().split(/\s+/);
}

/** What the Dockerfile takes away again of what these bring along, as one command. */
export function cleaning(dockerfile: string): string {
  const [, commands] =
    /apt-get install [\s\S]*?&& (dpkg --purge[\s\S]*?) \\\n {2}&& rm -rf \/var/.exec(dockerfile) ?? [];
  if (!commands) throw new Error('The Dockerfile takes nothing away');
  return commands.replace(/\\\n\s*/g, '');
}

function system(folder: string, say: (text: string) => void): Layer {
  const name = 'Debian with what the agent’s commands use';
  const none: Layer = { name, megabytes: Number.NaN };
  const canBuild =
    process.getuid?.() === 0 &&
    spawnSync('sh', ['-c', 'command -v debootstrap zstd'], { stdio: 'ignore' }).status === 0;
  if (!canBuild) return none;
  say(`image: ${name}`);
  const place = join(folder, 'system');
  const dockerfile = readFileSync(new URL('../../container/Dockerfile', import.meta.url), 'utf8');
  const include = debianPackages(dockerfile).join(',');
  const made = spawnSync('debootstrap', ['--variant=minbase', `--include=${include}`, 'bookworm', place], {
    stdio: 'ignore',
    timeout: 300_000,
  });
  if (made.status !== 0) return none;
  const cleanUp = spawnSync('chroot', [place, 'sh', '-c', cleaning(dockerfile)], { stdio: 'ignore' });
  if (cleanUp.status !== 0) return none;
  for (const path of slimmedAway) rmSync(join(place, path), { recursive: true, force: true });
  return { name, megabytes: packed(place) };
}

/** What OpenClaw runs for while the image is built. */
async function compiled(folder: string, say: (text: string) => void): Promise<Layer> {
  const name = 'compiled code';
  say(`image: ${name}`);
  const context = join(folder, 'context');
  stageContext(context);
  // OpenClaw's user must be able to pass it, as it can pass a container's /.
  chmodSync(folder, 0o755);
  const image = await prepareImage(context, join(folder, 'images'));
  await compileImage(image);
  return { name, megabytes: packed(join(image.cwd, 'compiled')) };
}

function nodeAndNpm(place: string): void {
  const node = realpathSync(process.execPath);
  mkdirSync(join(place, 'usr/local/bin'), { recursive: true });
  cpSync(node, join(place, 'usr/local/bin/node'));
  // …/npm/bin/npm-cli.js, through the links on PATH.
  const npm = realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim());
  const modules = join(place, 'usr/local/lib/node_modules');
  mkdirSync(modules, { recursive: true });
  cpSync(join(npm, '../..'), join(modules, 'npm'), { recursive: true });
}
