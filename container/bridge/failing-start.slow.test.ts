import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StandInApp } from '../stand-in/app.ts';
import { startTask } from './agent-task.ts';
import { agentFields } from './appsync/agent-fields.ts';
import { taskCredentials } from './appsync/credentials.ts';
import { openDoorbell } from './appsync/doorbell.ts';
import { graphqlCaller } from './appsync/graphql.ts';
import { serverClock } from './appsync/server-clock.ts';
import { workspaceFiles } from './files/workspace-files.ts';
import { createLog } from './log.ts';
import { detectIsolation } from './openclaw/isolation.ts';
import { prepareFolders } from './openclaw/workspace.ts';
import { createWorker } from './snapshot/worker.ts';
import type { TaskEnd } from './task-limits.ts';

let folder: string;
let app: StandInApp;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'failing-start-'));
  // The agent's user must be able to pass it.
  chmodSync(folder, 0o755);
  const model = { api: 'openai-completions' as const, baseUrl: 'http://127.0.0.1:1/v1', model: 'm' };
  app = await new StandInApp(model).start();
});
afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A task whose OpenClaw is this script. Gives how it ended and what it logged. */
async function runWith(script: string): Promise<{ end: TaskEnd; log: string }> {
  const entry = join(folder, 'openclaw.mjs');
  writeFileSync(entry, script, { mode: 0o755 });
  const home = join(folder, 'home');
  const { isolation } = await detectIsolation([entry], home);
  const lines: string[] = [];
  const log = createLog('debug', (line) => lines.push(line));
  const variables = app.taskEnvironment;
  const target = {
    url: variables.GRAPHQL_URL as string,
    region: variables.AWS_REGION as string,
    credentials: taskCredentials(variables.AWS_CONTAINER_CREDENTIALS_FULL_URI as string),
    clock: serverClock(),
  };
  const folders = await prepareFolders(home, isolation);
  const task = startTask({
    backend: agentFields(graphqlCaller(target)),
    openDoorbell: (onRing) => openDoorbell(target, onRing, log),
    folders,
    isolation,
    worker: createWorker(join(import.meta.dirname, 'main.ts'), isolation),
    workspaceFiles: workspaceFiles(join(import.meta.dirname, 'main.ts'), folders.workspace, isolation),
    openclawEntry: entry,
    log,
  });
  return { end: await task.ended, log: lines.join('\n') };
}

const faults = () => app.ledger.reports.map(({ error }) => error).filter(Boolean);

describe('a task whose OpenClaw does not start', () => {
  test('ends as failed, says why, and leaves the message that waits as it was', async () => {
    const id = app.ledger.send(randomUUID(), 'Hello?');
    const { end } = await runWith(`
      console.error('Invalid configuration: agents.defaults is not known');
      process.exit(78);
    `);
    expect(end).toBe('failed');
    expect(faults()).toEqual([
      {
        code: 'agent.start_failed',
        detail: expect.stringMatching(/exit code 78[\s\S]*Invalid configuration/),
      },
    ]);
    expect(app.ledger.reports.map(({ phase }) => phase)).not.toContain('ready');
    // The next task, or the function that gives up, finds the message untouched.
    expect(app.ledger.row(id)).toMatchObject({ text: 'Hello?', status: 'queued', answer: '', seq: 0 });
    expect(app.ledger.calls.map(({ field }) => field)).not.toContain('agentClaim');
    expect(app.ledger.snapshots).toEqual([]);
  });

  test('tells neither OpenClaw’s token nor the proxy’s key, though OpenClaw prints its whole configuration and environment', async () => {
    const { end, log } = await runWith(`
      import { readFileSync } from 'node:fs';
      const text = readFileSync(process.env.OPENCLAW_CONFIG_PATH, 'utf8');
      const environment = Object.entries(process.env).filter(([name]) => /TOKEN|KEY/.test(name));
      console.error(...(text.match(/"(token|apiKey)": *"[^"]+"/g) ?? []).slice(0, 2), ...environment.map((pair) => pair.join('=')));
      process.exit(1);
    `);
    expect(end).toBe('failed');
    const told = JSON.stringify(faults()) + log;
    expect(told).toContain('exit code 1');
    expect(told).toMatch(/apiKey|MODEL_PROXY_KEY/);
    expect(told).not.toMatch(/[0-9a-f]{48}/);
  });

  test('is over at once when OpenClaw cannot even be found', async () => {
    const { end } = await runWith(`await import('./not-installed.mjs');`);
    expect(end).toBe('failed');
    expect(faults()).toMatchObject([{ code: 'agent.start_failed' }]);
  });
});
