import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Amplify } from 'aws-amplify';
import { confirmSignUp, fetchAuthSession, getCurrentUser, signIn, signOut, signUp } from 'aws-amplify/auth';
import { generateClient } from 'aws-amplify/data';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../cloud.ts';
import type { Schema } from '../fixture/amplify/data/resource.ts';
import { synthesiseFixture } from '../fixture/synthesise.ts';

const email = 'ann@example.com';
const password = 'Correct-horse-7';
const data = mkdtempSync(join(tmpdir(), 'signed-in-'));
const mails: string[] = [];
let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud({
    assemblyDirectory: await synthesiseFixture(),
    dataDirectory: data,
    port: 0,
    corsOrigins: [],
    deliverMail: ({ text }) => mails.push(text),
    log: () => {},
  });
  const configuration = parseAmplifyConfig(cloud.outputs as never);
  const cognito = configuration.Auth?.Cognito;
  if (!cognito) throw new Error('The outputs have no user pool');
  Object.assign(cognito, { userPoolEndpoint: cloud.endpoint, identityPoolEndpoint: cloud.endpoint });
  Amplify.configure(configuration);
  await signUp({ username: email, password, options: { userAttributes: { email } } });
  await confirmSignUp({ username: email, confirmationCode: /\d{6}/.exec(mails[0] ?? '')?.[0] ?? '' });
  await signIn({ username: email, password });
});

afterAll(async () => {
  await signOut();
  await cloud?.close();
  rmSync(data, { recursive: true, force: true });
});

it('a person who signed up owns what they write', async () => {
  const client = generateClient<Schema>();
  const { data: note } = await client.models.Note.create({ title: 'Mine', folder: 'inbox' });
  expect(note?.owner).toBe((await getCurrentUser()).userId);
  expect((await client.models.Note.list()).data.map(({ title }) => title)).toEqual(['Mine']);
});

it('credentials of the identity pool reach no field that their role is not given', async () => {
  expect((await fetchAuthSession()).credentials?.sessionToken).toBeDefined();
  const { data: notes, errors } = await generateClient<Schema>({ authMode: 'iam' }).models.Note.list();
  expect([notes, errors?.[0]?.message]).toEqual([[], 'Unauthorized']);
});

it('an access token still opens the API after its person signed out elsewhere, until it expires', async () => {
  const token = (await fetchAuthSession()).tokens?.accessToken.toString() ?? '';
  await signOut({ global: true });
  const answer = await fetch(`${cloud.endpoint}/graphql`, {
    method: 'POST',
    headers: { authorization: token },
    body: JSON.stringify({ query: '{ listNotes { items { title } } }' }),
  });
  expect(await answer.json()).toEqual({ data: { listNotes: { items: [{ title: 'Mine' }] } } });
});
