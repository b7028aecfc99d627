import { AppError } from '../core/error.ts';
import { clearedLease, isFree, type Lease, lease, leaseShard } from '../core/lease.ts';
import type { LeaseStore } from '../core/ports.ts';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand, type UpdateInput } from './dynamo-command.ts';
import { type DynamoDocument, json, plain, unlessRefused } from './dynamo-document.ts';

/** What `move` writes; the rest of the row belongs to others (`pending`, `wakeSeq`: rings; `wakeMs`, snapshots: the task). */
const moved = [
  'revision',
  'epoch',
  'state',
  'taskId',
  'attempt',
  'capacity',
  'leaseExpiresAt',
  'successor',
  'phase',
  'phaseAt',
  'wakeStartedAt',
  'sleepsAt',
  'sleepRequested',
  'keepAwakeUntil',
  'unusedWakes',
  'error',
] as const satisfies readonly (keyof Lease)[];

/** What must not have changed since it was read. */
const watched = ['revision', 'epoch', 'state', 'taskId', 'capacity', 'leaseExpiresAt'] as const;

const parse = (item: Readonly<Record<string, unknown>>): Lease => {
  const row = plain(item);
  return lease.parse({
    ...row,
    successor: json(row.successor),
    snapshot: json(row.snapshot),
    previousSnapshots: json(row.previousSnapshots),
    error: json(row.error),
  });
};

/** Lease rows in the table of the Agent model. */
export function dynamoLeases(client: DynamoDocument, table: string): LeaseStore {
  const update = async (input: Omit<UpdateInput, 'TableName' | 'ReturnValues'>) => {
    const { Attributes } = await client.send(
      new UpdateCommand({ TableName: table, ReturnValues: 'ALL_NEW', ...input }),
    );
    return parse(Attributes ?? {});
  };

  return {
    get: async (owner) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { owner }, ConsistentRead: true }),
      );
      return Item ? parse(Item) : null;
    },

    ring: (owner, key, limit) =>
      unlessRefused(
        update({
          Key: { owner },
          UpdateExpression:
            'SET revision = if_not_exists(revision, :zero), epoch = if_not_exists(epoch, :zero), ' +
            '#state = if_not_exists(#state, :asleep) ADD wakeSeq :one, pending :keys ' +
            'REMOVE sleepRequested, unusedWakes',
          ConditionExpression:
            'attribute_not_exists(pending) OR size(pending) < :limit OR contains(pending, :key)',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: {
            ':zero': 0,
            ':one': 1,
            ':asleep': 'asleep',
            ':key': key,
            ':keys': new Set([key]),
            ':limit': limit,
          },
        }),
        () => {
          throw new AppError('message.queue_full', { retryable: true });
        },
      ),

    open: (owner) =>
      update({
        Key: { owner },
        UpdateExpression:
          'SET revision = if_not_exists(revision, :zero), epoch = if_not_exists(epoch, :zero), ' +
          'wakeSeq = if_not_exists(wakeSeq, :zero), #state = if_not_exists(#state, :asleep)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':zero': 0, ':asleep': 'asleep' },
      }),

    drop: (owner, keys, wakeSeq) =>
      unlessRefused(
        update({
          Key: { owner },
          UpdateExpression: 'DELETE pending :keys',
          ConditionExpression: 'wakeSeq = :wakeSeq',
          ExpressionAttributeValues: { ':keys': new Set(keys), ':wakeSeq': wakeSeq },
        }),
        () => null,
      ),

    move: (before, after) => unlessRefused(update(moveInput(before, after)), () => null),

    point: (before, [snapshot, ...previous], epoch = before.epoch) =>
      unlessRefused(
        update({
          Key: { owner: before.owner },
          UpdateExpression:
            'SET revision = :next, epoch = :nextEpoch, #snapshot = :snapshot, previousSnapshots = :previous',
          ConditionExpression:
            'revision = :revision AND epoch = :epoch AND #state IN (:asleep, :failed) AND attribute_not_exists(taskId)',
          ExpressionAttributeNames: { '#snapshot': 'snapshot', '#state': 'state' },
          ExpressionAttributeValues: {
            ':revision': before.revision,
            ':next': before.revision + 1,
            ':epoch': before.epoch,
            ':nextEpoch': epoch,
            ':asleep': 'asleep',
            ':failed': 'failed',
            ':snapshot': snapshot,
            ':previous': previous,
          },
        }),
        () => null,
      ),

    clear: (before) => {
      const { owner, revision, epoch, state, wakeSeq } = clearedLease(before);
      const put = new PutCommand({
        TableName: table,
        Item: { owner, revision, epoch, state, wakeSeq },
        ConditionExpression: 'revision = :revision AND epoch = :epoch AND wakeSeq = :wakeSeq',
        ExpressionAttributeValues: {
          ':revision': before.revision,
          ':epoch': before.epoch,
          ':wakeSeq': before.wakeSeq,
        },
      });
      return unlessRefused(
        client.send(put).then(() => true),
        () => false,
      );
    },

    expired: async (now, limit) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byLease',
          KeyConditionExpression: 'leaseShard = :shard AND leaseExpiresAt < :now',
          ExpressionAttributeValues: { ':shard': leaseShard, ':now': now },
          ProjectionExpression: '#owner',
          ExpressionAttributeNames: { '#owner': 'owner' },
          Limit: limit,
        }),
      );
      return (Items ?? []).map((item) => String(item.owner));
    },
  };
}

/** An attribute that rings take away and that the move itself does not change. */
const isByRings = (attribute: keyof Lease, before: Lease, after: Lease): boolean =>
  (attribute === 'sleepRequested' || attribute === 'unusedWakes') && before[attribute] === after[attribute];

/** One update that sets what `after` has, removes what it has not, and holds only while the row is as `before`. */
function moveInput(before: Lease, after: Lease) {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const set: string[] = [];
  const remove: string[] = [];
  const conditions: string[] = [];
  const write = (attribute: string, value: unknown) => {
    names[`#${attribute}`] = attribute;
    if (value === undefined) remove.push(`#${attribute}`);
    else {
      values[`:${attribute}`] = value;
      set.push(`#${attribute} = :${attribute}`);
    }
  };
  // What a ring takes away meanwhile stays away.
  for (const attribute of moved) if (!isByRings(attribute, before, after)) write(attribute, after[attribute]);
  // Only rows with a holder stand in the sweeper's index.
  write('leaseShard', isFree(after) ? undefined : leaseShard);

  const watch = (attribute: string, value: unknown) => {
    names[`#${attribute}`] = attribute;
    if (value === undefined) {
      values[':null'] = 'NULL';
      conditions.push(`(attribute_not_exists(#${attribute}) OR attribute_type(#${attribute}, :null))`);
    } else {
      values[`:was_${attribute}`] = value;
      conditions.push(`#${attribute} = :was_${attribute}`);
    }
  };
  for (const attribute of watched) watch(attribute, before[attribute]);
  // Who frees the lease must have seen every ring, or the last one would wake nobody.
  if (isFree(after)) watch('wakeSeq', before.wakeSeq);

  return {
    Key: { owner: before.owner },
    UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
