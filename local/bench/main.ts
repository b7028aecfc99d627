// `npm run bench [-- --runs N]`: measures the product on this machine and writes docs/performance.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import openclaw from '../../container/package.json' with { type: 'json' };
import { createProgress } from '../app/bootstrap/progress.mjs';
import { startDemoModel } from '../app/demo-model/demo-model.ts';
import type { Mail } from '../app/inbox/inbox.ts';
import { startApp } from '../app/start-app.ts';
import { localAmplifyConfig } from '../cloud/amplify-outputs.ts';
import { startDirectOpenClaw } from './direct-openclaw.ts';
import { type Figure, median, table } from './figures.ts';
import { watchMemory } from './memory.ts';
import { asleep, type Timeline, timedTurn } from './turns.ts';
import { signInNewUser } from './user.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);
const warmTurns = 20;
const question = 'Hello there';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const mails: Mail[] = [];
const progress = createProgress({ json: false });
const start = (dataDirectory: string) =>
  startApp({
    root,
    port: 0,
    dataDirectory,
    model: 'demo',
    dev: false,
    progress,
    onMail: (mail) => mails.push(mail),
    onEvent: () => {},
  });

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const begun = performance.now();
  const result = await work();
  return [performance.now() - begun, result];
}

/** The stack comes up with its builds kept, as at the second `npm start`. */
async function measureStart(): Promise<number[]> {
  const times: number[] = [];
  await start(join(folder, 'start-first')).then((app) => app.stop());
  for (let run = 0; run < runs; run += 1) {
    const [time, app] = await timed(() => start(join(folder, `start-${run}`)));
    times.push(time);
    await app.stop();
  }
  return times;
}

async function measureProduct() {
  const app = await start(join(folder, 'product'));
  try {
    const user = await signInNewUser({
      config: localAmplifyConfig(app.cloud.outputs, app.endpoint),
      async codeFor(email) {
        const mail = mails.find(({ to }) => to === email);
        if (!mail?.code) throw new Error(`no code was mailed to ${email}`);
        return mail.code;
      },
    });
    const conversation = await user.newConversation();
    await user.saveSettings({ idleSeconds: 5 });
    const cold: Timeline[] = [];
    const memory: number[] = [];
    const warm: Timeline[] = [];
    for (let run = 0; run <= runs; run += 1) {
      const timeline = await timedTurn(user, conversation, question);
      const [task] = app.cloud.ecs.tasks();
      const watch = watchMemory((task && app.cloud.ecs.pidOf(task.taskArn)) ?? process.pid);
      // The first wake restores nothing and compiles everything: it is not what a user meets from then on.
      if (run > 0) cold.push(timeline);
      if (run === runs) {
        for (let turn = 0; turn < warmTurns; turn += 1)
          warm.push(await timedTurn(user, conversation, question));
      }
      await timedTurn(user, conversation, 'Please use a tool');
      const gone = asleep(user);
      await gone;
      memory.push(watch.peak());
      watch.stop();
    }
    await user.leave();
    return { cold, warm, memory };
  } finally {
    await app.stop();
  }
}

async function measureDirect() {
  const demo = await startDemoModel({ port: 0 });
  const { baseUrl, model } = demo.modelDefault;
  const boots: number[] = [];
  const first: number[] = [];
  const warm = { firstToken: [] as number[], finished: [] as number[] };
  try {
    for (let run = 0; run < runs; run += 1) {
      const direct = await startDirectOpenClaw({
        api: 'openai-completions',
        baseUrl: String(baseUrl),
        model,
      });
      boots.push(direct.boot);
      const turn = await direct.turn(question);
      first.push(direct.boot + turn.firstToken);
      for (let count = 0; run === runs - 1 && count < warmTurns; count += 1) {
        const times = await direct.turn(question);
        warm.firstToken.push(times.firstToken);
        warm.finished.push(times.finished);
      }
      await direct.stop();
    }
  } finally {
    await demo.close();
  }
  return { boots, first, warm };
}

const starts = await measureStart();
const product = await measureProduct();
const direct = await measureDirect();
rmSync(folder, { recursive: true, force: true });

const phase = (name: keyof Timeline['phases']) => product.cold.flatMap((each) => each.phases[name] ?? []);
const ms = (name: string, list: readonly number[]): Figure => ({ name, unit: 'ms', values: list });
const coldFigures = [
  ms(
    'accepted',
    product.cold.map((each) => each.accepted),
  ),
  ms('task running', phase('starting')),
  ms('OpenClaw ready', phase('ready')),
  ms(
    'first token',
    product.cold.map((each) => each.firstToken),
  ),
  ms(
    'answer finished',
    product.cold.map((each) => each.finished),
  ),
];
const directFigures = [
  ms('process start to connection', direct.boots),
  ms('process start to first token', direct.first),
];
const warmFigures = [
  ms(
    'first token, through the product',
    product.warm.map((each) => each.firstToken),
  ),
  ms('first token, OpenClaw alone', direct.warm.firstToken),
  ms(
    'whole answer, through the product',
    product.warm.map((each) => each.finished),
  ),
  ms('whole answer, OpenClaw alone', direct.warm.finished),
];
const difference = (name: 'firstToken' | 'finished') =>
  Math.round(median(product.warm.map((each) => each[name])) - median(direct.warm[name]));

const page = `# Performance

Written by \`npm run bench -- --runs ${runs}\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, openclaw ${openclaw.dependencies.openclaw}, scripted demo model. Everything runs on that one machine, so these figures hold no image pull and no network: they are not those of a deployment (live: NOT RUN).

## A cold wake
From the key press; the snapshot of the earlier conversation is restored each time.

${table(coldFigures)}

OpenClaw alone, with the same configuration, an empty state and no product around it:

${table(directFigures)}

## A warm turn
From the key press (through the product) and from \`chat.send\` (OpenClaw alone). The product adds ${difference('firstToken')} ms to the first token and ${difference('finished')} ms to the whole answer, at the median.

${table(warmFigures)}

## Memory of a task
Highest sum of the proportional set sizes of all processes in the task (bridge, OpenClaw, tools) over a session with a tool and a snapshot.

${table([{ name: 'peak', unit: 'MB', values: product.memory }])}

## Start
The whole stack with its builds kept: from the call to a page that can be opened.

${table([ms('local stack', starts)])}
`;
writeFileSync(join(root, 'docs', 'performance.md'), page);
process.stdout.write(`\n${page}`);
process.exit(0);
