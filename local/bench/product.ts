import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createProgress } from '../app/bootstrap/progress.mjs';
import type { Mail } from '../app/inbox/inbox.ts';
import { type App, startApp } from '../app/start-app.ts';
import { localAmplifyConfig } from '../cloud/amplify-outputs.ts';
import { watchMemory } from './memory.ts';
import { pinToOneCore, processorSeconds } from './processor.ts';
import { asleep, type Timeline, timedTurn } from './turns.ts';
import { signInNewUser, type User } from './user.ts';

export const question = 'Hello there';
const pollEvery = 20;

/** One wake with the history of those before it, up to its first answer. */
export interface Wake extends Timeline {
  /** Of the task until the first token, seconds. */
  readonly cpuSeconds: number;
  /** Of the task over the whole session, with a tool and a snapshot, megabytes. */
  readonly peakMemory: number;
}

export interface ProductFigures {
  /** From the call to a page that can be opened, milliseconds. */
  readonly starts: readonly number[];
  readonly cold: readonly Wake[];
  /** The same with the task held to one core. */
  readonly oneCore: readonly Wake[];
  readonly warm: readonly Timeline[];
}

interface Plan {
  readonly root: string;
  readonly folder: string;
  readonly runs: number;
  readonly warmTurns: number;
  say(text: string): void;
}

const mails: Mail[] = [];
/** The bench tells its own progress. */
const progress = createProgress({ out: { write: () => {} } });

const start = ({ root, folder }: Plan, name: string): Promise<App> =>
  startApp({
    root,
    port: 0,
    dataDirectory: join(folder, name),
    model: 'demo',
    dev: false,
    progress,
    onMail: (mail) => mails.push(mail),
    onEvent: () => {},
  });

/** The whole product on this machine, asked over the wire as the web app asks. */
export async function measureProduct(plan: Plan): Promise<ProductFigures> {
  const { runs, say } = plan;
  const starts: number[] = [];
  say('start of the local stack: builds');
  await (await start(plan, 'product')).stop();
  for (let run = 1; run < runs; run += 1) {
    say(`start of the local stack: ${run} of ${runs}`);
    const begun = performance.now();
    const app = await start(plan, 'product');
    starts.push(performance.now() - begun);
    await app.stop();
  }
  const begun = performance.now();
  const app = await start(plan, 'product');
  starts.push(performance.now() - begun);
  try {
    const user = await signIn(app);
    await user.saveSettings({ idleSeconds: 5, wakeAhead: 'off' });
    const conversation = await user.newConversation();
    // The first wake restores nothing and compiles everything: it is not what a user meets from then on.
    say('cold wake: the first one, not counted');
    await wake(app, user, conversation, {});
    const cold: Wake[] = [];
    const oneCore: Wake[] = [];
    const warm: Timeline[] = [];
    for (let run = 1; run <= runs; run += 1) {
      say(`cold wake: ${run} of ${runs}`);
      const whileAwake = async () => {
        if (run < runs) return;
        say(`warm turns: ${plan.warmTurns}`);
        for (let turn = 0; turn < plan.warmTurns; turn += 1)
          warm.push(await timedTurn(user, conversation, question));
      };
      cold.push(await wake(app, user, conversation, { whileAwake }));
      say(`cold wake on one core: ${run} of ${runs}`);
      oneCore.push(await wake(app, user, conversation, { oneCore: true }));
    }
    await user.leave();
    return { starts, cold, oneCore, warm };
  } finally {
    await app.stop();
  }
}

function signIn(app: App): Promise<User> {
  return signInNewUser({
    config: localAmplifyConfig(app.cloud.outputs, app.endpoint),
    async codeFor(email) {
      const mail = mails.find(({ to }) => to === email);
      if (!mail?.code) throw new Error(`no code was mailed to ${email}`);
      return mail.code;
    },
  });
}

async function wake(
  app: App,
  user: User,
  conversation: string,
  options: { oneCore?: boolean; whileAwake?: () => Promise<void> },
): Promise<Wake> {
  let pid: number | undefined;
  let cpuSeconds = Number.NaN;
  let memory: ReturnType<typeof watchMemory> | undefined;
  const over = new AbortController();
  const found = taskPid(app, over.signal).then((task) => {
    pid = task;
    if (task === undefined) return;
    if (options.oneCore) pinToOneCore(task);
    memory = watchMemory(task);
  });
  try {
    const timeline = await timedTurn(user, conversation, question, () => {
      if (pid !== undefined) cpuSeconds = processorSeconds(pid);
    });
    await options.whileAwake?.();
    await timedTurn(user, conversation, 'Please use a tool');
    await asleep(user);
    return { ...timeline, cpuSeconds, peakMemory: memory?.peak() ?? Number.NaN };
  } finally {
    over.abort();
    await found;
    memory?.stop();
  }
}

/** The outermost process of the task that is being started, as soon as there is one. */
async function taskPid(app: App, signal: AbortSignal): Promise<number | undefined> {
  // The one before may still be on its way out.
  const earlier = new Set(app.cloud.ecs.tasks().map(({ taskArn }) => taskArn));
  while (!signal.aborted) {
    for (const { taskArn } of app.cloud.ecs.tasks()) {
      const pid = earlier.has(taskArn) ? undefined : app.cloud.ecs.pidOf(taskArn);
      if (pid !== undefined) return pid;
    }
    await delay(pollEvery);
  }
  return undefined;
}
