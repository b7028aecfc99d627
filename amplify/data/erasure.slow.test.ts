import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { administratorArn } from '../../local/cloud/iam/administrator.ts';
import { type Attribute, fromAttributes } from '../adapters/dynamo-attribute.ts';
import { PutCommand, UpdateCommand } from '../adapters/dynamo-command.ts';
import { dynamoDocument } from '../adapters/dynamo-document.ts';
import { fileKey } from '../core/attachment.ts';
import { settleMs } from '../core/erasure.ts';
import { type OwnedModel, ownedModels, ownedRowsOf } from '../core/owned.ts';
import { providerKeyName } from '../core/provider-key.ts';
import {
  type Answer,
  type Person,
  parsed,
  startWholeCloud,
  typeOf,
  type WholeCloud,
} from './whole-cloud-under-test.ts';

/** Erasing in the local cloud: the handlers as they are bundled, under the policies of the templates. */

let whole: WholeCloud;
let ann: Person;
let bob: Person;
let document: ReturnType<typeof dynamoDocument>;
let dynamo: DynamoDBClient;
let s3: S3Client;
let ssm: SSMClient;

beforeAll(async () => {
  whole = await startWholeCloud();
  ann = await whole.signUpPerson('ann@example.com');
  bob = await whole.signUpPerson('bob@example.com');
  const { context, endpoint } = whole.cloud;
  const roleArn = administratorArn(context.accountId);
  const credentials = context.iam.assumeRole({ roleArn, sessionName: 'test' });
  const config = { region: 'us-east-1', endpoint, credentials };
  document = dynamoDocument({ ...config, credentials: () => credentials });
  dynamo = new DynamoDBClient(config);
  s3 = new S3Client({ ...config, forcePathStyle: true });
  ssm = new SSMClient(config);
  // A synthesis takes its time on a busy machine.
}, 300_000);
afterAll(() => whole?.close());

const tableOf = (model: string) => whole.nameOf('Custom::AmplifyDynamoDBTable', `${model}Table`);
const bucket = () => whole.nameOf('AWS::S3::Bucket', 'files');
const event = '{ owner kind conversationId messageId body }';
const patience = { timeout: 60_000, interval: 100 };

/** What an owner has in a table, by the attribute and not by a key: what a key does not lead to would be found. */
async function rowsOf(model: string, { sub }: Person): Promise<Record<string, unknown>[]> {
  const { Items } = await dynamo.send(new ScanCommand({ TableName: tableOf(model), ConsistentRead: true }));
  const rows = (Items ?? []).map((item) => fromAttributes(item as Record<string, Attribute>));
  return rows.filter((row) => JSON.stringify(row).includes(sub));
}
/** The keys of all rows that an owner has, settings too. */
async function keysOfRows(person: Person): Promise<string[]> {
  const of = async (model: OwnedModel | 'Settings') => {
    const names = model === 'Settings' ? ['owner'] : ownedRowsOf(model).key;
    return (await rowsOf(model, person)).map((row) => [model, ...names.map((name) => row[name])].join(' '));
  };
  return (await Promise.all([...ownedModels, 'Settings' as const].map(of))).flat();
}
async function filesOf({ sub }: Person): Promise<string[]> {
  const { Contents } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket(), Prefix: `owners/${sub}/` }),
  );
  return (Contents ?? []).map(({ Key }) => String(Key));
}
const putFile = (key: string) => s3.send(new PutObjectCommand({ Bucket: bucket(), Key: key, Body: 'bytes' }));
async function keysOf({ sub }: Person): Promise<number> {
  const Path = `/serverless-openclaw/app-local/owners/${sub}`;
  const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path, Recursive: true }));
  return Parameters?.length ?? 0;
}

async function converse(person: Person): Promise<string> {
  const id = v7();
  const create = `mutation ($id: String!) { createConversation(id: $id, title: "Trip") ${event} }`;
  expect(typeOf(await whole.ask(person, create, { id }))).toBe('no error');
  return id;
}
async function send(person: Person, conversationId: string) {
  const query =
    'mutation ($conversationId: String!, $id: String!) { sendMessage(conversationId: $conversationId, id: $id, text: "Hello") }';
  return whole.ask(person, query, { conversationId, id: v7() });
}
/** A message that was answered long ago, with a file. */
async function answered({ sub: owner }: Person, conversationId: string): Promise<void> {
  const [id, file] = [v7(), { id: v7(), name: 'a.txt', type: 'text/plain', size: 5 }];
  const Item = {
    ...{
      owner,
      conversationId,
      id,
      'conversationId#id': `${conversationId}#${id}`,
      text: 'Hi',
      channel: 'web',
    },
    ...{ status: 'answered', attempt: 1, acceptedAt: '2026-01-01T00:00:00.000Z', attachments: [file] },
  };
  await document.send(new PutCommand({ TableName: tableOf('Message'), Item }));
  await putFile(fileKey(owner, file.id));
}
/** Lets the mark on a row be as old as if so much time had passed. */
async function age(table: string, Key: Record<string, string>, attribute: string): Promise<void> {
  await document.send(
    new UpdateCommand({
      TableName: tableOf(table),
      Key,
      UpdateExpression: 'SET #at = :at, eraseAt = :due',
      ExpressionAttributeNames: { '#at': attribute },
      ExpressionAttributeValues: { ':at': new Date(Date.now() - 4 * settleMs).toISOString(), ':due': 1 },
    }),
  );
}
async function sweep(): Promise<void> {
  const functions = whole.cloud.assembly.byType('AWS::Lambda::Function');
  const arn = functions.find(({ logicalId }) => logicalId.startsWith('sweepidle'))?.arn ?? '';
  expect(await whole.cloud.invoke(arn, {})).not.toHaveProperty('functionError', expect.any(String));
}
/** What a function answers instead: AppSync puts its own type before the code. */
const refusalOf = ({ errors }: Answer) => errors?.[0]?.message;
const taskOf = (taskId: unknown) =>
  whole.cloud.ecs.tasks().find(({ taskArn }) => taskArn.endsWith(String(taskId)));

