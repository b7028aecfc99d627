import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../container/bridge/openclaw/gateway.ts';
import { connectGateway, type GatewayClient } from '../../container/bridge/openclaw/gateway-client.ts';
import { timedTurn } from './direct-openclaw.ts';
import { watchMemory } from './memory.ts';
import { processorSeconds } from './processor.ts';

/** OpenClaw as its package comes, with a model and a token and nothing else configured: milliseconds, seconds, megabytes. */
export interface PlainRun {
  readonly connected: number;
  readonly firstToken: number;
  readonly cpuSeconds: number;
  readonly peakMemory: number;
}

const patience = 180_000;

/** From process start to the first token, on an empty state folder. `entry`: openclaw.mjs of the whole package. */
export async function runPlainOpenClaw(
  entry: string,
  model: { baseUrl: string; id: string },
): Promise<PlainRun> {
  const home = mkdtempSync(join(tmpdir(), 'plain-openclaw-'));
  const [port, token] = [await freePort(), randomBytes(16).toString('hex')];
  const configuration = join(home, 'openclaw.json');
  mkdirSync(join(home, 'workspace'));
  writeFileSync(configuration, JSON.stringify(plainConfiguration({ ...model, port, token, home })));
  const begun = performance.now();
  const child = spawn(process.execPath, [entry, 'gateway'], {
    cwd: home,
    stdio: 'ignore',
    env: {
      ...{ PATH: process.env.PATH, HOME: home, TMPDIR: home, OPENCLAW_CONFIG_PATH: configuration },
      ...{
        OPENCLAW_STATE_DIR: join(home, 'state'),
        OPENCLAW_DISABLE_BONJOUR: '1',
        OPENCLAW_NO_AUTO_UPDATE: '1',
      },
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pid = child.pid as number;
  const memory = watchMemory(pid);
  try {
    const client = await connect(port, token);
    const connected = performance.now() - begun;
    const { firstToken } = await timedTurn(client, 'Hello there', 'plain-1');
    const run = {
      connected,
      firstToken: connected + firstToken,
      cpuSeconds: processorSeconds(pid),
      peakMemory: memory.peak(),
    };
    client.close();
    return run;
  } finally {
    memory.stop();
    child.kill('SIGKILL');
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function plainConfiguration(given: {
  baseUrl: string;
  id: string;
  port: number;
  token: string;
  home: string;
}) {
  const { baseUrl, id, port, token, home } = given;
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const model = {
    id,
    name: id,
    reasoning: false,
    input: ['text'],
    cost,
    contextWindow: 128_000,
    maxTokens: 8_192,
  };
  return {
    gateway: { mode: 'local', bind: 'loopback', port, auth: { mode: 'token', token } },
    agents: { defaults: { workspace: join(home, 'workspace'), model: { primary: `byo/${id}` } } },
    models: { providers: { byo: { baseUrl, apiKey: 'none', api: 'openai-completions', models: [model] } } },
  };
}

async function connect(port: number, token: string): Promise<GatewayClient> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await connectGateway(port, token);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}
