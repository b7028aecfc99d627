// The TypeScript part of `npm start`, run by start.mjs on the project's own Node.
import { fileURLToPath } from 'node:url';
import { descendantsOf, signal as sendSignal } from '../cloud/processes.ts';
import { createProgress } from './bootstrap/progress.mjs';
import { takeDataFolder } from './data-folder.ts';
import type { Mail } from './inbox/inbox.ts';
import { type JournalEvent, lineFor } from './journal.ts';
import { chooseModel, providersAtHand, removeKeys } from './model-choice.ts';
import { type App, graceSeconds, startApp } from './start-app.ts';
import { parseStartOptions } from './start-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const options = parseStartOptions(process.argv.slice(2), root);
const progress = createProgress({ json: options.json });
const { say } = progress;

function onMail(mail: Mail): void {
  const what = mail.code ? `${mail.subject}: ${mail.code}` : mail.subject;
  say(`✉ ${mail.to}: ${what}`, { event: 'mail', to: mail.to, subject: mail.subject, code: mail.code });
}

function onEvent(event: JournalEvent): void {
  if (options.json) {
    say('', { ...event, event: 'log', of: event.event });
    return;
  }
  const line = lineFor(event);
  if (line) say(line);
}

function sayReady(app: App): void {
  say('');
  if (app.model === 'demo') {
    say('Model: a scripted demo. Set ANTHROPIC_API_KEY (or another: npm start -- --help) for a real one.');
  } else {
    say(`Model: ${app.model}`);
  }
  say(`Mails and confirmation codes: ${app.url}/inbox`);
  if (app.telegramUrl) say(`Telegram: ${app.telegramUrl} (connect in the app: Settings, Telegram)`);
  say(`Open ${app.url}   (Ctrl-C stops)`, {
    event: 'ready',
    url: app.url,
    inbox: `${app.url}/inbox`,
    endpoint: app.endpoint,
    telegram: app.telegramUrl,
    model: app.model,
    pid: process.pid,
  });
  say('');
}

function endAtOnce(code: number): never {
  for (const pid of descendantsOf(process.pid)) sendSignal(pid, 'SIGKILL');
  process.exit(code);
}

/** The first call stops in order; one that comes a second later or more ends everything at once. */
function stopper(stop: () => Promise<void>): () => void {
  let first: number | undefined;
  return () => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      void stop();
      return;
    }
    // One Ctrl-C reaches us more than once: from the terminal, from npm, from start.mjs.
    if (now - first >= 1000) endAtOnce(130);
  };
}

async function main(): Promise<void> {
  const others = providersAtHand(process.env).slice(1);
  const model = chooseModel(options.model, process.env);
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot } = process.env;
  removeKeys(process.env);
  // OpenClaw would take the bot over by itself if it saw its token.
  delete process.env.TELEGRAM_BOT_TOKEN;
  const lock = takeDataFolder(options.data, options.fresh);
  process.once('exit', () => lock.release());

  let app: App | undefined;
  let exitCode = 0;
  const stop = stopper(async () => {
    // Still coming up: nothing is there yet that could lose data.
    if (!app) endAtOnce(130);
    const agents = app.cloud.ecs.tasks().length;
    if (agents === 0) say('Stopping.');
    else
      say(
        `Stopping: ${agents} agent(s) save and leave (at most ${graceSeconds} s; Ctrl-C again ends at once).`,
      );
    await app.stop().catch((error: unknown) => {
      progress.fail(error);
      endAtOnce(1);
    });
    say('Stopped.', { event: 'stopped' });
    process.exit(exitCode);
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  // start.mjs is gone, and with it the terminal perhaps.
  process.once('disconnect', stop);
  // A fault of ours: what runs is given the chance to save.
  process.on('uncaughtException', (error) => {
    progress.fail(error);
    exitCode = 1;
    stop();
  });

  say(options.json ? 'Starting' : 'Serverless OpenClaw');
  app = await startApp({
    root,
    port: options.port,
    dataDirectory: options.data,
    model,
    dev: options.dev,
    telegram: options.telegram ? (token ? { token, apiRoot } : 'stand-in') : undefined,
    progress,
    onMail,
    onEvent,
  });
  lock.note({ port: app.port });
  if (options.model === undefined && others.length > 0) {
    say(`Keys for ${others.join(', ')} are there too: choose with --model.`);
  }
  sayReady(app);
}

process.stdout.on('error', () => {});
try {
  await main();
} catch (error) {
  progress.fail(error);
  endAtOnce(1);
}
