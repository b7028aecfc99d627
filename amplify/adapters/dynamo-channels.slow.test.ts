import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Engine, openEngine } from '../../local/cloud/dynamodb/engine.ts';
import { isFailure } from '../../local/cloud/dynamodb/model.ts';
import { ensureTable } from '../../local/cloud/dynamodb/tables.ts';
import { linkStoreContract } from './contracts/channel-stores.ts';
import { dynamoLinks } from './dynamo-channels.ts';
import { dynamoDocument } from './dynamo-document.ts';

/** Links need transactions, which dynalite lacks: the local cloud's engine has them. */
const directory = mkdtempSync(join(tmpdir(), 'channels-'));
let engine: Engine;
let document: ReturnType<typeof dynamoDocument>;
let tables = 0;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  const reply = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  try {
    reply(200, await engine.call(operation, JSON.parse(Buffer.concat(chunks).toString())));
  } catch (error) {
    if (!isFailure(error)) throw error;
    reply(400, error.body);
  }
});

beforeAll(async () => {
  engine = await openEngine(directory, { region: 'us-east-1', accountId: '000000000000' }, () => new Date());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  document = dynamoDocument({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
  });
});
afterAll(async () => {
  server.close();
  await engine.close();
  rmSync(directory, { recursive: true });
});

linkStoreContract('dynamo', async () => {
  tables += 1;
  const shape = {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    GlobalSecondaryIndexes: [],
    LocalSecondaryIndexes: [],
  };
  await ensureTable({ name: `Rows${tables}`, timeToLive: 'expiresAt', shape } as never, engine.store);
  return dynamoLinks(document, `Rows${tables}`);
});
