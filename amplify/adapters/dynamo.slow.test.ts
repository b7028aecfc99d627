import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erasureShard } from '../core/erasure.ts';
import { allowanceStoreContract } from './contracts/allowance-store.ts';
import { deliveryStoreContract, placeStoreContract } from './contracts/channel-stores.ts';
import { conversationStoreContract } from './contracts/conversation-store.ts';
import { deviceStoreContract } from './contracts/device-store.ts';
import { erasureStoreContract } from './contracts/erasure-store.ts';
import { leaseStoreContract } from './contracts/lease-store.ts';
import { messageStoreContract } from './contracts/message-store.ts';
import { ownerErasureStoreContract } from './contracts/owner-erasure-store.ts';
import { scheduleStoreContract } from './contracts/schedule-store.ts';
import { taskSessionStoreContract } from './contracts/task-session-store.ts';
import { usageStoreContract } from './contracts/usage-store.ts';
import { dynamoAllowances } from './dynamo-allowances.ts';
import { dynamoPlaces } from './dynamo-channels.ts';
import { PutCommand } from './dynamo-command.ts';
import { dynamoConversations } from './dynamo-conversations.ts';
import { dynamoDeliveries } from './dynamo-deliveries.ts';
import { dynamoDevices } from './dynamo-devices.ts';
import { dynamoDocument } from './dynamo-document.ts';
import { dynamoErasures } from './dynamo-erasures.ts';
import { dynamoLeases } from './dynamo-leases.ts';
import { dynamoMessages } from './dynamo-messages.ts';
import { dynamoOwnerErasures } from './dynamo-owner-erasures.ts';
import { dynamoSchedules } from './dynamo-schedules.ts';
import { dynamoSettings } from './dynamo-settings.ts';
import { dynamoTaskSessions } from './dynamo-task-sessions.ts';
import { dynamoUsage } from './dynamo-usage.ts';

// dynalite comes without types.
const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');
const server = dynalite({ createTableMs: 0 });
let client: DynamoDBClient;
let document: ReturnType<typeof dynamoDocument>;
let tables = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  document = dynamoDocument({ endpoint, region: 'us-east-1', credentials: () => credentials });
});
afterAll(() => {
  client.destroy();
  server.close();
});

type Attribute = readonly [name: string, type: 'S' | 'N'];

