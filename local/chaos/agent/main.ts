// A stand-in for OpenClaw in the chaos test's image: the same command, files, configuration and gateway protocol, as
// far as the bridge uses them; its turns follow the script in the message. What it does not know it refuses.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type WebSocket, WebSocketServer } from 'ws';
import { note } from './journal.ts';
import type { Lane } from './model-call.ts';
import { Runs } from './runs.ts';
import { Transcript } from './transcript.ts';

interface Configuration {
  gateway: { auth: { token?: string } };
  /** A key, or the name of the variable that holds it. */
  models: { providers: Record<string, { baseUrl: string; apiKey: string | { id: string } }> };
}
interface Frame {
  readonly type: string;
  readonly id: string;
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: each method has its own parameters
  readonly params: any;
}

const { values, positionals } = parseArgs({ strict: false, options: { port: { type: 'string' } } });
if (positionals[0] !== 'gateway') throw new Error(`the scripted agent has no command ${positionals[0]}`);
const { OPENCLAW_CONFIG_PATH = '', OPENCLAW_STATE_DIR = '', OPENCLAW_GATEWAY_TOKEN } = process.env;
const configuration = JSON.parse(readFileSync(OPENCLAW_CONFIG_PATH, 'utf8')) as Configuration;
const { journal } = JSON.parse(readFileSync(join(import.meta.dirname, 'journal.json'), 'utf8')) as {
  journal: string;
};
const token = configuration.gateway.auth.token ?? OPENCLAW_GATEWAY_TOKEN;
const boot = randomBytes(6).toString('hex');
note(journal, { at: Date.now(), boot, event: 'boot' });

const clients = new Set<WebSocket>();
/** As sessions.patch set it: `provider/model`. */
const models = new Map<string, string>();

function laneOf(sessionKey: string): Lane {
  const [provider = '', model = ''] = (models.get(sessionKey) ?? 'byo0/scripted').split('/');
  const lane = configuration.models.providers[provider];
  if (!lane) throw new Error(`no provider ${provider}`);
  const { baseUrl, apiKey } = lane;
  return { baseUrl, apiKey: typeof apiKey === 'string' ? apiKey : (process.env[apiKey.id] ?? ''), model };
}

const runs = new Runs({
  journal,
  boot,
  transcript: new Transcript(OPENCLAW_STATE_DIR),
  laneOf,
  tell: (event, payload) => {
    for (const client of clients) client.send(JSON.stringify({ type: 'event', event, payload }));
  },
});

function answer({ method, params }: Frame): unknown {
  switch (method) {
    case 'sessions.patch':
      models.set(params.key, params.model);
      return { key: params.key };
    case 'chat.send':
      return runs.send(params.sessionKey, params.idempotencyKey, params.message);
    case 'chat.abort':
      return { ok: true, aborted: runs.abort(params.sessionKey) };
    case 'gateway.suspend.prepare':
      return { status: runs.busy ? 'busy' : 'ready', suspensionId: params.requestId };
    case 'gateway.suspend.resume':
      return { ok: true };
    default:
      throw new Error(`unknown method ${method}`);
  }
}

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(values.port) });
server.on('listening', () => runs.resume());
server.on('connection', (socket) => {
  socket.send(JSON.stringify({ type: 'event', event: 'connect.challenge', payload: { nonce: boot } }));
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    const reply = (body: object) => socket.send(JSON.stringify({ type: 'res', id: frame.id, ...body }));
    if (frame.method === 'connect') {
      if (token === undefined || frame.params.auth?.token !== token) {
        socket.close(1008, 'unauthorized');
        return;
      }
      clients.add(socket);
      reply({ ok: true, payload: { type: 'hello-ok', protocol: 4 } });
      return;
    }
    if (!clients.has(socket)) {
      socket.close(1008, 'connect first');
      return;
    }
    try {
      reply({ ok: true, payload: answer(frame) });
    } catch (error) {
      reply({ ok: false, error: { code: 'INVALID_REQUEST', message: String(error) } });
    }
  });
  socket.on('close', () => clients.delete(socket));
});
process.on('SIGTERM', () => process.exit(0));
