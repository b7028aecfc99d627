import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation } from '../local/app/demo-model/conversation.ts';
import { type DemoModel, demoModelId, startDemoModel } from '../local/app/demo-model/demo-model.ts';
import type { Step } from '../local/app/demo-model/script.ts';
import { bridgeCapabilities } from './capabilities.ts';
import { StandInApp } from './stand-in/app.ts';

const providerKey = 'sk-the-real-provider-key';
const folder = mkdtempSync(join(tmpdir(), 'agent-isolation-'));
const home = join(folder, 'agent');
let demo: DemoModel;
let app: StandInApp;
let task: Task;
const offered = new Set<string>();

interface Task {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly logs: { event: string; [field: string]: unknown }[];
}

/** The bridge as its task starts it: root, with the task definition's capabilities and no more. */
async function begin(): Promise<Task> {
  const bounding = ['-all', ...bridgeCapabilities.map((name) => `+${name.toLowerCase()}`)].join(',');
  const child = spawn(
    'setpriv',
    [
      `--bounding-set=${bounding}`,
      '--inh-caps=-all',
      process.execPath,
      join(import.meta.dirname, 'bridge/main.ts'),
    ],
    {
      env: { ...app.taskEnvironment, AGENT_HOME: home, LOG_LEVEL: 'debug' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const logs: Task['logs'] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) =>
    logs.push(JSON.parse(line)),
  );
  const reports = app.ledger.reports.length;
  await app.ledger.until(
    () => app.ledger.reports.slice(reports).some(({ phase }) => phase === 'ready'),
    'ready',
    200_000,
  );
  return { child, ended: new Promise((resolve) => child.on('exit', resolve)), logs };
}

type Call = { tool: string; arguments: Record<string, unknown> };

/** The model does what the message says: its tool calls one after another, then it says what each gave. */
function obey({ asked, used }: Conversation): Step {
  const calls = JSON.parse(asked.at(-1) ?? '[]') as Call[];
  const next = calls[used.length];
  if (next) return { kind: 'call', text: '', ...next };
  return { kind: 'say', text: JSON.stringify(used.map(({ result }) => result)) };
}

const place = randomUUID();
/** Gives what the tools said. */
async function use(...calls: Call[]): Promise<string[]> {
  const row = await app.ledger.finished(app.ledger.send(place, JSON.stringify(calls)), 120_000);
  expect(row.status, row.error?.detail ?? '').toBe('answered');
  return JSON.parse(row.answer) as string[];
}
const command = (text: string, more: Record<string, unknown> = {}): Call => ({
  tool: 'exec',
  arguments: { command: text, ...more },
});
const run = async (text: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await use(command(text, more)))[0] as string;

const gatewayPid = () => task.logs.findLast(({ event }) => event === 'openclaw.started')?.pid as number;
const bridgePid = () => task.child.pid as number;
const gatewayPort = () => task.logs.findLast(({ event }) => event === 'openclaw.started')?.port as number;
/** What OpenClaw was told and nobody else may know, as root reads it. */
const secrets = () => {
  const environment = readFileSync(`/proc/${gatewayPid()}/environ`, 'utf8');
  return ['OPENCLAW_GATEWAY_TOKEN', 'MODEL_PROXY_KEY'].map((name) => {
    const value = new RegExp(`(?:^|\\0)${name}=([^\\0]{20,})`).exec(environment)?.[1];
    return value ?? expect.fail(`OpenClaw has no ${name}`);
  });
};
const configuration = () => JSON.parse(readFileSync(join(home, 'openclaw/openclaw.json'), 'utf8'));

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a command of the real OpenClaw in its task',
  { timeout: 240_000 },
  () => {
    beforeAll(async () => {
      chmodSync(folder, 0o755);
      demo = await startDemoModel({
        pace: 1,
        script: obey,
        onRequest: ({ tools }) => {
          for (const tool of tools ?? []) offered.add(tool.function.name);
        },
      });
      app = await new StandInApp({
        api: 'openai-completions',
        baseUrl: demo.url,
        model: demoModelId,
        apiKey: providerKey,
      }).start();
      task = await begin();
    }, 220_000);

    afterAll(async () => {
      if (task?.child.exitCode === null) task.child.kill('SIGTERM');
      await task?.ended;
      await app?.stop();
      await demo?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('runs as a user of its own without any privilege, in an environment made from nothing', async () => {
      const [status = '', environment = ''] = await use(
        command('id -u; cat /proc/self/status'),
        command('env', { env: { ASKED: 'for "this"' } }),
      );
      expect(status).toMatch(/^10\d{3}\n/);
      for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
        expect(status).toMatch(new RegExp(`^Cap${set}:\\t0+$`, 'm'));
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^Groups:\s*$/m);
      expect(environment).toContain('ASKED=for "this"');
      const names = environment.split('\n').map((line) => line.split('=')[0]);
      expect(
        names.filter((name) => /TOKEN|KEY|SECRET|STATE_DIR|CONFIG|^AWS|^GRAPHQL/.test(name ?? '')),
      ).toEqual([]);
      for (const secret of secrets()) expect(environment).not.toContain(secret);
    });

    it.each([
      ['OpenClaw’s configuration', () => `cat ${home}/openclaw/openclaw.json`],
      ['OpenClaw’s conversations', () => `cat ${home}/state/agents/main/agent/openclaw-agent.sqlite`],
      ['what OpenClaw has in its state', () => `ls ${home}/state`],
      ['OpenClaw’s home', () => `ls ${home}/home`],
      ['OpenClaw’s temporary files', () => `ls ${home}/tmp`],
      ['the bridge’s files', () => `ls ${home}/bridge`],
      [
        'OpenClaw’s environment, with the gateway’s token and the proxy’s key',
        () => `cat /proc/${gatewayPid()}/environ`,
      ],
      ['OpenClaw’s memory', () => `head -c1 /proc/${gatewayPid()}/mem`],
      ['OpenClaw’s open files', () => `ls /proc/${gatewayPid()}/fd`],
      ['the bridge’s environment', () => `cat /proc/${bridgePid()}/environ`],
      ['the bridge’s memory', () => `head -c1 /proc/${bridgePid()}/mem`],
      ['the bridge’s open files', () => `ls /proc/${bridgePid()}/fd`],
      ['a place among the bridge’s programs', () => `touch ${home}/openclaw/tool-shell`],
    ])('can’t reach %s', async (_, attack) => {
      // It did run: a command that can't even begin is refused everything too.
      expect(await run(`echo ran; ${attack()}`)).toMatch(
        /^ran\n[\s\S]*(Permission denied|Operation not permitted)/,
      );
    });

    it.each([
      ['OpenClaw', () => gatewayPid()],
      ['the bridge', () => bridgePid()],
    ])('can’t signal %s', async (_, pid) => {
      expect(await run(`kill -9 ${pid()}`)).toContain('Operation not permitted');
      process.kill(pid(), 0);
    });

    it('finds no secret in anybody’s arguments', async () => {
      const everything = await run(
        'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n" | sort -u | head -c 60000',
      );
      expect(everything).toContain('gateway');
      for (const secret of [...secrets(), providerKey]) expect(everything).not.toContain(secret);
    });

    it('gets nothing from the gateway and the model proxy, whose ports it can reach', async () => {
      const { models } = configuration();
      const { origin } = new URL(models.providers.byo1.baseUrl);
      const fetching = (url: string, init = '{}') =>
        `node -e 'fetch("${url}", ${init}).then(async (r) => console.log(r.status, await r.text()), (e) => console.log(String(e.cause)))'`;
      // In two halves: OpenClaw blanks what looks like a key in a message.
      const call = '{method:"POST",headers:{["author"+"ization"]:"Bea"+"rer guess"},body:"{}"}';
      const [proxy, tools, socket] = await use(
        command(fetching(`${origin}/lane/1/v1/chat/completions`, call)),
        command(fetching(`http://127.0.0.1:${gatewayPort()}/tools/invoke`, call)),
        command(
          `node -e 'const s = new WebSocket("ws://127.0.0.1:${gatewayPort()}"); s.onmessage = (m) => { console.log(m.data); s.send(JSON.stringify({type:"req",id:"1",method:"sessions.list",params:{}})) }; s.onclose = (e) => console.log("closed", e.code, e.reason)'`,
        ),
      );
      expect(proxy).toMatch(/^403 .*not a call of this agent/);
      expect(tools).toMatch(/^40[134] /);
      expect(socket).toMatch(/closed 1008/);
      expect(socket).not.toContain('sessions');
    });

    it('can’t have the bridge run anything: its socket is OpenClaw’s alone', async () => {
      const shell = readFileSync(join(home, 'openclaw/tool-shell'), 'utf8');
      const path = /'([^']+\.sock)'/.exec(shell)?.[1] as string;
      expect(
        await run(
          `node -e 'require("net").connect("${path}").on("error", (e) => console.log(e.code)).on("connect", () => console.log("in"))'`,
        ),
      ).toBe('EACCES');
    });

    it('can’t bring code into OpenClaw by its environment', async () => {
      for (const name of ['LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV', 'PATH', 'SHELL'])
        expect(await run('true', { env: { [name]: '/tmp/x' } }), name).toMatch(
          /forbidden|Security Violation/,
        );
    });

    it('works with the files that OpenClaw writes, as their owner, and OpenClaw with its', async () => {
      const results = await use(
        { tool: 'write', arguments: { path: 'deep/hello.sh', content: '#!/bin/sh\necho hello\n' } },
        command(
          'chmod +x deep/hello.sh && deep/hello.sh && echo "echo more" >> deep/hello.sh && git init -q && git status --short',
        ),
        { tool: 'read', arguments: { path: 'deep/hello.sh' } },
        {
          tool: 'edit',
          arguments: { path: 'deep/hello.sh', edits: [{ oldText: 'more', newText: 'edited' }] },
        },
        command(
          'deep/hello.sh; echo made > deep/by-a-tool; umask 077; mkdir private; echo secret > private/key',
        ),
        { tool: 'write', arguments: { path: 'deep/by-a-tool', content: 'changed' } },
        command('cat deep/by-a-tool; rm deep/by-a-tool'),
      );
      expect(results[1]).toMatch(/^hello\n\?\? deep\/$/);
      expect(results[2]).toContain('echo more');
      expect(results[4]).toBe('hello\nedited');
      expect(results[6]).toBe('changed');
    });

    it('has a terminal of its own when it asks for one', async () => {
      const said = await run('tty; stty size; echo in it > /dev/tty', { pty: true });
      expect(said).toMatch(/^\/dev\/pts\/\d+\s+\d+ \d+\s+in it/);
    });

    it('gives its output and how it ended', async () => {
      expect(await run('echo one; echo two >&2; exit 7')).toMatch(/one[\s\S]*two[\s\S]*code 7/);
      expect(await run('kill -TERM $$')).toMatch(/SIGTERM/);
      expect(await run('seq 1 20000 | tail -c 1000000 | wc -c')).toBe('108894');
      expect(await run('cd /nowhere')).toMatch(/No such file/);
    });

    it('is followed, spoken to and ended in the background', async () => {
      const [begun = ''] = await use(
        command('echo begun; read word; echo "heard $word"; sleep 1000', { background: true }),
      );
      const sessionId = /session ([\w-]+)/.exec(begun)?.[1];
      const processTool = (action: string, more = {}): Call => ({
        tool: 'process',
        arguments: { action, sessionId, ...more },
      });
      const user = (await run('id -u')).trim();
      expect(await run(`pgrep -u ${user} -x sleep | wc -l`)).toBe('1');
      await use(processTool('kill'));
      await expect
        .poll(() => run(`pgrep -u ${user} -x sleep | wc -l`), { timeout: 60_000, interval: 500 })
        .toBe('0');
    });

    it('can’t have OpenClaw’s own file tools reach there for it', async () => {
      const [linked, ...others] = await use(
        command(
          `ln -s ${home}/openclaw/openclaw.json link; ln -s ${home}/state folder; ln ${home}/openclaw/openclaw.json hard`,
        ),
        { tool: 'read', arguments: { path: 'link' } },
        { tool: 'read', arguments: { path: `${home}/openclaw/openclaw.json` } },
        { tool: 'ls', arguments: { path: 'folder' } },
        { tool: 'write', arguments: { path: 'folder/x', content: 'x' } },
        {
          tool: 'apply_patch',
          arguments: { input: '*** Begin Patch\n*** Add File: folder/x\n+x\n*** End Patch' },
        },
      );
      expect(linked).toContain('Operation not permitted');
      for (const answer of others) expect(answer).toContain('escapes sandbox root');
      expect(await run('pwd', { workdir: `${home}/state` })).toContain('Permission denied');
      await run('rm -f link folder');
    });

    it('has no way beside it: OpenClaw offers the tools that the isolation was thought through for', async () => {
      const queries = [
        '',
        'session',
        'agent',
        'command process',
        'web',
        'schedule',
        'goal plan',
        'node device',
        'image',
      ];
      const found = await use(
        ...queries.map((query) => ({ tool: 'tool_search', arguments: { query, limit: 50 } })),
      );
      for (const [, name] of found.join('\n').matchAll(/"name": "(\w+)"/g)) offered.add(name as string);
      const known =
        'agents_wait apply_patch ask_user create_goal edit exec get_goal ls process progress_card read session_status ' +
        'sessions sessions_history sessions_list sessions_search sessions_send sessions_spawn tool_call tool_describe ' +
        'tool_search update_goal web_fetch web_search write';
      expect([...offered].filter((name) => !known.split(' ').includes(name))).toEqual([]);
      expect([...offered]).toContain('exec');
    });

    it('leaves its files, private ones too, to the next task, and no process', async () => {
      // A number of its own: what an earlier, broken run left behind is not this one's fault.
      const left = `sleep ${100_000 + Math.floor(Math.random() * 900_000)}`;
      const making = [
        'mkdir -p kept && cd kept && printf "#!/bin/sh\\necho hello\\n" > hello.sh && chmod 771 hello.sh',
        'umask 077; mkdir private; echo secret > private/key',
        `setsid ${left} > /dev/null 2>&1 & echo left`,
      ];
      expect(await run(making.join('\n'))).toBe('left');
      app.ledger.sleepRequested = true;
      app.ledger.ring();
      expect(await task.ended).toBe(0);
      app.ledger.sleepRequested = false;
      expect(execFileSync('ps', ['-eo', 'args']).toString()).not.toContain(left);
      rmSync(home, { recursive: true });
      app.ledger.nextTask();
      task = await begin();
      const [files, owner] = await use(
        command('cd kept && ./hello.sh && stat -c "%a %n" . hello.sh private private/key && cat private/key'),
        command('stat -c %u kept kept/private/key; id -u'),
      );
      expect(files).toBe('hello\n2775 .\n771 hello.sh\n2700 private\n600 private/key\nsecret');
      expect(new Set(owner?.split('\n')).size).toBe(1);
    });
  },
);
