import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { dynamoAllowances } from '../../../amplify/adapters/dynamo-allowances.ts';
import { UpdateCommand } from '../../../amplify/adapters/dynamo-command.ts';
import { dynamoConversations } from '../../../amplify/adapters/dynamo-conversations.ts';
import type { DynamoDocument } from '../../../amplify/adapters/dynamo-document.ts';
import { dynamoLeases } from '../../../amplify/adapters/dynamo-leases.ts';
import { dynamoMessages } from '../../../amplify/adapters/dynamo-messages.ts';
import { dynamoSettings } from '../../../amplify/adapters/dynamo-settings.ts';
import { dynamoTaskSessions } from '../../../amplify/adapters/dynamo-task-sessions.ts';
import { dynamoUsage } from '../../../amplify/adapters/dynamo-usage.ts';
import { isFree, leaseMs } from '../../../amplify/core/lease.ts';
import { evolve } from '../../../amplify/core/lease-event.ts';
import { type AcceptPorts, acceptMessage } from '../../../amplify/core/use-cases/accept-message.ts';
import { type Consumption, countingTables } from './counting-tables.ts';

export interface Load {
  readonly owners: number;
  readonly conversationsEach: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Simulated {
  readonly sent: number;
  readonly answered: number;
  readonly tasks: number;
  /** Owners for whom a second task was started while one lived. */
  readonly doubleStarts: number;
  readonly used: Consumption;
  readonly busiest: { readonly key: string; readonly units: number };
}

const begin = Date.parse('2026-05-01T09:00:00.000Z');

/** The same numbers in each run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ownerName = (n: number) => `owner-${String(n).padStart(6, '0')}`;
/** A conversation that is there from the beginning. */
const conversationId = (owner: number, n: number) =>
  `01960000-0000-7000-8${String(n).padStart(3, '0')}-${String(owner).padStart(12, '0')}`;

/**
 * Lets messages of random owners arrive, a second's worth side by side, each accepted by the use case as the function
 * runs it; at the end of each second tasks answer what waits and leave, so that nearly every message is a wake: the dearest case.
 */
export async function simulate(load: Load): Promise<Simulated> {
  const clock = { now: begin };
  const random = randomNumbers(1);
  const at = new Date(begin).toISOString();
  const tables = countingTables(
    {
      Agent: { key: ['owner'], indexes: { byLease: ['leaseShard', 'leaseExpiresAt'] } },
      Message: {
        key: ['owner', 'conversationId#id'],
        indexes: { byPending: ['pendingShard', 'acceptedAt'] },
      },
      Conversation: {
        key: ['owner', 'id'],
        indexes: { byActivity: ['owner', 'activeAt'] },
        seed: ({ owner, id }) => ({ owner, id, title: 'Trip', createdAt: at, activeAt: at }),
      },
      TaskSession: { key: ['taskId'] },
      Settings: { key: ['owner'] },
      Usage: { key: ['owner', 'period'] },
      Allowance: { key: ['owner', 'day'] },
    },
    () => clock.now,
  );
  const { document } = tables;
  const living = new Map<string, string>();
  const started = new Map<string, string>();
  let doubleStarts = 0;
  const ports: AcceptPorts = {
    leases: dynamoLeases(document, 'Agent'),
    messages: dynamoMessages(document, 'Message'),
    conversations: dynamoConversations(document, 'Conversation'),
    sessions: dynamoTaskSessions(document, 'TaskSession'),
    settings: dynamoSettings(document, 'Settings'),
    allowances: dynamoAllowances(document, 'Allowance'),
    runner: {
      run: async ({ clientToken, startedBy }) => {
        const known = started.get(clientToken);
        if (known) return { outcome: 'started', taskId: known };
        const taskId = `task-${started.size + 1}`;
        started.set(clientToken, taskId);
        const [hash = ''] = startedBy.split('-');
        if (living.has(hash)) doubleStarts += 1;
        living.set(hash, taskId);
        return { outcome: 'started', taskId };
      },
      stop: async () => {},
      list: async () => [],
    },
    // The messages have none.
    files: { find: async () => null, keep: async () => {} },
    courier: { send: async () => {} },
    pushCourier: { send: async () => {} },
    usage: dynamoUsage(document, 'Usage'),
    caps: {
      dayMicros: 1e12,
      monthMicros: 1e12,
      totalDayMicros: 1e12,
      totalMonthMicros: 1e12,
      stopped: false,
    },
    sizes: { usual: { cpu: 1024, memory: 2048 }, largest: { cpu: 1024, memory: 2048 } },
    secondUsd: () => 0,
    publisher: { publish: async () => {} },
    now: () => clock.now,
    log: () => {},
    ownerHash: (owner) => createHash('sha256').update(owner).digest('hex').slice(0, 12),
    policy: 'spot-first',
    limits: { messagesPerMinute: 1e6, messagesPerHour: 1e6, messagesPerDay: 1e6, tasksPerDay: 1e6 },
  };
  let [sent, answered] = [0, 0];
  for (let second = 0; second < load.seconds; second += 1) {
    const writers = new Set<string>();
    const arriving = Array.from({ length: load.perSecond }, () => {
      const owner = Math.floor(random() * load.owners);
      const place = conversationId(owner, Math.floor(random() * load.conversationsEach));
      writers.add(ownerName(owner));
      sent += 1;
      const id = v7({ msecs: clock.now + Math.floor(random() * 1000) });
      return acceptMessage(ports, {
        owner: ownerName(owner),
        conversationId: place,
        id,
        text: 'Hello there',
      });
    });
    await Promise.all(arriving);
    clock.now += 1000;
    for (const owner of writers) {
      answered += await serve(document, ports, owner);
      living.delete(ports.ownerHash(owner));
    }
  }
  const [key, units] = [...tables.used.byKey].reduce(
    (most, each) => (each[1] > most[1] ? each : most),
    ['', 0],
  );
  return {
    sent,
    answered,
    tasks: started.size,
    doubleStarts,
    used: tables.used,
    busiest: { key: key.split(' @')[0] ?? '', units },
  };
}

/** What a task writes, as data/resolvers do: a heartbeat; for each message a claim, two checkpoints, a commit; its release. */
async function serve(document: DynamoDocument, ports: AcceptPorts, owner: string): Promise<number> {
  const lease = await ports.leases.get(owner);
  if (!lease || isFree(lease)) return 0;
  const change = (
    table: 'Agent' | 'Message',
    key: Record<string, string>,
    expression: string,
    values: Record<string, unknown>,
  ) =>
    document.send(
      new UpdateCommand({
        TableName: table,
        Key: { owner, ...key },
        UpdateExpression: expression,
        ExpressionAttributeNames: { '#is': table === 'Agent' ? 'state' : 'status' },
        ExpressionAttributeValues: values,
      }),
    );
  await change('Agent', {}, 'SET #is = :awake, leaseExpiresAt = :at', {
    ':awake': 'awake',
    ':at': ports.now() + leaseMs,
  });
  for (const pending of lease.pending) {
    const message = { 'conversationId#id': pending };
    const is = (status: string) => ({ ':is': status });
    await change('Message', message, 'SET #is = :is, epoch = :epoch', {
      ...is('working'),
      ':epoch': lease.epoch,
    });
    for (const length of [1, 20])
      await change('Message', message, 'SET #is = :is, answer = :answer', {
        ...is('working'),
        ':answer': 'Hello to you, '.repeat(length),
      });
    await change('Message', message, 'SET #is = :is REMOVE pendingShard', is('answered'));
    await ports.leases.drop(owner, [pending], lease.wakeSeq);
  }
  const quiet = await ports.leases.get(owner);
  if (quiet) await ports.leases.move(quiet, evolve(quiet, { type: 'freed' }));
  return lease.pending.length;
}
