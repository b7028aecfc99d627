import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/data';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Schema } from '../fixture/amplify/data/resource.ts';
import { type FixtureApi, startFixtureApi } from './fixture-under-test.ts';

/** The client speaks wss to a loopback address, where this cloud listens without TLS. */
class LoopbackSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url.replace(/^wss:\/\/127\.0\.0\.1/, 'ws://127.0.0.1'), protocols);
  }
}

type Client = ReturnType<typeof generateClient<Schema>>;
interface Snapshot {
  readonly items: readonly Schema['Note']['type'][];
  readonly isSynced: boolean;
}

let api: FixtureApi;
let user: { sub: string; groups?: string[] };
let client: Client;
let iamClient: Client;
let run = 0;
/** A user of one test only. */
let ann: string;
let bob: string;

beforeAll(async () => {
  api = await startFixtureApi();
  Object.assign(globalThis, { WebSocket: LoopbackSocket });
  Amplify.configure(parseAmplifyConfig(api.outputs as never), {
    Auth: {
      tokenProvider: {
        getTokens: async () => {
          const token = await api.token(user.sub, user.groups ? { 'cognito:groups': user.groups } : {});
          return { accessToken: { toString: () => token, payload: {} } };
        },
      },
      credentialsProvider: {
        getCredentialsAndIdentityId: async () => ({
          credentials: api.credentials('WorkerTaskTaskRole', 'task-9'),
        }),
        clearCredentialsAndIdentityId: () => {},
      },
    },
  });
  client = generateClient<Schema>({ authMode: 'userPool' });
  iamClient = generateClient<Schema>({ authMode: 'iam' });
});

beforeEach(() => {
  run += 1;
  ann = `ann-${run}`;
  bob = `bob-${run}`;
  user = { sub: ann };
});

afterAll(async () => {
  await api?.close();
});

const as = (sub: string, groups?: string[]) => {
  user = groups ? { sub, groups } : { sub };
};

async function note(title: string, folder = 'inbox') {
  const { data, errors } = await client.models.Note.create({ title, folder });
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}

