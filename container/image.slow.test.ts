import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoModel, demoModelId, startDemoModel } from '../local/app/demo-model/demo-model.ts';
import { compileImage, type PreparedImage, prepareImage } from './prepare-image.ts';
import { stageContext } from './stage-context.ts';
import { StandInApp } from './stand-in/app.ts';

/** Somebody who is not root: as on a developer's machine, where OpenClaw cannot have a user of its own. */
const ordinaryUser = 20_002;
const isRoot = process.getuid?.() === 0;

const folder = mkdtempSync(join(tmpdir(), 'agent-image-'));
let demo: DemoModel;
let app: StandInApp;
let child: ChildProcess;
let image: PreparedImage;
let home: string;
let ended: Promise<number | null>;
let output = '';

beforeAll(async () => {
  chmodSync(folder, 0o755);
  const context = join(folder, 'context');
  stageContext(context);
  image = await prepareImage(context, join(folder, 'images'));
  await compileImage(image);
  home = join(folder, 'agent');
  mkdirSync(home);
  if (isRoot) chownSync(home, ordinaryUser, ordinaryUser);
  demo = await startDemoModel({ pace: 10 });
  app = await new StandInApp({
    api: 'openai-completions',
    baseUrl: demo.url,
    model: demoModelId,
    apiKey: 'sk-x',
  }).start();
  const [program = '', ...args] = image.command;
  child = spawn(program, args, {
    cwd: image.cwd,
    env: { ...image.env, ...app.taskEnvironment, AGENT_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot ? { uid: ordinaryUser, gid: ordinaryUser } : {}),
  });
  ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  await app.ledger.until(() => app.ledger.reports.some(({ phase }) => phase === 'ready'), 'ready', 200_000);
}, 420_000);

afterAll(async () => {
  if (child?.exitCode === null) child.kill('SIGTERM');
  await ended;
  await app?.stop();
  await demo?.close();
  rmSync(folder, { recursive: true, force: true });
});

const waiting = (id: string) => app.ledger.until(() => app.ledger.row(id).approval, 'an approval');

describe('the image’s command, run by somebody who is not root', { timeout: 120_000 }, () => {
  const place = randomUUID();

  it('stages the same bytes again, so that an unchanged image is not built anew', () => {
    const again = join(folder, 'again');
    stageContext(again);
    for (const file of [
      'bridge.mjs',
      'tool-shell.mjs',
      'Dockerfile',
      'package.json',
      'package-lock.json',
      '.dockerignore',
    ]) {
      expect(readFileSync(join(again, file), 'utf8')).toBe(
        readFileSync(join(folder, 'context', file), 'utf8'),
      );
    }
    expect(readFileSync(join(again, 'bridge.mjs'), 'utf8')).not.toContain(folder);
  });

  it('takes what was compiled when the image was built, made by another user, and can change nothing of it', () => {
    const [name = ''] = readdirSync(join(home, 'cache'));
    expect(lstatSync(join(home, 'cache', name)).isSymbolicLink()).toBe(true);
    const node = spawnSync(
      process.execPath,
      [join(image.cwd, 'node_modules/openclaw/openclaw.mjs'), '--version'],
      {
        env: { HOME: home, NODE_COMPILE_CACHE: join(home, 'cache'), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
        encoding: 'utf8',
        ...(isRoot ? { uid: ordinaryUser, gid: ordinaryUser } : {}),
      },
    );
    expect(node.stderr).toMatch(/openclaw\.mjs was accepted/);
    // Nobody but its owner may write to it.
    const folder = join(image.cwd, 'compiled/openclaw');
    for (const path of [folder, ...readdirSync(folder).map((file) => join(folder, file))])
      expect(statSync(path).mode & 0o022, path).toBe(0);
  });

  it('says that commands will ask, and why', () => {
    expect(output).toMatch(/"isolation.missing".*not started as root.*commands ask for approval/);
  });

  it('runs a command only after its user has allowed it', async () => {
    const id = app.ledger.send(place, 'use a tool');
    expect(await waiting(id)).toMatchObject({ command: 'uname -a' });
    expect(app.ledger.row(id).toolsRan).toBe(true);
    app.ledger.decide(id, 'allow-once');
    const row = await app.ledger.finished(id);
    expect(row.tools[0]).toMatchObject({ status: 'done', title: 'uname -a' });
    expect(row.answer).toContain('really ran');
    const told = app.ledger.told.filter(
      ({ kind, messageId }) => kind === 'message.approval' && messageId === id,
    );
    expect(told.map(({ body }) => (body.approval as { command: string } | null)?.command ?? null)).toEqual([
      'uname -a',
      null,
    ]);
  });

  it('does not run a command that its user has denied', async () => {
    const id = app.ledger.send(place, '도구 써 줘');
    await waiting(id);
    app.ledger.decide(id, 'deny');
    const row = await app.ledger.finished(id);
    expect(row.tools[0]?.status).toBe('failed');
    expect(row.answer).not.toContain('정말로 실행');
  });

  it('stops while a command waits for approval', async () => {
    const id = app.ledger.send(place, 'use a tool');
    await waiting(id);
    app.ledger.stop(id);
    expect((await app.ledger.finished(id, 15_000)).status).toBe('stopped');
  });

  it('answers a message that slips in while it leaves, and leaves when all is quiet', async () => {
    let late = '';
    app.ledger.beforeRelease = () => {
      late = app.ledger.send(place, 'one more thing');
    };
    app.ledger.sleepRequested = true;
    app.ledger.ring();
    await app.ledger.until(() => late, 'a release');
    expect((await app.ledger.finished(late)).status).toBe('answered');
    expect(await ended).toBe(0);
    expect(app.ledger.released).toBe(true);
    expect(app.files.get(app.ledger.snapshots[0]?.key ?? '')?.length).toBe(app.ledger.snapshots[0]?.size);
    expect(output).not.toMatch(/sk-x|session-of-the-stand-in|secret-of-the-stand-in/);
  });
});
