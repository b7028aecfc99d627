import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfiguredModel } from '../../container/bridge/openclaw/configuration.ts';
import { openclawEntry, startGateway } from '../../container/bridge/openclaw/gateway.ts';
import type { GatewayClient } from '../../container/bridge/openclaw/gateway-client.ts';
import { detectIsolation } from '../../container/bridge/openclaw/isolation.ts';
import { prepareFolders } from '../../container/bridge/openclaw/workspace.ts';

/** Milliseconds from sending to the first piece of the answer and to its end. */
export interface TurnTimes {
  readonly firstToken: number;
  readonly finished: number;
}

/** OpenClaw alone, asked over its own WebSocket with no proxy, bridge or cloud: what the product is compared with. */
export interface DirectOpenClaw {
  turn(text: string): Promise<TurnTimes>;
  /** From process start to a connection. */
  readonly boot: number;
  stop(): Promise<void>;
}

/** Starts it with the bridge's configuration and the model's own address. */
export async function startDirectOpenClaw(model: ConfiguredModel): Promise<DirectOpenClaw> {
  const entry = openclawEntry();
  const home = mkdtempSync(join(tmpdir(), 'direct-openclaw-'));
  chmodSync(home, 0o755);
  const { isolation } = await detectIsolation([entry], join(home, 'agent'));
  const folders = await prepareFolders(join(home, 'agent'), isolation);
  const started = performance.now();
  const gateway = await startGateway({
    entry,
    folders,
    isolation,
    setup: {
      workspace: folders.workspace,
      execMode: 'full',
      model,
      // The configuration adds the dialect's own part of the path.
      laneUrl: () => model.baseUrl.replace(/\/v1$/, ''),
      lanes: 1,
    },
    modelKey: 'none',
    log: () => {},
    signal: new AbortController().signal,
  });
  let turns = 0;
  return {
    boot: performance.now() - started,
    turn: (text) => {
      turns += 1;
      return timedTurn(gateway.client, text, `turn-${turns}`);
    },
    async stop() {
      gateway.client.close();
      await gateway.stop(5_000);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Throws when OpenClaw reports an error. */
export async function timedTurn(
  client: GatewayClient,
  message: string,
  idempotencyKey: string,
): Promise<TurnTimes> {
  const sent = performance.now();
  let firstToken: number | undefined;
  const ended = Promise.withResolvers<TurnTimes>();
  const stop = client.onEvent(({ event, payload }) => {
    if (event !== 'chat' || payload.runId !== idempotencyKey) return;
    const now = performance.now() - sent;
    if (payload.state === 'delta') firstToken ??= now;
    if (payload.state === 'final') ended.resolve({ firstToken: firstToken ?? now, finished: now });
    if (payload.state === 'error') ended.reject(new Error(`OpenClaw failed: ${payload.errorMessage}`));
  });
  await client.request('chat.send', { sessionKey: 'agent:main:bench', message, idempotencyKey });
  return ended.promise.finally(stop);
}
