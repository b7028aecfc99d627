import { AppError } from '../core/error.ts';
import {
  type MessageKey,
  pendingKey,
  pendingShard,
  type StoredMessage,
  storedMessage,
} from '../core/message-row.ts';
import type { MessageState, MessageStore } from '../core/ports.ts';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateInput,
} from './dynamo-command.ts';
import { type DynamoDocument, json, ownedKey, plain, unlessRefused } from './dynamo-document.ts';

/** Amplify's name for the sort key of a model with two identifiers beside the owner. */
const sortKey = 'conversationId#id';
const jsonAttributes = [
  ...['attachments', 'transcript', 'sources', 'tools', 'files', 'uploads', 'approval', 'error', 'usage'],
] as const;

const parse = (item: Readonly<Record<string, unknown>>): StoredMessage => {
  const row = plain(item);
  for (const attribute of jsonAttributes) if (attribute in row) row[attribute] = json(row[attribute]);
  return storedMessage.parse(row);
};

const keyOf = (owner: string, key: MessageKey) => ({ owner, [sortKey]: pendingKey(key) });

/** Message rows in the table of the Message model. */
export function dynamoMessages(client: DynamoDocument, table: string): MessageStore {
  const update = async (input: Omit<UpdateInput, 'TableName' | 'ReturnValues'>) => {
    const { Attributes } = await client.send(
      new UpdateCommand({ TableName: table, ReturnValues: 'ALL_NEW', ...input }),
    );
    return parse(Attributes ?? {});
  };

  const get: MessageStore['get'] = async (owner, key) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: keyOf(owner, key), ConsistentRead: true }),
    );
    return Item ? parse(Item) : null;
  };

  return {
    get,

    put: async (message) => {
      const { owner } = message;
      const put = () =>
        unlessRefused(
          client
            .send(
              new PutCommand({
                TableName: table,
                Item: { ...message, ...keyOf(owner, message), pendingShard },
                ConditionExpression: 'attribute_not_exists(#owner)',
                ExpressionAttributeNames: { '#owner': 'owner' },
              }),
            )
            .then(() => true),
          () => false,
        );
      if (await put()) return { stored: true };
      const existing = await get(owner, message);
      if (existing) return { stored: false, existing };
      // Deleted in between: its key is free again.
      if (await put()) return { stored: true };
      throw new AppError('internal', { retryable: true, detail: 'the row comes and goes' });
    },

    requeue: (owner, key, attempt, ownModel) =>
      unlessRefused(
        update({
          Key: keyOf(owner, key),
          UpdateExpression:
            'SET #status = :queued, attempt = :next, answer = :empty, seq = :zero, tools = :none, pendingShard = :shard' +
            `${ownModel ? ', ownModel = :model' : ''} ` +
            'REMOVE files, epoch, startedAt, finishedAt, approval, toolsRan, claims, stopRequested, #error, #usage, model, thinking, thinkingMs' +
            (ownModel ? '' : ', ownModel'),
          ConditionExpression: 'attempt = :attempt AND NOT #status IN (:queued, :working)',
          ExpressionAttributeNames: { '#status': 'status', '#error': 'error', '#usage': 'usage' },
          ExpressionAttributeValues: {
            ':attempt': attempt,
            ':next': attempt + 1,
            ':queued': 'queued',
            ':working': 'working',
            ':empty': '',
            ':zero': 0,
            ':none': [],
            ':shard': pendingShard,
            ...(ownModel && { ':model': ownModel }),
          },
        }),
        () => null,
      ),

    finish: (owner, key, end) =>
      unlessRefused(
        update({
          Key: keyOf(owner, key),
          UpdateExpression:
            'SET #status = :status, #error = :error, finishedAt = :at REMOVE pendingShard, approval',
          ConditionExpression: 'attempt = :attempt AND #status IN (:queued, :working)',
          ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
          ExpressionAttributeValues: {
            ':status': end.status,
            ':error': end.error,
            ':at': end.finishedAt,
            ':attempt': end.attempt,
            ':queued': 'queued',
            ':working': 'working',
          },
        }),
        () => null,
      ),

    setFiles: (row, { attachments, joining }) =>
      unlessRefused(
        update({
          Key: keyOf(row.owner, row),
          UpdateExpression: `SET attachments = :attachments, filesRevision = :next${
            joining ? ', sources = :sources, #text = :text, joinsUntil = :until' : ''
          }`,
          ConditionExpression: [
            // No message is without a status: one that was deleted is not made anew.
            joining ? '#status = :queued AND attribute_not_exists(epoch)' : 'attribute_exists(#status)',
            row.filesRevision ? 'filesRevision = :seen' : 'attribute_not_exists(filesRevision)',
          ].join(' AND '),
          ExpressionAttributeNames: { '#status': 'status', ...(joining && { '#text': 'text' }) },
          ExpressionAttributeValues: {
            ':attachments': attachments,
            ':next': (row.filesRevision ?? 0) + 1,
            ...(row.filesRevision && { ':seen': row.filesRevision }),
            ...(joining && {
              ...{ ':queued': 'queued', ':sources': joining.sources },
              ...{ ':text': joining.text, ':until': joining.joinsUntil },
            }),
          },
        }),
        () => null,
      ),

    forgetFile: async (row, fileId, at) => {
      const [list, index] = placeOf(row, fileId);
      if (index < 0) return null;
      return unlessRefused(
        update({
          Key: keyOf(row.owner, row),
          UpdateExpression: `SET ${list}[${index}].deletedAt = :at ADD filesRevision :one`,
          ConditionExpression: `${list}[${index}].id = :id`,
          ExpressionAttributeValues: { ':at': at, ':id': fileId, ':one': 1 },
        }),
        () => null,
      );
    },

    stop: async (owner, key, finishedAt) => {
      const change = (from: string, expression: string, values: Record<string, unknown>) =>
        unlessRefused(
          update({
            Key: keyOf(owner, key),
            UpdateExpression: expression,
            ConditionExpression: '#status = :from',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':from': from, ...values },
          }),
          () => null,
        );
      const ended = await change(
        'queued',
        'SET #status = :stopped, finishedAt = :at REMOVE pendingShard, stopRequested',
        { ':stopped': 'stopped', ':at': finishedAt },
      );
      // Taken, perhaps just now: its task ends it.
      return ended ?? change('working', 'SET stopRequested = :yes', { ':yes': true });
    },

    decide: (owner, key, { id, decision }) =>
      unlessRefused(
        update({
          Key: keyOf(owner, key),
          UpdateExpression: 'SET approval.decision = :decision',
          ConditionExpression:
            '#status = :working AND approval.id = :id AND ' +
            '(attribute_not_exists(approval.decision) OR approval.decision = :decision)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':working': 'working', ':id': id, ':decision': decision },
        }),
        () => null,
      ),

    states: async (owner, keys) => {
      const found: Record<string, unknown>[] = [];
      let wanted: Record<string, unknown>[] | undefined = keys.map((key) => keyOf(owner, key));
      while (wanted && wanted.length > 0) {
        const { Responses, UnprocessedKeys }: BatchGetCommand['output'] = await client.send(
          new BatchGetCommand({
            RequestItems: {
              [table]: {
                Keys: wanted,
                ConsistentRead: true,
                ProjectionExpression: 'conversationId, id, #status, attempt, epoch, toolsRan, claims',
                ExpressionAttributeNames: { '#status': 'status' },
              },
            },
          }),
        );
        found.push(...(Responses?.[table] ?? []));
        wanted = UnprocessedKeys?.[table]?.Keys;
      }
      return found.map((item) => messageState.parse(plain(item)) as MessageState);
    },

    newest: async (owner, conversationId, limit) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: '#owner = :owner AND begins_with(#key, :conversation)',
          ExpressionAttributeNames: { '#owner': 'owner', '#key': sortKey },
          ExpressionAttributeValues: { ':owner': owner, ':conversation': `${conversationId}#` },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      return (Items ?? []).map(parse);
    },

    remove: async (owner, keys) => {
      const remove = (key: MessageKey) =>
        unlessRefused(
          client.send(
            new DeleteCommand({
              TableName: table,
              Key: keyOf(owner, key),
              ConditionExpression: 'attribute_not_exists(#owner) OR NOT #status IN (:queued, :working)',
              ExpressionAttributeNames: { '#owner': 'owner', '#status': 'status' },
              ExpressionAttributeValues: { ':queued': 'queued', ':working': 'working' },
            }),
          ),
          () => null,
        );
      await Promise.all(keys.map(remove));
    },

    unanswered: async (acceptedBefore, limit) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byPending',
          KeyConditionExpression: 'pendingShard = :shard AND acceptedAt < :before',
          ExpressionAttributeValues: { ':shard': pendingShard, ':before': acceptedBefore },
          ProjectionExpression: '#owner, conversationId, id',
          ExpressionAttributeNames: { '#owner': 'owner' },
          Limit: limit,
        }),
      );
      return (Items ?? []).map(ownedKey);
    },
  };
}

function placeOf(row: StoredMessage, fileId: string): ['attachments' | 'files', number] {
  const sent = row.attachments.findIndex(({ id }) => id === fileId);
  return sent >= 0 ? ['attachments', sent] : ['files', row.files.findIndex(({ id }) => id === fileId)];
}

const messageState = storedMessage.pick({
  conversationId: true,
  id: true,
  status: true,
  attempt: true,
  epoch: true,
  toolsRan: true,
  claims: true,
});
