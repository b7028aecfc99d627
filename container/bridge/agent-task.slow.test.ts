import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attachment, fileKey } from '../../amplify/core/attachment.ts';
import type { ChatRequest } from '../../local/app/demo-model/conversation.ts';
import { type DemoModel, demoModelId, startDemoModel } from '../../local/app/demo-model/demo-model.ts';
import { layOutPackages } from '../lay-out-packages.ts';
import { StandInApp } from '../stand-in/app.ts';
import { startTask } from './agent-task.ts';
import { agentFields } from './appsync/agent-fields.ts';
import { taskCredentials } from './appsync/credentials.ts';
import { openDoorbell } from './appsync/doorbell.ts';
import { graphqlCaller } from './appsync/graphql.ts';
import { serverClock } from './appsync/server-clock.ts';
import { workspaceFiles } from './files/workspace-files.ts';
import { createLog } from './log.ts';
import { freePort } from './openclaw/gateway.ts';
import { detectIsolation } from './openclaw/isolation.ts';
import { stateDatabase } from './openclaw/reconcile.ts';
import { prepareFolders } from './openclaw/workspace.ts';
import { createWorker } from './snapshot/worker.ts';
import type { TaskEnd } from './task-limits.ts';

/** A task in this process, with the real OpenClaw as its child. */
interface RunningTask {
  readonly ended: Promise<TaskEnd>;
  readonly logs: { event: string; [field: string]: unknown }[];
  readonly workspace: string;
  terminate(): void;
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC',
  'base64',
);
const providerKey = 'sk-the-real-provider-key';
const folder = mkdtempSync(join(tmpdir(), 'agent-task-'));
// OpenClaw as the image holds it.
const packages = join(folder, 'node_modules');
layOutPackages(join(import.meta.dirname, '../node_modules'), packages);
const entry = join(packages, 'openclaw', 'openclaw.mjs');
// The agent's user must be able to pass it, as it can pass a container's /.
chmodSync(folder, 0o755);
const { isolation } = await detectIsolation([entry], join(folder, 'home'));
let demo: DemoModel;
let app: StandInApp;
let task: RunningTask;
// Other tasks on this machine have the usual one.
const modelPort = await freePort();
const asked: { at: number; request: ChatRequest }[] = [];

async function begin(): Promise<RunningTask> {
  const variables = app.taskEnvironment;
  const target = {
    url: variables.GRAPHQL_URL as string,
    region: variables.AWS_REGION as string,
    credentials: taskCredentials(variables.AWS_CONTAINER_CREDENTIALS_FULL_URI as string),
    clock: serverClock(),
  };
  const logs: RunningTask['logs'] = [];
  const log = createLog('debug', (line) => logs.push(JSON.parse(line)));
  // The same home each time, as in a container: only what the snapshot holds comes back.
  const folders = await prepareFolders(join(folder, 'home'), isolation);
  const started = startTask({
    backend: agentFields(graphqlCaller(target)),
    openDoorbell: (onRing) => openDoorbell(target, onRing, log),
    folders,
    isolation,
    worker: createWorker(join(import.meta.dirname, 'main.ts'), isolation),
    workspaceFiles: workspaceFiles(join(import.meta.dirname, 'main.ts'), folders.workspace, isolation),
    openclawEntry: entry,
    log,
    modelPort,
    limits: {
      drain: 2_000,
      // Only what SIGTERM and sleep save: a lost task takes with it what came after.
      saveEvery: 3_600_000,
      modelTimeouts: { firstByte: 3_000, stall: 2_000 },
      retry: { failures: 3, milliseconds: 6_000 },
    },
  });
  return { ...started, logs, workspace: folders.workspace };
}

/** Sends a message and gives its row when it is final. */
const ask = (conversationId: string, text: string) =>
  app.ledger.finished(app.ledger.send(conversationId, text));
/** Puts a file where presigned URLs reach it, as a page does. */
function attach(name: string, type: string, bytes: Buffer | string): Attachment {
  const file = { id: randomUUID(), name, type, size: Buffer.byteLength(bytes) };
  app.files.set(fileKey('o', file.id), Buffer.from(bytes));
  return file;
}
const recalled = () => task.logs.findLast(({ event }) => event === 'turns.recalled');
/** When OpenClaw last went through its migrations, as it notes in its state. */
const migratedAt = () => {
  const database = new DatabaseSync(join(folder, 'home/state', stateDatabase), { readOnly: true });
  try {
    return database.prepare("SELECT updated_at FROM schema_meta WHERE meta_key = 'startup-migrations'").get();
  } finally {
    database.close();
  }
};
const gatewayPid = () => {
  const found = task.logs.findLast(({ event }) => event === 'openclaw.started');
  return found?.pid as number;
};

