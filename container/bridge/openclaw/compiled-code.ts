import { existsSync, symlinkSync } from 'node:fs';
import module from 'node:module';
import { basename, join } from 'node:path';

/** What Node compiled of OpenClaw when the image was built (warm-up.ts). */
export interface CompiledCode {
  readonly folder: string;
  /** What Node calls a cache of its own on this machine, for a user. */
  nameFor(user: number): string;
}

/**
 * The image's compiled code, beside the bundle; undefined where there is none, as when the command runs without an image.
 * Node looks for a cache under the name of its version, V8's flags, the processor's features and the user (`GetCacheVersionTag`
 * in its src/compile_cache.cc). V8 itself takes compiled code of any user and processor, and none of another version, of
 * other flags or another source: so the image's is found under whatever name this machine has. `place`: where Node can
 * make a folder to tell that name by, since the image's own can't be written to.
 */
export function shippedCode(
  place: string,
  folder = join(import.meta.dirname, 'compiled', 'openclaw'),
): CompiledCode | undefined {
  if (!existsSync(folder)) return undefined;
  // The bridge's own, where the image was built on a machine like this one.
  if (!module.getCompileCacheDir()) module.enableCompileCache(place);
  const directory = module.getCompileCacheDir();
  if (!directory) return undefined;
  const name = basename(directory);
  return { folder, nameFor: (user) => name.replace(/\d+$/, String(user)) };
}

/** Makes the image's code the users' cache in `cache`, a folder that they can only read. */
export function linkCode(code: CompiledCode, cache: string, users: readonly number[]): void {
  for (const user of users) symlinkSync(code.folder, join(cache, code.nameFor(user)));
}
