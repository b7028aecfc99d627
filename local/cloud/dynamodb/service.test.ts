import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { accountId, allow, cloudUnderTest, region, resource, role } from '../cloud-under-test.ts';
import type { AwsService } from '../service.ts';
import { createDynamoDb } from './service.ts';

const arn = (name: string) => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
const index = (name: string, attribute: string) => ({
  IndexName: name,
  KeySchema: [{ AttributeName: attribute, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
});
const table = (more: object = {}, types: Record<string, string> = { pk: 'S', sk: 'S' }) =>
  resource('AWS::DynamoDB::Table', 'Notes', {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: Object.entries(types).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    ...more,
  });
const byColour = { GlobalSecondaryIndexes: [index('byColour', 'colour')] };
const coloured = { pk: 'S', sk: 'S', colour: 'S' };
const roles = [
  role('admin', [allow('dynamodb:*', '*')]),
  role('reader', [allow(['dynamodb:GetItem', 'dynamodb:Query'], arn('Notes'))]),
  role('owner', [
    allow(['dynamodb:Query', 'dynamodb:GetItem'], arn('Notes'), {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'me' },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    }),
  ]),
  role('narrow', [
    allow('dynamodb:GetItem', arn('Notes'), {
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'title'] },
      StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    }),
  ]),
];

const open: AwsService[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.close();
});

async function start(
  definition = table(byColour, coloured),
  options: { directory?: string; now?: () => Date } = {},
) {
  const cloud = cloudUnderTest([definition, ...roles], options);
  const service = await createDynamoDb(cloud.context('dynamodb'));
  open.push(service);
  cloud.services.push(service);
  return { service, as: (name: string) => new DynamoDBClient(cloud.client(name)) };
}
const key = (pk: string, sk = 'a') => ({ pk: { S: pk }, sk: { S: sk } });
const put = (pk: string, more: Record<string, { S: string } | { N: string }> = {}, sk = 'a') =>
  new PutItemCommand({ TableName: 'Notes', Item: { ...key(pk, sk), ...more } });
const get = (pk: string, sk = 'a') => new GetItemCommand({ TableName: 'Notes', Key: key(pk, sk) });

test('items are written and found by key and by index', async () => {
  const client = (await start()).as('admin');
  await client.send(put('x', { colour: { S: 'red' } }));
  expect((await client.send(get('x'))).Item).toMatchObject({ colour: { S: 'red' } });
  const query = new QueryCommand({
    TableName: arn('Notes'),
    IndexName: 'byColour',
    KeyConditionExpression: '((colour = :c))',
    ExpressionAttributeValues: { ':c': { S: 'red' } },
  });
  expect((await client.send(query)).Items).toHaveLength(1);
  await client.send(put('x', { colour: { S: 'blue' } }));
  expect((await client.send(query)).Items).toHaveLength(0);
});

test('an operation needs its own permission on this table or index', async () => {
  const { as } = await start();
  const client = as('reader');
  await expect(client.send(get('x'))).resolves.toBeDefined();
  await expect(client.send(put('x'))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`dynamodb:PutItem on resource: ${arn('Notes')}`),
  });
  await expect(client.send(new ScanCommand({ TableName: 'Notes' }))).rejects.toThrow('dynamodb:Scan');
  const onIndex = {
    TableName: 'Notes',
    IndexName: 'byColour',
    KeyConditionExpression: 'colour = :c',
    ExpressionAttributeValues: { ':c': { S: 'red' } },
  };
  await expect(client.send(new QueryCommand(onIndex))).rejects.toThrow('/index/byColour');
});

test('a policy may leave a caller the items of one leading key, or some attributes', async () => {
  const { as } = await start();
  const query = (pk: string) =>
    new QueryCommand({
      TableName: 'Notes',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: pk } },
    });
  await expect(as('owner').send(query('me'))).resolves.toBeDefined();
  await expect(as('owner').send(query('you'))).rejects.toThrow('not authorized');
  await expect(as('owner').send(get('you'))).rejects.toThrow('not authorized');
  const some = (ProjectionExpression?: string) =>
    new GetItemCommand({ TableName: 'Notes', Key: key('x'), ProjectionExpression });
  await expect(as('narrow').send(some('title'))).resolves.toBeDefined();
  await expect(as('narrow').send(some('title, secret'))).rejects.toThrow('not authorized');
  await expect(as('narrow').send(some())).rejects.toThrow('not authorized');
});

