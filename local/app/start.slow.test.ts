import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Amplify } from 'aws-amplify';
import { confirmSignUp, fetchAuthSession, signIn, signOut, signUp } from 'aws-amplify/auth';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { descendantsOf } from '../cloud/processes.ts';
import { startOf } from './bootstrap/lock.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  event?: string;
  of?: string;
  status?: string;
  [key: string]: unknown;
}

/** `npm start -- --json …`, read line by line. */
function start(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, 'local/app/start.mjs'), '--json', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exit = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const lines: Line[] = [];
  const waiting: { matches: (line: Line) => boolean; resolve: (line: Line) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const each of waiting) if (each.matches(line)) each.resolve(line);
  });
  /** The first line, past or to come, that matches. */
  const line = (matches: (line: Line) => boolean): Promise<Line> => {
    const past = lines.find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      waiting.push({ matches, resolve });
      void exit.then(() =>
        reject(
          new Error(
            `ended:\n${lines
              .slice(-20)
              .map((each) => JSON.stringify(each))
              .join('\n')}`,
          ),
        ),
      );
    });
  };
  return { child, exit, lines, line, ready: () => line(({ event }) => event === 'ready') };
}

/** Every process below one, told apart from later ones of the same number. */
const familyOf = (pid: number) => descendantsOf(pid).map((each) => ({ pid: each, started: startOf(each) }));
const living = (family: ReturnType<typeof familyOf>) =>
  family.filter(({ pid, started }) => started !== undefined && startOf(pid) === started);

