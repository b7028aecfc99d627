import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoModel, demoModelId, startDemoModel } from '../local/app/demo-model/demo-model.ts';
import { bridgeCapabilities } from './capabilities.ts';
import { StandInApp } from './stand-in/app.ts';

/** Without SETPCAP, too: not every container runtime leaves it. Without DAC_OVERRIDE root may not enter the agent's folders. */
const kept = ['-all', ...bridgeCapabilities.filter((name) => name !== 'SETPCAP')]
  .map((name, index) => (index ? `+${name.toLowerCase()}` : name))
  .join(',');

const folder = mkdtempSync(join(tmpdir(), 'agent-capabilities-'));
let demo: DemoModel;
let app: StandInApp;
let child: ChildProcess;
let ended: Promise<number | null>;
let gateway = 0;

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'the bridge as root with no more capabilities than its task has',
  { timeout: 200_000 },
  () => {
    const place = randomUUID();
    const ready = () =>
      app.ledger.until(() => app.ledger.reports.some(({ phase }) => phase === 'ready'), 'ready', 200_000);

    beforeAll(async () => {
      chmodSync(folder, 0o755);
      demo = await startDemoModel({ pace: 10 });
      app = await new StandInApp({
        api: 'openai-completions',
        baseUrl: demo.url,
        model: demoModelId,
      }).start();
      child = spawn(
        'setpriv',
        [
          `--bounding-set=${kept}`,
          '--inh-caps=-all',
          process.execPath,
          join(import.meta.dirname, 'bridge/main.ts'),
        ],
        {
          env: { ...app.taskEnvironment, AGENT_HOME: join(folder, 'agent') },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const { event, pid } = JSON.parse(line);
        if (event === 'openclaw.started') gateway = pid;
      });
      await ready();
    }, 220_000);

    afterAll(async () => {
      if (child?.exitCode === null) child.kill('SIGTERM');
      await ended;
      await app?.stop();
      await demo?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('starts OpenClaw, lets it write files, and starts it again when it dies', async () => {
      expect(
        (await app.ledger.finished(app.ledger.send(place, 'make a file'))).tools.map(({ status }) => status),
      ).toEqual(['done', 'done']);
      const before = gateway;
      process.kill(gateway, 'SIGKILL');
      const row = await app.ledger.finished(app.ledger.send(place, 'what did I say first?'), 200_000);
      expect(row.answer).toContain('“make a file”');
      expect(gateway).not.toBe(before);
    });

    it('saves what OpenClaw holds and leaves', async () => {
      app.ledger.sleepRequested = true;
      app.ledger.ring();
      expect(await ended).toBe(0);
      expect(app.files.get(app.ledger.snapshots[0]?.key ?? '')?.length).toBe(app.ledger.snapshots[0]?.size);
    });
  },
);