test('a failed condition changes nothing and shows the item when asked to', async () => {
  const client = (await start()).as('admin');
  await client.send(put('x', { title: { S: 'old' } }));
  const create = new PutItemCommand({
    TableName: 'Notes',
    Item: { ...key('x'), title: { S: 'new' } },
    ConditionExpression: '(attribute_not_exists(pk))',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const error = await client.send(create).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).toMatchObject({ Item: { title: { S: 'old' } } });
  expect((await client.send(get('x'))).Item?.title).toEqual({ S: 'old' });
});

test('writes that race are conditioned one after the other', async () => {
  const client = (await start()).as('admin');
  const claim = () =>
    client.send(
      new UpdateItemCommand({
        TableName: 'Notes',
        Key: key('lease'),
        UpdateExpression: 'ADD epoch :one',
        ConditionExpression: 'attribute_not_exists(epoch)',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  const results = await Promise.allSettled(Array.from({ length: 8 }, claim));
  expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
});

test('a transaction writes all or nothing and says why', async () => {
  const client = (await start()).as('admin');
  const transaction = (condition: string) =>
    new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: 'Notes', Item: { ...key('x'), colour: { S: 'red' } } } },
        {
          Update: {
            TableName: 'Notes',
            Key: key('y'),
            UpdateExpression: 'SET n = :n',
            ExpressionAttributeValues: { ':n': { N: '1' } },
          },
        },
        { ConditionCheck: { TableName: 'Notes', Key: key('z'), ConditionExpression: condition } },
      ],
    });
  const error = await client.send(transaction('attribute_exists(pk)')).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  expect(error).toMatchObject({
    message: expect.stringContaining('[None, None, ConditionalCheckFailed]'),
    CancellationReasons: [{ Code: 'None' }, { Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
  expect((await client.send(new ScanCommand({ TableName: 'Notes' }))).Count).toBe(0);
  await client.send(transaction('attribute_not_exists(pk)'));
  const both = new TransactGetItemsCommand({
    TransactItems: [
      { Get: { TableName: 'Notes', Key: key('x') } },
      { Get: { TableName: 'Notes', Key: key('y') } },
    ],
  });
  expect((await client.send(both)).Responses?.map((each) => each.Item)).toMatchObject([
    { colour: { S: 'red' } },
    { n: { N: '1' } },
  ]);
});

test('a transaction sent again with its token is not carried out twice', async () => {
  const client = (await start()).as('admin');
  const add = (by: string) =>
    new TransactWriteItemsCommand({
      ClientRequestToken: 'token',
      TransactItems: [
        {
          Update: {
            TableName: 'Notes',
            Key: key('x'),
            UpdateExpression: 'ADD n :n',
            ExpressionAttributeValues: { ':n': { N: by } },
          },
        },
      ],
    });
  await client.send(add('1'));
  await client.send(add('1'));
  expect((await client.send(get('x'))).Item?.n).toEqual({ N: '1' });
  await expect(client.send(add('2'))).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
});

test('two operations of a transaction on one item are refused', async () => {
  const client = (await start()).as('admin');
  const Put = { TableName: 'Notes', Item: key('x') };
  const twice = new TransactWriteItemsCommand({
    TransactItems: [{ Put }, { Delete: { TableName: 'Notes', Key: key('x') } }],
  });
  await expect(client.send(twice)).rejects.toThrow('multiple operations on one item');
});

test('a transaction needs the permission of each of its parts', async () => {
  const client = (await start()).as('reader');
  const write = new TransactWriteItemsCommand({
    TransactItems: [{ Put: { TableName: 'Notes', Item: key('x') } }],
  });
  await expect(client.send(write)).rejects.toThrow('dynamodb:PutItem');
});

test('what was written is there after the folder is opened again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cloud-'));
  const first = await start(undefined, { directory });
  await first.as('admin').send(put('x', { colour: { S: 'red' } }));
  await expect(start(undefined, { directory })).rejects.toThrow('Another local cloud');
  await first.service.close();
  const second = await start(undefined, { directory });
  expect((await second.as('admin').send(get('x'))).Item).toMatchObject({ colour: { S: 'red' } });
  open.shift();
});