/** Collects what an observable gives; `until` waits for a value that fits. */
function collect<T>(observable: {
  subscribe(observer: { next(value: T): void; error(error: unknown): void }): { unsubscribe(): void };
}) {
  const values: T[] = [];
  const listeners = new Set<() => void>();
  const subscription = observable.subscribe({
    next(value) {
      values.push(value);
      for (const listener of listeners) listener();
    },
    error(error) {
      throw error;
    },
  });
  const until = (fits: (value: T) => boolean) =>
    new Promise<T>((resolve, reject) => {
      const deadline = setTimeout(
        () => reject(new Error(`Not seen among ${JSON.stringify(values)}`)),
        10_000,
      );
      const look = () => {
        const found = values.find(fits);
        if (found === undefined) return;
        clearTimeout(deadline);
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  return { values, until, stop: () => subscription.unsubscribe() };
}

describe('a model of the fixture, through the Amplify client', () => {
  it('keeps what its owner writes, of every type', async () => {
    const input = {
      title: 'One',
      folder: 'f',
      position: 3,
      colour: 'RED' as const,
      place: { latitude: 1.5, longitude: -2 },
      data: JSON.stringify({ deep: [1] }),
      contact: 'a@example.com',
    };
    const { data } = await client.models.Note.create(input);
    expect(data).toMatchObject({ ...input, owner: ann, body: null, createdAt: expect.any(String) });
    const found = await client.models.Note.get({ id: data?.id ?? '' });
    expect(found.data).toMatchObject(input);
  });

  it('is changed and deleted by its owner', async () => {
    const { id } = await note('Before');
    expect((await client.models.Note.update({ id, title: 'After' })).data).toMatchObject({
      title: 'After',
      folder: 'inbox',
    });
    expect((await client.models.Note.delete({ id })).data).toMatchObject({ id });
    expect((await client.models.Note.get({ id })).data).toBeNull();
  });

  it('is neither read, listed, changed nor deleted by anybody else', async () => {
    const { id } = await note('Mine');
    as(bob);
    const answers = [
      await client.models.Note.get({ id }),
      await client.models.Note.update({ id, title: 'Theirs' }),
      await client.models.Note.delete({ id }),
    ];
    for (const { data, errors } of answers) {
      expect(data).toBeNull();
      expect(errors?.[0]).toMatchObject({ errorType: 'Unauthorized' });
    }
    expect((await client.models.Note.list()).data).toEqual([]);
    as(ann);
    expect((await client.models.Note.get({ id })).data?.title).toBe('Mine');
  });

  it('can not be given to another owner, nor made in another’s name', async () => {
    const { id } = await note('Mine');
    expect((await client.models.Note.update({ id, owner: bob })).errors?.[0]?.message).toBe(
      'Unauthorized on [owner]',
    );
    expect(
      (await client.models.Note.create({ title: 'x', folder: 'f', owner: bob })).errors?.[0]?.errorType,
    ).toBe('Unauthorized');
  });

  it('is read, but not changed, by its readers’ group', async () => {
    const { id } = await note('For editors');
    as(bob, ['editors']);
    expect((await client.models.Note.get({ id })).data?.title).toBe('For editors');
    expect((await client.models.Note.update({ id, title: 'Edited' })).errors?.[0]?.errorType).toBe(
      'Unauthorized',
    );
  });

  it('is never made twice under one id', async () => {
    const { id } = await note('First');
    const again = await client.models.Note.create({ id, title: 'Second', folder: 'f' });
    expect(again.errors?.[0]?.errorType).toBe('DynamoDB:ConditionalCheckFailedException');
    expect((await client.models.Note.get({ id })).data?.title).toBe('First');
  });

  it('is found by its index, sorted, filtered and page by page', async () => {
    const folder = `folder-${run}`;
    for (const title of ['b', 'c', 'a']) await note(title, folder);
    const first = await client.models.Note.notesByFolder({ folder }, { sortDirection: 'DESC', limit: 2 });
    expect(first.data.map(({ title }) => title)).toEqual(['c', 'b']);
    const second = await client.models.Note.notesByFolder(
      { folder },
      { sortDirection: 'DESC', limit: 2, nextToken: first.nextToken ?? null },
    );
    expect(second.data.map(({ title }) => title)).toEqual(['a']);
    const some = await client.models.Note.list({
      filter: { or: [{ title: { eq: 'a' } }, { title: { beginsWith: 'c' } }] },
    });
    expect(some.data.map(({ title }) => title).sort()).toEqual(['a', 'c']);
  });

  it('reaches its relations both ways', async () => {
    const { id } = await note('With tags');
    const made = await client.models.Tag.create({ label: 'red', noteId: id });
    const { data } = await client.models.Note.get({ id }, { selectionSet: ['title', 'tags.label'] });
    expect(data).toEqual({ title: 'With tags', tags: [{ label: 'red' }] });
    const tag = await client.models.Tag.get({ id: made.data?.id ?? '' });
    expect((await tag.data?.note())?.data?.title).toBe('With tags');
  });

  it('refuses values that its scalars do not allow', async () => {
    const { errors } = await client.models.Note.create({ title: 'x', folder: 'f', contact: 'nobody' });
    expect(errors?.[0]?.message).toContain('AWSEmail');
  });
});

describe('a pipeline in JS', () => {
  it('checks and writes; the second for one place gets the error and sees who holds it', async () => {
    const first = await note('First');
    const second = await note('Second');
    expect((await client.mutations.pinNote({ slot: 1, noteId: first.id })).data).toMatchObject({
      owner: ann,
      slot: 1,
      note: 'First',
    });
    const { data, errors } = await client.mutations.pinNote({ slot: 1, noteId: second.id });
    expect(data).toBeNull();
    expect(errors?.[0]).toMatchObject({
      errorType: 'DynamoDB:ConditionalCheckFailedException',
      data: { noteId: first.id },
    });
    expect((await client.models.Pin.get({ owner: ann, slot: 1 })).data?.noteId).toBe(first.id);
  });

  it('raises its own errors, and not another’s note', async () => {
    const { id } = await note('Mine');
    expect((await client.mutations.pinNote({ slot: 0, noteId: id })).errors?.[0]).toMatchObject({
      errorType: 'BadSlot',
      errorInfo: { slot: 0 },
    });
    as(bob);
    expect((await client.mutations.pinNote({ slot: 1, noteId: id })).errors?.[0]).toMatchObject({
      errorType: 'NotFound',
    });
  });
});

describe('a function behind a field', () => {
  it('gets the arguments and the caller’s identity', async () => {
    expect((await client.queries.countWords({ text: 'three small words' })).data).toMatchObject({
      words: 3,
      language: 'en',
      by: ann,
    });
  });

  it('fails with what it threw', async () => {
    const { data, errors } = await client.queries.countWords({ text: '  ' });
    expect(data).toBeNull();
    expect(errors?.[0]).toMatchObject({
      errorType: 'Lambda:Unhandled',
      message: 'There are no words in this text',
    });
  });
});

describe('a role that may use one field', () => {
  it('uses it, and shows who it is', async () => {
    const { data } = await iamClient.mutations.workerPing({ owner: ann, text: 'from the task' });
    expect(data).toMatchObject({
      owner: ann,
      text: 'from the task',
      hint: expect.stringMatching(/:assumed-role\/.+\/task-9$/),
    });
  });

  it('uses no other, not even one that only IAM may use', async () => {
    const { id } = await note('Private');
    const attempts = [
      () => iamClient.mutations.workerWipe(),
      () => iamClient.models.Note.get({ id }),
      () => iamClient.models.Note.list(),
    ];
    for (const attempt of attempts) {
      const { errors } = await attempt().catch((error: { errors: { message: string }[] }) => error);
      expect(errors?.[0]?.message).toBe('Unauthorized');
    }
  });

  it('is the only one: users are refused', async () => {
    const { errors } = await client.mutations.workerPing({ owner: ann, text: 'forged' });
    expect(errors?.[0]?.message).toBe('Not Authorized to access workerPing on type Mutation');
  });

  it('can not be played by a made-up signature', async () => {
    const answer = await fetch(`${api.endpoint}/graphql`, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=ASIAX/20260101/us-east-1/appsync/aws4_request, SignedHeaders=host, Signature=00',
        'x-amz-date': '20260101T000000Z',
      },
      body: JSON.stringify({ query: 'mutation { workerWipe }' }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).not.toHaveProperty('data');
  });
});

describe('subscriptions, through the Amplify client', () => {
  it('keep an observed list up to date with the owner’s notes only', async () => {
    await note('Old');
    const list = collect<Snapshot>(client.models.Note.observeQuery());
    await list.until(({ isSynced }) => isSynced);
    const { id } = await note('New');
    await list.until(({ items }) => items.some(({ title }) => title === 'New'));
    await client.models.Note.update({ id, title: 'Newer' });
    await list.until(({ items }) => items.some(({ title }) => title === 'Newer'));
    as(bob);
    await note('Not hers');
    as(ann);
    await client.models.Note.delete({ id });
    const last = await list.until(
      ({ items, isSynced }) => isSynced && items.length === 1 && list.values.length > 3,
    );
    expect(last.items.map(({ title }) => title)).toEqual(['Old']);
    expect(list.values.some(({ items }) => items.some(({ title }) => title === 'Not hers'))).toBe(false);
    list.stop();
  });

  it('of a custom field bring a user’s own events, whoever makes them', async () => {
    const pings = collect<Schema['Ping']['type']>(client.subscriptions.onPing());
    await ready(() => client.mutations.ping({ text: 'ready?' }), pings);
    as(bob);
    await client.mutations.ping({ text: 'bob’s' });
    as(ann);
    await iamClient.mutations.workerPing({ owner: ann, text: 'from the task' });
    const event = await pings.until(({ text }) => text === 'from the task');
    expect(event).toMatchObject({ owner: ann, count: 0 });
    expect(pings.values.every(({ owner }) => owner === ann)).toBe(true);
    pings.stop();
  });

  it('filter by what the client asks for', async () => {
    const reds = collect<Schema['Note']['type']>(
      client.models.Note.onCreate({ filter: { colour: { eq: 'RED' } } }),
    );
    await ready(() => client.models.Note.create({ title: 'red', folder: 'f', colour: 'RED' }), reds);
    await client.models.Note.create({ title: 'blue', folder: 'f', colour: 'BLUE' });
    await client.models.Note.create({ title: 'last', folder: 'f', colour: 'RED' });
    await reds.until(({ title }) => title === 'last');
    expect(reds.values.some(({ title }) => title === 'blue')).toBe(false);
    reds.stop();
  });
});

/** Subscribing takes a moment that the client does not show: pings until the first comes through. */
async function ready(ping: () => Promise<unknown>, pings: { values: unknown[] }): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (pings.values.length === 0) {
    if (Date.now() > deadline) throw new Error('The subscription did not start');
    await ping();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
