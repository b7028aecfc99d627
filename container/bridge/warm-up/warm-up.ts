import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { laneModel } from '../openclaw/configuration.ts';
import { openclawEntry, startGateway } from '../openclaw/gateway.ts';
import type { GatewayClient } from '../openclaw/gateway-client.ts';
import { detectIsolation } from '../openclaw/isolation.ts';
import { prepareFolders } from '../openclaw/workspace.ts';
import { createWorker } from '../snapshot/worker.ts';
import { toolShellEntry } from '../tools/tool-server.ts';
import { type SpokenApi, startOneWordModel } from './one-word-model.ts';

const model = 'm';
const turnTimeout = 120_000;
/** To end and write down what it compiled. */
const exitGrace = 60_000;
/** Each loads modules of its own; the second starts with the state that the first one left, as a wake does. */
const apis: readonly SpokenApi[] = ['openai-completions', 'anthropic-messages'];

/**
 * Runs OpenClaw as a task does, up to an answer with a command in it, and puts what Node compiled meanwhile into the new
 * folder `to`, for openclaw/compiled-code.ts. A step of the image's build; `entry` is the bridge itself.
 */
export async function warmUp(entry: string, to: string, log: Log): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'warm-up-'));
  const server = await startOneWordModel();
  try {
    const openclaw = openclawEntry();
    const { isolation } = await detectIsolation([openclaw, toolShellEntry()], home);
    const folders = await prepareFolders(join(home, 'agent'), isolation);
    const worker = createWorker(entry, isolation, folders.cache);
    for (const api of apis) {
      const gateway = await startGateway({
        entry: openclaw,
        folders,
        isolation,
        setup: {
          workspace: folders.workspace,
          execMode: 'full',
          model: { api, baseUrl: server.url, model },
          laneUrl: () => server.url,
          lanes: 1,
        },
        modelKey: 'none',
        log,
        signal: new AbortController().signal,
      });
      await turn(gateway.client, `warm-up-${api}`);
      gateway.client.close();
      await gateway.stop(exitGrace);
      await worker.run('reconcile', folders);
    }
    const [made] = readdirSync(folders.cache);
    if (!made) throw new Error('Node kept nothing of what it compiled');
    cpSync(join(folders.cache, made), to, { recursive: true });
    // Every user of a task reads it, and none may change it.
    chmodSync(to, 0o755);
    for (const name of readdirSync(to)) chmodSync(join(to, name), 0o644);
    log('info', 'warm-up.done', { files: readdirSync(to).length });
  } finally {
    server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Throws when OpenClaw reports an error, or nothing in time. */
async function turn(client: GatewayClient, runId: string): Promise<void> {
  const end = Promise.withResolvers<void>();
  const timer = setTimeout(() => end.reject(new Error('OpenClaw did not answer')), turnTimeout);
  client.onEvent(({ event, payload }) => {
    if (event !== 'chat' || payload.runId !== runId) return;
    if (payload.state === 'final') end.resolve();
    if (payload.state === 'error') end.reject(new Error(`OpenClaw failed: ${payload.errorMessage}`));
  });
  const sessionKey = 'agent:main:warm-up';
  await client.request('sessions.patch', { key: sessionKey, model: laneModel(1, model) });
  await client.request('chat.send', {
    ...{ sessionKey, message: 'Hello there', idempotencyKey: runId },
    suppressCommandInterpretation: true,
  });
  await end.promise.finally(() => clearTimeout(timer));
}
