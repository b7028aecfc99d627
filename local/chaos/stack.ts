import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareImage } from '../../container/prepare-image.ts';
import type { Progress } from '../app/bootstrap/progress.mjs';
import { backendAssembly } from '../app/builds.ts';
import { startDemoModel } from '../app/demo-model/demo-model.ts';
import { putModelDefault } from '../app/start-app.ts';
import { localAmplifyConfig } from '../cloud/amplify-outputs.ts';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { type JournalEntry, readJournal } from './agent/journal.ts';
import { scriptedImage } from './image.ts';
import { startScriptedModel } from './scripted-model.ts';
import { createSignIn, type Session } from './sign-in.ts';
import { functionOf, type Tables, tablesOf } from './tables.ts';
import { type TaskClocks, taskClocks } from './task-clocks.ts';
import { type TaskDisk, taskDisk } from './task-disk.ts';

/** `scripted`: the fast agent behind the gateway's protocol. `real`: OpenClaw itself with the demo model. */
export type AgentKind = 'scripted' | 'real';

export type LogEntry = Readonly<Record<string, unknown>>;

/** The backend in the local cloud with the real bridge as its task; serves many runs, each as an owner of its own. */
export interface Stack {
  readonly kind: AgentKind;
  readonly cloud: Cloud;
  readonly tables: Tables;
  /** The image's folder: every process of a task has it in its command line. */
  readonly imageFolder: string;
  readonly disk: TaskDisk;
  readonly clocks: TaskClocks;
  /** A new account, signed in. */
  newOwner(): Promise<Session>;
  /** What the scripted agents did; undefined for the real one, which keeps none. */
  journal(): JournalEntry[] | undefined;
  /** What the schedule would do within five minutes. */
  sweep(): Promise<void>;
  /** Faults that may have hit other runs than the one that planned them. */
  readonly disturbances: { count: number };
  onLog(listener: (entry: LogEntry) => void): () => void;
  /**
   * Asks of each task event after how many milliseconds each of its copies is to be delivered; the first answer counts,
   * without one it comes once and at once.
   */
  onTaskEvent(copiesOf: (taskArn: string) => readonly number[] | undefined): () => void;
  close(): Promise<void>;
}

/** How long tasks may take to leave at the end, seconds. */
const graceSeconds = 20;

/** `folder`: an empty one of its own, where other users may pass. Everything ends with `close`. */
export async function startStack(input: {
  root: string;
  folder: string;
  kind: AgentKind;
  progress: Progress;
}): Promise<Stack> {
  const { root, folder, kind, progress } = input;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const assemblyDirectory = await backendAssembly(root, progress);
  const model = kind === 'real' ? await startDemoModel({ pace: 10 }) : await startScriptedModel();
  const dataDirectory = join(folder, 'cloud');
  putModelDefault(dataDirectory, model.modelDefault);
  const listeners = new Set<(entry: LogEntry) => void>();
  const codes = new Map<string, string>();
  const journal = join(folder, 'journal.jsonl');
  const images = join(root, '.local', 'images');
  const clocks = taskClocks(join(folder, 'clocks'));
  const disk = taskDisk(join(folder, 'disk'), kind);
  const carriers = new Set<(taskArn: string) => readonly number[] | undefined>();
  const cloud = await startCloud({
    assemblyDirectory,
    dataDirectory,
    port: 0,
    corsOrigins: [],
    deliverMail: ({ to, text }) => void codes.set(to, /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0] ?? ''),
    log: (entry) => {
      for (const listener of [...listeners]) listener(entry);
    },
    imageFor: disk.inImage(
      clocks.inImage(
        kind === 'real' ? (context) => prepareImage(context, images) : scriptedImage(folder, journal),
      ),
    ),
    graceSeconds,
  }).catch(async (error: unknown) => {
    await model.close();
    throw error;
  });
  cloud.events.setDelivery(({ resources }) => {
    const [taskArn = ''] = resources as readonly string[];
    for (const copiesOf of carriers) {
      const copies = copiesOf(taskArn);
      if (copies) return copies;
    }
    return [0];
  });
  return {
    kind,
    cloud,
    tables: tablesOf(cloud),
    imageFolder: kind === 'real' ? images : join(folder, 'image'),
    disk,
    clocks,
    newOwner: createSignIn(localAmplifyConfig(cloud.outputs, cloud.endpoint), (email) => codes.get(email)),
    journal: () => (kind === 'real' ? undefined : readJournal(journal)),
    sweep: async () => {
      await cloud.invoke(functionOf(cloud, 'sweep-idle').arn, {});
    },
    disturbances: { count: 0 },
    onLog: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTaskEvent: (copiesOf) => {
      carriers.add(copiesOf);
      return () => carriers.delete(copiesOf);
    },
    close: async () => {
      await cloud.close();
      await model.close();
    },
  };
}