async function gone(family: ReturnType<typeof familyOf>) {
  for (const deadline = Date.now() + 5000; living(family).length > 0 && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return living(family).map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
}

/** A port that is free now. With one that is named the local cloud takes the next one, and tokens stay good over a restart. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A new user of a running app, and calls in the user's name. */
async function newUser(url: string) {
  const configuration = await (await fetch(`${url}/amplify_outputs.json`)).json();
  Amplify.configure(configuration);
  await signOut();
  const [username, password] = [`${v7()}@example.com`, `Pass-${v7()}`];
  await signUp({ username, password, options: { userAttributes: { email: username } } });
  const mails = (await (await fetch(`${url}/inbox/mails.json`)).json()) as { to: string; code: string }[];
  await confirmSignUp({ username, confirmationCode: mails.find(({ to }) => to === username)?.code ?? '' });
  await signIn({ username, password });
  const token = (await fetchAuthSession()).tokens?.accessToken.toString() ?? '';
  return async (query: string, variables: object): Promise<Record<string, string>> => {
    const { API } = (await (await fetch(`${url}/amplify_outputs.json`)).json()) as typeof configuration;
    const reply = await fetch(API.GraphQL.endpoint, {
      method: 'POST',
      headers: { authorization: token, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await reply.json()) as { data: Record<string, string>; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  };
}

const conversationId = v7();
const id = v7();
const say = (text: string) =>
  [
    `mutation Say($c: String!, $id: String!, $t: String!) {
      createConversation(id: $c, title: $t) { owner kind conversationId messageId body }
      sendMessage(conversationId: $c, id: $id, text: $t) }`,
    { c: conversationId, id, t: text },
  ] as const;
const read = [
  'query Read($c: String!, $id: String!) { message(conversationId: $c, id: $id) }',
  { c: conversationId, id },
] as const;

const isRunning = ({ of, status }: Line) => of === 'task.status' && status === 'RUNNING';
const isBooting = ({ of, line }: Line) => of === 'task.output' && String(line).includes('"booting"');

describe('npm start', () => {
  test('survives kill -9 with an agent at work: nothing stays behind, and the message is answered after all', async () => {
    const data = join(folder, 'killed');
    const options = ['--port', String(await freePort()), '--data', data, '--model', 'demo'];
    const first = start(options);
    const { url, pid } = await first.ready();
    const call = await newUser(String(url));
    await call(...say('Hello there'));
    await first.line(isRunning);
    await first.line(isBooting);
    const family = familyOf(Number(pid));
    expect(family.length).toBeGreaterThan(2);
    process.kill(Number(pid), 'SIGKILL');
    await first.exit;

    const second = start(options);
    await second.ready();
    expect(await gone(family)).toEqual([]);
    const answered = async () => JSON.parse((await call(...read)).message ?? 'null')?.status;
    await expect.poll(answered, { timeout: 90_000, interval: 500 }).toBe('answered');

    const agents = familyOf(second.child.pid ?? 0);
    second.child.kill('SIGINT');
    expect(await second.exit).toBe(0);
    expect(await gone(agents)).toEqual([]);
  });

  test('stops on Ctrl-C once its agents have saved, however often one Ctrl-C is told, and leaves no process', async () => {
    const data = join(folder, 'stopped');
    const app = start(['--port', '0', '--data', data, '--model', 'demo']);
    const { url, pid } = await app.ready();
    const call = await newUser(String(url));
    await call(...say('Tell me a long story'));
    await app.line(({ of, line }) => of === 'task.output' && String(line).includes('"ready"'));
    const family = familyOf(app.child.pid ?? 0);
    // A terminal tells everyone of the group, and npm and start.mjs pass it on.
    app.child.kill('SIGINT');
    process.kill(Number(pid), 'SIGINT');
    expect(await app.exit).toBe(0);
    expect(await gone(family)).toEqual([]);
    const texts = app.lines.map((line) => JSON.stringify(line));
    expect(texts.some((text) => text.includes('snapshot.uploaded'))).toBe(true);
    expect(existsSync(`${data}.lock`)).toBe(false);
  });

  test('ends at once on a second Ctrl-C', async () => {
    const app = start(['--port', '0', '--data', join(folder, 'twice'), '--model', 'demo']);
    const { url } = await app.ready();
    const call = await newUser(String(url));
    await call(...say('Tell me a long story'));
    await app.line(({ of, line }) => of === 'task.output' && String(line).includes('"ready"'));
    const family = familyOf(app.child.pid ?? 0);
    app.child.kill('SIGINT');
    await app.line(({ text }) => String(text).includes('save and leave'));
    const again = setInterval(() => app.child.kill('SIGINT'), 1100);
    const code = await app.exit;
    clearInterval(again);
    expect([0, 130]).toContain(code);
    expect(await gone(family)).toEqual([]);
  });

  test('says that it runs already, and where, instead of starting twice', async () => {
    const data = join(folder, 'both');
    const first = start(['--port', '0', '--data', data, '--model', 'demo']);
    const { url } = await first.ready();
    const second = start(['--port', '0', '--data', data]);
    expect(await second.exit).toBe(1);
    expect(second.lines.at(-1)?.message).toContain(
      `runs already (process ${(await first.ready()).pid}) at ${url}`,
    );
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
  });

  test('says who has the port, and how to choose another', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const app = start(['--data', join(folder, 'port')], { PORT: String(port) });
    expect(await app.exit).toBe(1);
    expect(app.lines.at(-1)?.message).toContain(`Port ${port} is taken by`);
    expect(app.lines.at(-1)?.message).toContain(`(process ${process.pid})`);
    expect(app.lines.at(-1)?.resolution).toContain('--port');
    server.close();
  });

  test('gives a provider key to no process, no log and no file in the open', async () => {
    const data = join(folder, 'key');
    const key = 'sk-ant-this-is-a-test';
    const app = start(['--port', '0', '--data', data], { ANTHROPIC_API_KEY: key });
    const { url, model } = await app.ready();
    expect(model).toMatch(/^anthropic\//);
    const call = await newUser(String(url));
    await call(...say('Hello there'));
    await app.line(isBooting);
    const { pid } = await app.ready();
    const environments = familyOf(Number(pid)).map((each) => {
      try {
        return (
          readFileSync(`/proc/${each.pid}/environ`, 'utf8') +
          readFileSync(`/proc/${each.pid}/cmdline`, 'utf8')
        );
      } catch {
        return '';
      }
    });
    expect(environments.join('').length).toBeGreaterThan(100);
    expect(environments.filter((each) => each.includes(key))).toEqual([]);
    app.child.kill('SIGINT');
    expect(await app.exit).toBe(0);
    expect(JSON.stringify(app.lines)).not.toContain(key);
    const { stdout } = spawn('grep', ['-rlaF', key, data]);
    let found = '';
    for await (const text of stdout) found += text;
    expect(found).toBe('');
  });
});