test('an index that the template adds is filled from the items; other keys are refused', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cloud-'));
  const first = await start(table(), { directory });
  await first.as('admin').send(put('x', { colour: { S: 'red' } }));
  await first.as('admin').send(put('y', { colour: { N: '1' } }));
  await first.service.close();
  open.pop();
  const second = await start(table(byColour, coloured), { directory });
  const client = second.as('admin');
  const scan = new ScanCommand({ TableName: 'Notes', IndexName: 'byColour' });
  expect((await client.send(scan)).Items).toEqual([{ ...key('x'), colour: { S: 'red' } }]);
  expect(
    (await client.send(new DescribeTableCommand({ TableName: 'Notes' }))).Table?.GlobalSecondaryIndexes,
  ).toHaveLength(1);
  await second.service.close();
  open.pop();
  await expect(start(table({}, { pk: 'N', sk: 'S' }), { directory })).rejects.toThrow('pk (S), sk (S)');
});

test('deletion protection is what the template says, until somebody who may says otherwise', async () => {
  const { as } = await start(table({ DeletionProtectionEnabled: true }));
  const client = as('admin');
  const isProtected = async () =>
    (await client.send(new DescribeTableCommand({ TableName: 'Notes' }))).Table?.DeletionProtectionEnabled;
  expect(await isProtected()).toBe(true);
  await expect(
    client.send(new UpdateTableCommand({ TableName: 'Notes', BillingMode: 'PAY_PER_REQUEST' })),
  ).rejects.toThrow('no UpdateTable with BillingMode');
  const update = new UpdateTableCommand({ TableName: 'Notes', DeletionProtectionEnabled: false });
  await expect(as('reader').send(update)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await client.send(update);
  expect(await isProtected()).toBe(false);
});

test('items go when their time to live has passed, and not before', async () => {
  let time = new Date('2026-11-23T10:00:00Z');
  const definition = table({ TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } });
  const cloud = cloudUnderTest([definition, ...roles], { now: () => time });
  const service = await createDynamoDb(cloud.context('dynamodb'));
  open.push(service);
  cloud.services.push(service);
  // The client signs with the system's clock, so it asks before the time is moved.
  const client = new DynamoDBClient({
    ...cloud.client('admin'),
    systemClockOffset: time.getTime() - Date.now(),
  });
  const expires = (seconds: number) => ({ expires: { N: String(time.getTime() / 1000 + seconds) } });
  await client.send(put('short', expires(60)));
  await client.send(put('long', expires(600)));
  await client.send(put('text', { expires: { S: 'soon' } }));
  expect(
    (await client.send(new DescribeTimeToLiveCommand({ TableName: 'Notes' }))).TimeToLiveDescription,
  ).toEqual({
    TimeToLiveStatus: 'ENABLED',
    AttributeName: 'expires',
  });
  time = new Date(time.getTime() + 61_000);
  await service.expire();
  const { Items } = await client.send(new ScanCommand({ TableName: 'Notes' }));
  expect(Items?.map((item) => item.pk?.S).sort()).toEqual(['long', 'text']);
});

test('what is not served is refused by name', async () => {
  const client = (await start()).as('admin');
  await expect(client.send(new ExecuteStatementCommand({ Statement: 'SELECT 1' }))).rejects.toThrow(
    'ExecuteStatement',
  );
  await expect(client.send(new GetItemCommand({ TableName: 'Other', Key: key('x') }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a batch writes its items with their index entries', async () => {
  const client = (await start()).as('admin');
  const Item = (pk: string) => ({ ...key(pk), colour: { S: 'red' } });
  const requests = ['a', 'b', 'c'].map((pk) => ({ PutRequest: { Item: Item(pk) } }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { Notes: requests } }));
  expect((await client.send(new ScanCommand({ TableName: 'Notes', IndexName: 'byColour' }))).Count).toBe(3);
});