beforeAll(async () => {
  demo = await startDemoModel({
    pace: 15,
    allowFaults: true,
    alsoKnownAs: ['another-model'],
    onRequest: (request) => asked.push({ at: Date.now(), request }),
  });
  const model = {
    provider: 'openai-compatible' as const,
    api: 'openai-completions' as const,
    baseUrl: demo.url,
    model: demoModelId,
    apiKey: providerKey,
    thinking: 'low' as const,
  };
  app = await new StandInApp(model).start();
  app.ledger.sessionMissing = 2;
  task = await begin();
  await app.ledger.until(() => app.ledger.reports.some(({ phase }) => phase === 'ready'), 'ready', 200_000);
}, 220_000);

afterAll(async () => {
  task?.terminate();
  await task?.ended;
  await app?.stop();
  await demo?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a task with the real OpenClaw', { timeout: 240_000 }, () => {
  const home = randomUUID();
  const later = randomUUID();
  let migrated: unknown;

  it('waits for its session, and says how far its start is', () => {
    expect(task.logs.filter(({ event }) => event === 'session.not_yet')).toHaveLength(2);
    expect(app.ledger.reports.map(({ phase }) => phase).filter(Boolean)).toEqual([
      'starting',
      'booting',
      'ready',
    ]);
    migrated = migratedAt();
  });

  it('streams an answer in a few deltas that add up to the committed text', async () => {
    const answer = await ask(home, 'My dog is Bori.');
    expect(answer.status).toBe('answered');
    expect(answer.answer).toContain('“My dog is Bori.”');
    expect(answer.usage?.outputTokens).toBeGreaterThan(0);
    let text = '';
    let seq = 0;
    for (const { body } of app.ledger.told.filter(
      ({ kind, messageId }) => kind === 'message.delta' && messageId === answer.id,
    )) {
      expect(body.seq).toBe(++seq);
      text = text.slice(0, body.offset as number) + body.text;
    }
    expect(seq).toBeGreaterThan(1);
    expect(seq).toBeLessThan(12);
    expect(answer.answer.startsWith(text)).toBe(true);
  });

  it('logs each step of a message under its id, and what the first one waited and took', async () => {
    const [first] = [...app.ledger.rows.values()];
    await app.ledger.until(
      () => task.logs.some(({ event }) => event === 'turn.ended'),
      'the end of a turn',
      10_000,
    );
    const steps = task.logs.filter(
      ({ event, messageId }) => event.startsWith('turn.') && messageId === first?.id,
    );
    expect(steps.map(({ event }) => event)).toEqual(['turn.claimed', 'turn.committed', 'turn.ended']);
    expect(task.logs.filter(({ event, messageId }) => event.startsWith('turn.') && !messageId)).toEqual([]);
    const [claimed, committed] = steps;
    expect(claimed?.WakeSeconds).toBeGreaterThan(0);
    expect(committed?.AnswerSeconds).toBeGreaterThanOrEqual(Number(claimed?.WakeSeconds));
    expect(claimed?._aws).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'ServerlessOpenClaw' }] });
    // Only who woke the task has waited for it.
    expect(task.logs.filter((line) => 'WakeSeconds' in line)).toHaveLength(1);
  });

  it('remembers within a conversation and not across conversations', async () => {
    expect((await ask(home, 'what did I say first?')).answer).toContain('“My dog is Bori.”');
    expect((await ask(randomUUID(), 'what did I say first?')).answer).not.toContain('Bori');
  });

  it('reads nothing that people write as a command of its own', async () => {
    const conversationId = randomUUID();
    const texts = ['stop', '/reset', '/status', '/restart', '! ls', 'explain /think high and /exec ask=off'];
    for (const text of texts) {
      const row = await app.ledger.finished(app.ledger.send(conversationId, text), 20_000);
      expect(row).toMatchObject({ status: 'answered', answer: expect.stringContaining(`“${text}”`) });
    }
    expect((await ask(conversationId, 'what did I say first?')).answer).toContain('“stop”');
  });

  it('lets a conversation be answered by a model of its own, which OpenClaw’s configuration does not name', async () => {
    const conversationId = randomUUID();
    const own = (model: string) => ({
      provider: 'openai-compatible' as const,
      model,
      price: { input: 0, output: 0 },
    });
    const send = (text: string, model?: string) =>
      app.ledger.finished(app.ledger.send(conversationId, text, [], model ? own(model) : undefined));
    const first = await send('My cat is Nabi.', 'another-model');
    expect(first).toMatchObject({ status: 'answered', model: 'another-model' });
    expect(asked.at(-1)?.request.model).toBe('another-model');
    // Back to the default, with what was said before.
    const second = await send('what did I say first?');
    expect(second).toMatchObject({ status: 'answered', model: demoModelId });
    expect(second.answer).toContain('“My cat is Nabi.”');
    const third = await send('hello', 'unheard-of');
    expect(third).toMatchObject({ status: 'failed', error: { code: 'model.refused' } });
  });

  it('keeps what the model thought, apart from its answer and from what it is told later', async () => {
    const conversationId = randomUUID();
    const answer = await ask(conversationId, 'think about it');
    expect(answer).toMatchObject({ status: 'answered', answer: expect.stringMatching(/^I have thought/) });
    expect(answer.thinking).toMatch(/^The person wrote “think about it”[\s\S]*real model's thoughts\.$/);
    expect(answer.thinkingMs).toBeGreaterThan(100);
    const steps = app.ledger.told.filter(
      ({ kind, messageId }) => kind === 'message.progress' && messageId === answer.id,
    );
    expect(steps.map(({ body }) => body.step)).toContain('thinking');
    expect(JSON.stringify(app.ledger.told)).not.toContain('The person wrote');
    expect((await ask(conversationId, 'hello')).thinking).toBeNull();
  });

  it('marks a turn before its first tool runs, and shows the tool with what it gave', async () => {
    const answer = await ask(home, 'make a file');
    expect(answer.status).toBe('answered');
    expect(answer.tools.map(({ name, status }) => `${name} ${status}`)).toEqual(['write done', 'read done']);
    expect(answer.tools[1]?.output).toContain('You asked: make a file');
    const mark = app.ledger.calls.find(
      ({ field, arguments: args }) => field === 'agentCheckpoint' && args.toolsRan === true,
    );
    const running = app.ledger.told.find(
      ({ kind, messageId }) => kind === 'message.tool' && messageId === answer.id,
    );
    expect(mark?.arguments.id).toBe(answer.id);
    expect(mark?.at).toBeLessThanOrEqual(running?.at ?? 0);
    expect(readFileSync(join(task.workspace, 'demo-note.txt'), 'utf8')).toContain('make a file');
  });

  it('hands a message’s files to OpenClaw, and what the agent hands over becomes part of the answer', async () => {
    const note = attach('쪽지.txt', 'text/plain', 'Bori likes cheese.');
    const picture = attach('dot.png', 'image/png', png);
    const gone = { ...attach('gone.pdf', 'application/pdf', 'x'), size: 5 };
    const id = app.ledger.send(home, 'send it back', [note, picture, gone]);
    const answer = await app.ledger.finished(id);
    expect(answer.status).toBe('answered');
    expect(answer.text).toBe('send it back');
    // OpenClaw's own tool read it in the workspace.
    expect(answer.answer).toContain('Bori likes cheese.');
    expect(answer.answer).not.toContain('MEDIA:');
    const told = JSON.stringify(asked.at(-1)?.request.messages);
    expect(told).toContain('gone.pdf: could not be read');
    expect(answer.files).toMatchObject([
      { name: '쪽지.txt', type: 'text/plain', size: note.size },
      { name: 'dot.png', type: 'image/png', size: png.length },
    ]);
    const [text, dot] = answer.files;
    expect(app.files.get(fileKey('o', text?.id ?? ''))?.toString()).toBe('Bori likes cheese.');
    expect(app.files.get(fileKey('o', dot?.id ?? ''))).toEqual(png);
    expect(readFileSync(join(task.workspace, `inbox/${id}/쪽지.txt`), 'utf8')).toBe('Bori likes cheese.');
  });

  it('hands over a file that OpenClaw has just written', async () => {
    const { answer, files } = await ask(home, 'send me a file');
    expect(answer).toContain('Here is `demo-note.txt`');
    expect(files).toMatchObject([{ name: 'demo-note.txt', type: 'text/plain' }]);
    expect(app.files.get(fileKey('o', files[0]?.id ?? ''))?.toString()).toContain(
      'You asked: send me a file',
    );
  });

  it('does not mark a turn that used no tool', () => {
    const [first] = [...app.ledger.rows.values()];
    expect(first?.text).toBe('My dog is Bori.');
    expect(first?.toolsRan ?? false).toBe(false);
  });

  it("follows one of OpenClaw's own skills to its end", async () => {
    const answer = await ask(home, '스킬 써 줘');
    expect(answer.status).toBe('answered');
    expect(answer.answer).toContain('diagram-maker');
    expect(readFileSync(join(task.workspace, 'diagram.html'), 'utf8')).toMatch(/<svg[\s\S]*<\/svg>/);
  });

  it.runIf(isolation.users !== undefined)(
    'runs commands without asking, as a user who can see neither key nor credentials',
    async () => {
      const answer = await ask(home, 'use a tool');
      expect(answer.tools[0]).toMatchObject({ name: 'exec', title: 'uname -a', status: 'done' });
      const status = readFileSync(`/proc/${gatewayPid()}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\t(1\d{4})\t\1\t\1\t\1$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^CapBnd:\t0+$/m);
      const environment = readFileSync(`/proc/${gatewayPid()}/environ`, 'utf8');
      expect(environment).not.toMatch(/AWS_|GRAPHQL_URL|sk-the-real/);
      const configuration = readFileSync(join(folder, 'home/openclaw/openclaw.json'), 'utf8');
      expect(configuration).not.toContain(providerKey);
    },
  );

  it('stops on request and keeps the partial text', async () => {
    const id = app.ledger.send(home, 'tell me a long story');
    const heard = () =>
      app.ledger.told.filter(({ kind, messageId }) => kind === 'message.delta' && messageId === id);
    await app.ledger.until(() => heard().length > 1, 'two deltas');
    app.ledger.stop(id);
    const row = await app.ledger.finished(id, 10_000);
    expect(row.status).toBe('stopped');
    expect(row.answer).toContain('A long story');
    expect(row.answer).not.toContain('day 40');
    expect((await ask(home, 'hello again')).status).toBe('answered');
  });

  it('answers conversations side by side, and one conversation in order', async () => {
    const places = [randomUUID(), randomUUID(), randomUUID()];
    const ids = places.map((place) => app.ledger.send(place, 'hello'));
    const second = app.ledger.send(places[0] as string, 'what did I say first?');
    const rows = await Promise.all([...ids, second].map((id) => app.ledger.finished(id)));
    expect(rows.map(({ status }) => status)).toEqual(Array(4).fill('answered'));
    expect(rows[3]?.answer).toContain('“hello”');
    const claims = app.ledger.calls
      .filter(({ field }) => field === 'agentClaim')
      .map(({ arguments: { id } }) => id);
    expect(claims.indexOf(second)).toBeGreaterThan(claims.indexOf(ids[0]));
  });

  it.each([
    ['fault: key', 'model.key_rejected'],
    ['fault: rate', 'model.rate_limited'],
    ['fault: refuse', 'model.refused'],
    ['fault: unavailable', 'model.unreachable'],
    ['fault: timeout', 'model.timeout'],
    ['fault: stall', 'model.timeout'],
    ['fault: garbage', 'model.garbage'],
    ['fault: cut', 'model.cut_off'],
  ])('ends a turn whose model does "%s" as failed with %s', async (text, code) => {
    const row = await ask(randomUUID(), text);
    expect([row.status, row.error?.code], row.error?.detail ?? '').toEqual(['failed', code]);
    expect(JSON.stringify(row)).not.toContain(providerKey);
  });

  it('goes on when the real-time connection is cut', async () => {
    app.cutRealtime();
    expect((await ask(home, 'still there?')).status).toBe('answered');
  });

  it('ends a turn in which a tool had run as interrupted when OpenClaw dies, and starts OpenClaw once more', async () => {
    const before = asked.length;
    const id = app.ledger.send(home, 'make a file');
    await app.ledger.until(() => app.ledger.row(id).toolsRan, 'the mark');
    process.kill(gatewayPid(), 'SIGKILL');
    const row = await app.ledger.finished(id, 200_000);
    expect(row.status).toBe('interrupted');
    await app.ledger.until(
      () => task.logs.some(({ event }) => event === 'openclaw.restarted'),
      'a restart',
      100_000,
    );
    expect((await ask(home, 'what did I say first?')).answer).toContain('“My dog is Bori.”');
    // The interrupted turn, and the question after it: nothing was run again by itself.
    const questions = asked
      .slice(before)
      .map(({ request }) => request.messages.filter(({ role }) => role === 'user').length);
    expect(questions.length).toBeLessThanOrEqual(3);
  });

  it('on SIGTERM leaves a turn without tools in work, saves its state and ends', async () => {
    const id = app.ledger.send(home, '긴 이야기 해 줘');
    await app.ledger.until(() => app.ledger.row(id).seq > 0, 'a checkpoint');
    const at = Date.now();
    task.terminate();
    expect(await task.ended).toBe('terminated');
    expect(Date.now() - at).toBeLessThan(30_000);
    expect(app.ledger.row(id)).toMatchObject({ status: 'working', epoch: 1 });
    expect(app.ledger.snapshots[0]).toMatchObject({ epoch: 1 });
  });

  it('in the next task restores the memory, and runs what was left once and only when it is claimed', async () => {
    const [left] = [...app.ledger.rows.values()].filter(({ status }) => status === 'working');
    const lost = app.ledger.send(randomUUID(), 'make a file');
    Object.assign(app.ledger.row(lost), {
      status: 'working',
      epoch: 1,
      toolsRan: true,
      answer: 'I will',
      seq: 1,
    });
    app.ledger.nextTask();
    app.ledger.reports.length = 0;
    const before = asked.length;
    task = await begin();
    const row = await app.ledger.finished(left?.id as string, 200_000);
    expect(row).toMatchObject({ status: 'answered', epoch: 2 });
    expect(row.answer).toContain('40일째');
    expect(await app.ledger.finished(lost)).toMatchObject({ status: 'interrupted', answer: 'I will' });
    expect(
      asked.slice(before).map(({ request }) => JSON.stringify(request.messages.at(-1)).length),
    ).toHaveLength(1);
    expect(app.ledger.reports.map(({ phase }) => phase).filter(Boolean)).toEqual([
      'starting',
      'restoring',
      'booting',
      'ready',
    ]);
    expect(recalled()).toMatchObject({ added: 0 });
    // Migrations cost a wake seconds, and were done when this state began.
    if (isolation.users) expect(migratedAt()).toEqual(migrated ?? expect.fail('no migration was noted'));
    expect((await ask(home, '내가 처음에 뭐라고 했지?')).answer).toContain('My dog is Bori.');
    // As the last test that asked for a note left it.
    expect(readFileSync(join(task.workspace, 'demo-note.txt'), 'utf8')).toContain('send me a file');
  });

  it('ends at once, and OpenClaw with it, when another task holds the lease', async () => {
    expect((await ask(home, 'My bird is Sae.')).status).toBe('answered');
    expect((await ask(later, 'My cat is Nabi.')).status).toBe('answered');
    const cutOff = app.ledger.send(later, 'tell me a long story');
    await app.ledger.until(() => app.ledger.row(cutOff).seq > 0, 'a checkpoint');
    const pid = gatewayPid();
    app.ledger.stolen = true;
    app.ledger.ring();
    expect(await task.ended).toBe('leaseLost');
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5_000 }).toBe(false);
  });

  it('that was killed before it could save leaves no hole in the memory of the next one', async () => {
    const [cutOff] = [...app.ledger.rows.values()].filter(({ status }) => status === 'working');
    app.ledger.stolen = false;
    app.ledger.nextTask();
    const before = asked.length;
    task = await begin();
    // It goes on with what was cut off, once, and knows what was said before.
    expect(await app.ledger.finished(cutOff?.id as string, 200_000)).toMatchObject({
      status: 'answered',
      epoch: 3,
    });
    expect(asked).toHaveLength(before + 1);
    expect(recalled()?.added).toBeGreaterThanOrEqual(3);
    expect((await ask(later, 'what did I say first?')).answer).toContain('“My cat is Nabi.”');
    await ask(home, 'still there?');
    const said = (asked.at(-1)?.request.messages ?? []).map(({ content }) => JSON.stringify(content));
    const times = (text: string) => said.filter((each) => each.includes(text)).length;
    expect([times('My dog is Bori.'), times('내가 처음에')]).not.toContain(0);
    // Once as the question, once in the answer that repeats it.
    expect(times('My bird is Sae.')).toBe(2);
  });

  it('forgets what was deleted when it wakes again, and nothing else', async () => {
    task.terminate();
    expect(await task.ended).toBe('terminated');
    app.ledger.deleted.add(later);
    app.ledger.nextTask();
    task = await begin();
    expect((await ask(later, 'what did I say first?')).answer).not.toContain('My cat is Nabi.');
    expect(recalled()?.forgotten).toBe(1);
    const told = JSON.stringify(asked.at(-1)?.request.messages);
    expect(told).not.toContain('Nabi');
    await ask(home, 'and now?');
    expect(JSON.stringify(asked.at(-1)?.request.messages)).toContain('My dog is Bori.');
  }, 240_000);
});