test('a deleted conversation is erased by the sweeper’s order, and nothing else is', async () => {
  const [gone, kept, bobs] = [await converse(ann), await converse(ann), await converse(bob)];
  for (let count = 0; count < 25; count += 1) await answered(ann, gone);
  await answered(ann, kept);
  await answered(bob, bobs);
  const remove = `mutation ($id: String!) { deleteConversation(id: $id) ${event} }`;
  expect(typeOf(await whole.ask(bob, remove, { id: gone }))).toBe('conversation.not_found');
  expect(typeOf(await whole.ask(ann, remove, { id: gone }))).toBe('no error');
  expect(refusalOf(await send(ann, gone))).toMatch(/^conversation\.not_found/);
  // The resolver has it begun at once, which is not yet the end.
  const tombstone = async () => (await rowsOf('Conversation', ann)).find(({ id }) => id === gone);
  await vi.waitFor(
    async () => expect(Number((await tombstone())?.eraseAt)).toBeGreaterThan(Date.now()),
    patience,
  );
  expect(await filesOf(ann)).toHaveLength(26);

  await age('Conversation', { owner: ann.sub, id: gone }, 'deletedAt');
  await sweep();
  await vi.waitFor(async () => expect(await tombstone()).not.toHaveProperty('erasureShard'), patience);
  expect(Object.keys((await tombstone()) ?? {}).sort()).toEqual(['deletedAt', 'expiresAt', 'id', 'owner']);
  expect((await rowsOf('Message', ann)).map(({ conversationId }) => conversationId)).toEqual([kept]);
  expect(await filesOf(ann)).toHaveLength(1);
  expect([await rowsOf('Message', bob), await filesOf(bob)].map(({ length }) => length)).toEqual([1, 1]);
}, 180_000);

test('who erases everything has nothing left in any table, bucket or parameter, and nobody else loses anything', async () => {
  for (const person of [ann, bob]) {
    const { sub: owner } = person;
    const conversationId = await converse(person);
    await answered(person, conversationId);
    expect(typeOf(await send(person, conversationId))).toBe('no error');
    await putFile(`owners/${owner}/snapshots/1-1.tar.zst`);
    const Name = `/serverless-openclaw/app-local${providerKeyName(owner)}`;
    await ssm.send(new PutParameterCommand({ Name, Value: 'sk-secret', Type: 'SecureString' }));
    const save = `mutation ($settings: AWSJSON!) { saveSettings(settings: $settings, revision: 0) ${event} }`;
    expect(typeOf(await whole.ask(person, save, { settings: '{"language":"ko"}' }))).toBe('no error');
    const put = (model: string, Item: Record<string, unknown>) =>
      document.send(new PutCommand({ TableName: tableOf(model), Item }));
    await put('Delivery', { owner, id: v7(), conversationId });
    await put('PushDevice', { owner, id: 'a-browser' });
    await put('Schedule', { owner, id: 'a-schedule', scheduleShard: 'schedule', nextAt: 9e15 });
    await put('ChannelRow', { id: `user#telegram#${owner.slice(0, 8)}`, owner });
    await put('ChannelRow', { id: `owner#telegram#${owner}`, owner });
    for (const period of ['2025-01', `2025-01#${conversationId}`])
      await put('Usage', { owner, period, counted: 1 });
  }
  for (const model of [...ownedModels, 'Settings']) {
    expect((await rowsOf(model, ann)).length, model).toBeGreaterThan(0);
  }
  const bobs = await keysOfRows(bob);
  const [lease] = await rowsOf('Agent', ann);
  await vi.waitFor(() => expect(taskOf(lease?.taskId)).toMatchObject({ lastStatus: 'RUNNING' }), patience);

  const erase = 'mutation ($account: Boolean!) { eraseEverything(account: $account) }';
  const { data } = await whole.ask(ann, erase, { account: true });
  expect(parsed(data?.eraseEverything)).toEqual({ since: expect.any(String), takesAccount: true });
  // What is left at once: that it is being erased, and what is needed until it is.
  const left = async () =>
    (
      await Promise.all(
        ownedModels.map(async (model) => ((await rowsOf(model, ann)).length > 0 ? [model] : [])),
      )
    ).flat();
  expect((await left()).filter((model) => !['Agent', 'TaskSession', 'Usage'].includes(model))).toEqual([]);
  expect([await filesOf(ann), await keysOf(ann)]).toEqual([[], 0]);
  expect(await rowsOf('Settings', ann)).toEqual([expect.not.objectContaining({ language: 'ko' })]);
  // The task is stopped, and what it cost is booked once more: that goes with the rest.
  await vi.waitFor(async () => {
    expect(await rowsOf('TaskSession', ann)).toMatchObject([{ stoppedAt: expect.any(String) }]);
  }, patience);
  const conversationId = await converse(ann);
  expect(refusalOf(await send(ann, conversationId))).toMatch(/^data\.erasing/);

  await age('Settings', { owner: ann.sub }, 'erasingSince');
  await sweep();
  await vi.waitFor(async () => expect(await rowsOf('Settings', ann)).toEqual([]), patience);
  expect(await left()).toEqual([]);
  // His task runs on, and what it costs is booked.
  expect(await keysOfRows(bob)).toEqual(expect.arrayContaining(bobs));
  expect([(await filesOf(bob)).length > 1, await keysOf(bob)]).toEqual([true, 1]);
}, 180_000);
