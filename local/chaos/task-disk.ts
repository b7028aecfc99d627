import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageFor } from '../cloud/ecs/image.ts';
import type { AgentKind } from './stack.ts';

/** A small disk of its own for each task, which can be full without the machine's being so. */
export interface TaskDisk {
  /** Where it is mounted, as the task sees it. */
  readonly folder: string;
  /** Lets the tasks of an image keep their files there. */
  inImage(imageFor: ImageFor): ImageFor;
}

const megabytes: Readonly<Record<AgentKind, number>> = { scripted: 32, real: 512 };

/** Mounted in the task's own namespace (root on Linux); elsewhere the task's files lie on the machine's disk. */
export function taskDisk(folder: string, kind: AgentKind): TaskDisk {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const mount = `mount -t tmpfs -o size=${megabytes[kind]}m,mode=755 tmpfs "$0" 2>/dev/null; exec "$@"`;
  return {
    folder,
    inImage: (imageFor) => async (context) => {
      const { command, env, ...image } = await imageFor(context);
      return {
        ...image,
        command: ['/bin/sh', '-c', mount, folder, ...command],
        env: { ...env, AGENT_HOME: join(folder, 'agent') },
      };
    },
  };
}
