import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { request, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Dynalite has no types of its own. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: Record<string, unknown>) => Server;

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Dynalite on a Unix socket: nothing but this process reaches it, so it needs no authorization of its own. */
export interface Backend {
  call(operation: string, body: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** Opens the database in a folder (LevelDB: what was answered survives a kill of this process). */
export async function openBackend(directory: string): Promise<Backend> {
  const server = dynalite({
    path: join(directory, 'level'),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  // A socket's path is limited to about 100 bytes; a data folder may lie deeper than that.
  const name = createHash('sha256').update(`${process.pid}:${directory}`).digest('hex').slice(0, 16);
  const socketPath = join(tmpdir(), `dynamodb-${name}.sock`);
  rmSync(socketPath, { force: true });
  const mask = process.umask(0o077);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  process.umask(mask);
  const headers = (operation: string) => ({
    host: 'dynamodb.local',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-date': '20260101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=a/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  });
  return {
    call: (operation, body) =>
      new Promise((resolve, reject) => {
        const call = request(
          { socketPath, method: 'POST', path: '/', headers: headers(operation) },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.once('error', reject);
            response.once('end', () => {
              const text = Buffer.concat(chunks).toString();
              resolve({ status: response.statusCode ?? 500, body: text ? JSON.parse(text) : {} });
            });
          },
        );
        call.once('error', reject);
        call.end(JSON.stringify(body));
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