/** A table as Amplify makes it for a model: keys first, then the one index that its adapter reads. */
async function table(
  keys: readonly Attribute[],
  index?: { name: string; keys: readonly Attribute[] },
): Promise<string> {
  tables += 1;
  const schema = (attributes: readonly Attribute[]) =>
    attributes.map(([AttributeName], at) => ({
      AttributeName,
      KeyType: at === 0 ? ('HASH' as const) : ('RANGE' as const),
    }));
  const all = new Map([...keys, ...(index?.keys ?? [])]);
  const input: CreateTableCommandInput = {
    TableName: `table-${tables}`,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema(keys),
    AttributeDefinitions: [...all].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    ...(index && {
      GlobalSecondaryIndexes: [
        { IndexName: index.name, KeySchema: schema(index.keys), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  };
  await client.send(new CreateTableCommand(input));
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 },
    { TableName: input.TableName },
  );
  return `table-${tables}`;
}

const agentTable = () =>
  table([['owner', 'S']], {
    name: 'byLease',
    keys: [
      ['leaseShard', 'S'],
      ['leaseExpiresAt', 'N'],
    ],
  });
const messageTable = () =>
  table(
    [
      ['owner', 'S'],
      ['conversationId#id', 'S'],
    ],
    {
      name: 'byPending',
      keys: [
        ['pendingShard', 'S'],
        ['acceptedAt', 'S'],
      ],
    },
  );

leaseStoreContract('dynamo', async () => dynamoLeases(document, await agentTable()));
messageStoreContract('dynamo', async () => {
  const name = await messageTable();
  return {
    store: dynamoMessages(document, name),
    plant: async (row) => {
      const key = { 'conversationId#id': `${row.conversationId}#${row.id}` };
      await document.send(new PutCommand({ TableName: name, Item: { ...row, ...key } }));
    },
  };
});
conversationStoreContract('dynamo', async () => {
  const name = await table(
    [
      ['owner', 'S'],
      ['id', 'S'],
    ],
    {
      name: 'byActivity',
      keys: [
        ['owner', 'S'],
        ['activeAt', 'S'],
      ],
    },
  );
  return {
    store: dynamoConversations(document, name),
    plant: async (owner, row) =>
      void (await document.send(new PutCommand({ TableName: name, Item: { owner, ...row } }))),
  };
});
erasureStoreContract('dynamo', async () => {
  const name = await table(
    [
      ['owner', 'S'],
      ['id', 'S'],
    ],
    {
      name: 'byErasure',
      keys: [
        ['erasureShard', 'S'],
        ['eraseAt', 'N'],
      ],
    },
  );
  return {
    store: dynamoErasures(document, name),
    mark: async ({ owner, conversationId: id }, eraseAt) => {
      const deletedAt = new Date(eraseAt).toISOString();
      const Item = { owner, id, deletedAt, erasureShard, eraseAt };
      await document.send(new PutCommand({ TableName: name, Item }));
    },
  };
});
ownerErasureStoreContract('dynamo', async () => {
  const byErasure: [string, 'S' | 'N'][] = [
    ['erasureShard', 'S'],
    ['eraseAt', 'N'],
  ];
  return dynamoOwnerErasures(document, await table([['owner', 'S']], { name: 'byErasure', keys: byErasure }));
});
allowanceStoreContract('dynamo', async () =>
  dynamoAllowances(
    document,
    await table([
      ['owner', 'S'],
      ['day', 'S'],
    ]),
  ),
);
usageStoreContract('dynamo', async () =>
  dynamoUsage(
    document,
    await table([
      ['owner', 'S'],
      ['period', 'S'],
    ]),
  ),
);
taskSessionStoreContract('dynamo', async () => dynamoTaskSessions(document, await table([['taskId', 'S']])));
deviceStoreContract('dynamo', async () =>
  dynamoDevices(
    document,
    await table([
      ['owner', 'S'],
      ['id', 'S'],
    ]),
  ),
);
placeStoreContract('dynamo', async () =>
  dynamoPlaces(document, await table([['id', 'S']], { name: 'byOwner', keys: [['owner', 'S']] })),
);
scheduleStoreContract('dynamo', async () => {
  const keys = [
    ['owner', 'S'],
    ['id', 'S'],
  ] as const;
  const next = [
    ['scheduleShard', 'S'],
    ['nextAt', 'N'],
  ] as const;
  return dynamoSchedules(document, await table(keys, { name: 'byNext', keys: next }));
});
deliveryStoreContract('dynamo', async () => {
  const keys = [
    ['owner', 'S'],
    ['id', 'S'],
  ] as const;
  const due = [
    ['dueShard', 'S'],
    ['dueAt', 'N'],
  ] as const;
  return dynamoDeliveries(document, await table(keys, { name: 'byDue', keys: due }));
});

describe('rows as resolvers leave them', () => {
  test('nulls read as absent, JSON as text or as a map, and such a row can be moved', async () => {
    const name = await agentTable();
    const snapshot = {
      key: 'k',
      size: 1,
      sha256: 'a'.repeat(64),
      epoch: 1,
      seq: 1,
      savedAt: '2026-05-01T09:00:00Z',
    };
    const row = { owner: 'ann', revision: 4, epoch: 1, state: 'asleep', wakeSeq: 2, wakeMs: [9000] };
    // An index key can't be null.
    const nulls = { taskId: null, capacity: null, error: null };
    const item = { ...row, ...nulls, snapshot: JSON.stringify(snapshot) };
    await document.send(new PutCommand({ TableName: name, Item: item }));
    const store = dynamoLeases(document, name);
    const read = await store.get('ann');
    expect(read).toEqual({ ...row, pending: [], snapshot, previousSnapshots: [] });
    if (!read) return;
    const moved = await store.move(read, { ...read, state: 'waking', epoch: 2, leaseExpiresAt: 5 });
    expect(moved).toMatchObject({ state: 'waking', epoch: 2, wakeMs: [9000], snapshot });
  });

  test('an owner without saved settings has none, and nulls follow the deployment', async () => {
    const name = await table([['owner', 'S']]);
    const store = dynamoSettings(document, name);
    expect(await store.get('ann')).toEqual({});
    const item = { owner: 'ann', revision: 1, provider: null, capacity: 'spot-only', idleSeconds: 60 };
    await document.send(new PutCommand({ TableName: name, Item: item }));
    expect(await store.get('ann')).toEqual({ capacity: 'spot-only', idleSeconds: 60 });
  });
});
