import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImageFor } from '../cloud/ecs/image.ts';

/** Clocks that are wrong in one task and right everywhere else. */
export interface TaskClocks {
  /** Sets how far the clock of a task's bridge is off, milliseconds. Before its start or while it runs. */
  set(taskId: string, skew: number): void;
  /** Lets the tasks of an image have such a clock. */
  inImage(imageFor: ImageFor): ImageFor;
}

/** The kernel has one wall clock for all its processes: the bridge's is moved inside its own process (clock.ts). */
export function taskClocks(folder: string): TaskClocks {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const preload = pathToFileURL(join(import.meta.dirname, 'clock.ts')).href;
  return {
    set: (taskId, skew) => writeFileSync(join(folder, taskId), String(skew)),
    inImage: (imageFor) => async (context) => {
      const image = await imageFor(context);
      return { ...image, env: { ...image.env, CHAOS_CLOCKS: folder, NODE_OPTIONS: `--import=${preload}` } };
    },
  };
}
