import { createServer, type IncomingMessage } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { parse } from 'graphql';
import { type WebSocket, WebSocketServer } from 'ws';
import type { TaskGrant } from '../../amplify/core/task-grant.ts';
import type { ConfiguredModel } from '../bridge/openclaw/configuration.ts';
import { StandInLedger } from './ledger.ts';

const credentials = {
  accessKeyId: 'AKIDSTANDIN',
  secretAccessKey: 'secret-of-the-stand-in',
  sessionToken: 'session-of-the-stand-in',
};
const region = 'us-east-1';

/** What a test does not say about its model. */
const freeOfCharge = {
  keyHeader: 'authorization',
  price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 },
} as const;

/**
 * The app as a task sees it, in memory: AppSync's HTTP and real-time endpoints with the `agent*` fields, the task's
 * credentials endpoint, and the presigned part of storage. Signatures are checked; unknown fields are refused.
 * For tests of the bridge alone; the whole is tested against the local cloud.
 */
export class StandInApp {
  readonly ledger: StandInLedger;
  /** What presigned URLs reach, by key. */
  readonly files = new Map<string, Buffer>();
  #server = createServer();
  #sockets = new Set<WebSocket>();
  #credentialReads = 0;
  /** Fields that get no answer at present. */
  readonly silent = new Set<string>();

  constructor(
    model: (ConfiguredModel & Partial<NonNullable<TaskGrant['model']>>) | null,
    options: { idleSeconds?: number } = {},
  ) {
    this.ledger = new StandInLedger(model && { ...freeOfCharge, ...model }, options.idleSeconds ?? 600, {
      urlOf: (key) => `${this.origin}/files/${key}`,
      onRing: () => this.#ring(),
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** The environment that ECS and RunTask would give a task. */
  get taskEnvironment(): Record<string, string> {
    return {
      GRAPHQL_URL: `${this.origin}/graphql`,
      AWS_REGION: region,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${this.origin}/credentials/${credentials.accessKeyId}`,
    };
  }

  get credentialReads(): number {
    return this.#credentialReads;
  }

  async start(): Promise<this> {
    this.#server.on('request', (request: IncomingMessage, response) => {
      this.#serve(request).then(
        ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    const realtime = new WebSocketServer({
      server: this.#server,
      path: '/graphql/realtime',
      handleProtocols: () => 'graphql-ws',
    });
    realtime.on('connection', (socket, request) => void this.#subscribe(socket, request));
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Cuts every real-time connection, as a network would. */
  cutRealtime(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #ring(): void {
    for (const socket of this.#sockets)
      socket.send(JSON.stringify({ id: 'doorbell', type: 'data', payload: { data: {} } }));
  }

  async #serve(request: IncomingMessage): Promise<{ status: number; body: string | Buffer }> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const path = request.url ?? '';
    if (path === `/credentials/${credentials.accessKeyId}`) {
      this.#credentialReads++;
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      return {
        status: 200,
        body: JSON.stringify({
          AccessKeyId: credentials.accessKeyId,
          SecretAccessKey: credentials.secretAccessKey,
          Token: credentials.sessionToken,
          Expiration,
        }),
      };
    }
    if (path.startsWith('/files/')) return this.#file(request, decodeURIComponent(path.slice(7)), body);
    if (path !== '/graphql') return { status: 404, body: '{}' };
    if (!(await isSigned('/graphql', body.toString(), request.headers as Record<string, string>))) {
      return {
        status: 401,
        body: JSON.stringify({ errors: [{ errorType: 'UnauthorizedException', message: 'bad signature' }] }),
      };
    }
    return { status: 200, body: await this.#graphql(body.toString()) };
  }

  async #graphql(text: string): Promise<string> {
    const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
    const definition = parse(query).definitions[0];
    if (definition?.kind !== 'OperationDefinition') throw new Error('no operation');
    const selection = definition.selectionSet.selections[0];
    if (selection?.kind !== 'Field') throw new Error('no field');
    const field = selection.name.value;
    while (this.silent.has(field)) await new Promise((resolve) => setTimeout(resolve, 50));
    try {
      const value = this.ledger.call(field, variables);
      return JSON.stringify({ data: { [field]: value } });
    } catch (error) {
      const { errorType = 'internal', message } = error as { errorType?: string; message: string };
      return JSON.stringify({ data: { [field]: null }, errors: [{ path: [field], errorType, message }] });
    }
  }

  #file(request: IncomingMessage, key: string, body: Buffer): { status: number; body: string | Buffer } {
    if (request.method === 'PUT') {
      const expected = this.ledger.uploads.get(key);
      if (
        !expected ||
        expected.size !== body.length ||
        request.headers['x-amz-checksum-sha256'] !== expected.checksum
      ) {
        return { status: 403, body: 'SignatureDoesNotMatch' };
      }
      this.files.set(key, body);
      return { status: 200, body: '' };
    }
    const file = this.files.get(key);
    return file ? { status: 200, body: file } : { status: 404, body: 'NoSuchKey' };
  }

  async #subscribe(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const protocol = String(request.headers['sec-websocket-protocol'])
      .split(', ')
      .find((each) => each.startsWith('header-'));
    const header = JSON.parse(
      Buffer.from(protocol?.slice(7) ?? '', 'base64url').toString() || '{}',
    ) as Record<string, string>;
    if (!(await isSigned('/graphql/connect', '{}', header))) {
      socket.send(
        JSON.stringify({
          type: 'connection_error',
          payload: { errors: [{ errorType: 'UnauthorizedException' }] },
        }),
      );
      socket.close();
      return;
    }
    socket.on('message', async (data) => {
      const frame = JSON.parse(String(data)) as {
        type: string;
        id: string;
        payload: { data: string; extensions: { authorization: Record<string, string> } };
      };
      if (frame.type === 'connection_init')
        socket.send(JSON.stringify({ type: 'connection_ack', payload: { connectionTimeoutMs: 300_000 } }));
      if (frame.type !== 'start') return;
      const signed = await isSigned('/graphql', frame.payload.data, frame.payload.extensions.authorization);
      if (!signed || !frame.payload.data.includes('agentDoorbell')) {
        socket.send(
          JSON.stringify({
            id: frame.id,
            type: 'error',
            payload: { errors: [{ errorType: 'Unauthorized' }] },
          }),
        );
        return;
      }
      this.#sockets.add(socket);
      socket.send(JSON.stringify({ id: frame.id, type: 'start_ack' }));
    });
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** Signs again what arrived and compares. */
async function isSigned(path: string, body: string, given: Record<string, string>): Promise<boolean> {
  const headers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const date = headers['x-amz-date'] ?? '';
  if (names.length === 0 || headers['x-amz-security-token'] !== credentials.sessionToken) return false;
  const signer = new SignatureV4({ service: 'appsync', region, credentials, sha256: Sha256 });
  const [hostname = '', port] = (headers.host ?? '').split(':');
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol: 'http:',
      hostname,
      ...(port ? { port: Number(port) } : {}),
      path,
      headers: Object.fromEntries(
        names.filter((name) => !name.startsWith('x-amz-')).map((name) => [name, headers[name] ?? '']),
      ),
      body,
    }),
    {
      signingDate: new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')),
    },
  );
  return signed.headers.authorization === headers.authorization;
}
