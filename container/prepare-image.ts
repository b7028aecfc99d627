import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseDockerfile } from './dockerfile.ts';
import { layOutPackages } from './lay-out-packages.ts';
import { prune } from './prune.ts';

const containerDirectory = import.meta.dirname;
const run = promisify(execFile);
/** Our own programs in the image. */
const programs = ['bridge.mjs', 'tool-shell.mjs'];

export interface PreparedImage {
  /** The ENTRYPOINT, its program resolved on this machine. */
  readonly command: readonly string[];
  /** Where the image's WORKDIR lies on this machine. */
  readonly cwd: string;
  /** The image's ENV. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Lays out the files of an image as its Dockerfile would, for running it as a process instead of a container.
 * `contextDirectory` is what stageContext wrote; the image's folder below `imagesDirectory` is named by its content
 * and reused. OpenClaw's packages are those of this checkout when their lock file is the same one, else `npm ci` installs
 * them; of both, what prune.ts keeps.
 * `node` means the Node that runs this. Throws when the Dockerfile has no ENTRYPOINT in exec form.
 */
export async function prepareImage(
  contextDirectory: string,
  imagesDirectory: string,
): Promise<PreparedImage> {
  const read = (file: string) => readFileSync(join(contextDirectory, file));
  const dockerfile = parseDockerfile(read('Dockerfile').toString());
  const hash = createHash('sha256');
  for (const file of ['Dockerfile', ...packageFiles, ...programs]) hash.update(read(file));
  const image = join(imagesDirectory, hash.digest('hex').slice(0, 16));
  const app = join(image, 'app');
  if (!existsSync(app)) await layOut(contextDirectory, image);
  const local = (value: string) => (/^\/(app|agent)(\/|$)/.test(value) ? image + value : value);
  const [program, ...rest] = dockerfile.entrypoint;
  return {
    command: [program === 'node' ? process.execPath : local(program ?? ''), ...rest.map(local)],
    cwd: local(dockerfile.workdir),
    env: Object.fromEntries(Object.entries(dockerfile.env).map(([name, value]) => [name, local(value)])),
  };
}

/**
 * Runs the step of the image's build that compiles OpenClaw (bridge/warm-up) on a laid-out image. Takes half a minute. Gives
 * the folder of what was compiled; an image that has it brings it to its tasks.
 */
export async function compileImage({ command, cwd, env }: PreparedImage): Promise<string> {
  const folder = join(cwd, 'compiled', 'openclaw');
  const [program = '', ...args] = command;
  await run(program, [...args, 'warm-up', folder], { cwd, env: { PATH: process.env.PATH, ...env } });
  return folder;
}

/** What decides which packages an image has. */
const packageFiles = ['package.json', 'package-lock.json', 'prune.ts'];

/** Builds beside the final place and moves, so that a folder that exists is complete. */
async function layOut(contextDirectory: string, image: string): Promise<void> {
  const building = `${image}.${process.pid}`;
  const app = join(building, 'app');
  rmSync(building, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  for (const file of ['package.json', ...programs])
    copyFileSync(join(contextDirectory, file), join(app, file));
  symlinkSync(await preparePackages(contextDirectory, dirname(image)), join(app, 'node_modules'));
  moveInto(image, building);
}

/** Images of the same packages share a folder: Node's compiled code of them is kept under their paths. */
async function preparePackages(contextDirectory: string, imagesDirectory: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of packageFiles) hash.update(readFileSync(join(contextDirectory, file)));
  const folder = join(imagesDirectory, `packages-${hash.digest('hex').slice(0, 16)}`);
  const packages = join(folder, 'node_modules');
  if (existsSync(packages)) return packages;
  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  const lock = readFileSync(join(contextDirectory, 'package-lock.json'), 'utf8');
  const own = join(containerDirectory, 'node_modules');
  const same =
    existsSync(join(own, 'openclaw', 'openclaw.mjs')) &&
    readFileSync(join(containerDirectory, 'package-lock.json'), 'utf8') === lock;
  if (same) layOutPackages(own, join(building, 'node_modules'));
  else {
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(contextDirectory, file), join(building, file));
    await run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], {
      cwd: building,
      maxBuffer: 64 * 1024 * 1024,
    });
    prune(join(building, 'node_modules'));
  }
  moveInto(folder, building);
  return packages;
}

/** A folder that exists is complete. Another process may have laid out the same one meanwhile: it has the same content. */
function moveInto(place: string, building: string): void {
  try {
    renameSync(building, place);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
}
