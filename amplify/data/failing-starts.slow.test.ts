import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Amplify } from 'aws-amplify';
import { confirmSignUp, fetchAuthSession, signIn, signOut, signUp } from 'aws-amplify/auth';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { synthesise } from '../../local/app/synthesise.ts';
import { type Cloud, startCloud } from '../../local/cloud/cloud.ts';
import { type Message, message } from '../core/message.ts';

/** The whole backend, where tasks can't start: what a person gets to see, and that a Retry heals it. */
const folder = mkdtempSync(join(tmpdir(), 'failing-starts-'));
const password = 'correct Horse 9 battery';
const stays = 'setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(0))';
const mails: string[] = [];
let cloud: Cloud;
let token: string;
/** What the next task runs. */
let script: string;

beforeAll(async () => {
  await synthesise(join(folder, 'cdk.out'));
  cloud = await startCloud({
    assemblyDirectory: join(folder, 'cdk.out'),
    dataDirectory: join(folder, 'data'),
    port: 0,
    corsOrigins: [],
    deliverMail: ({ text }) => mails.push(text),
    log: () => {},
    imageFor: async () => ({ command: [process.execPath, '-e', script], cwd: folder, env: {} }),
    graceSeconds: 5,
  });
  const configuration = parseAmplifyConfig(cloud.outputs as never);
  const cognito = configuration.Auth?.Cognito;
  if (!cognito) throw new Error('The outputs have no user pool');
  Object.assign(cognito, { userPoolEndpoint: cloud.endpoint, identityPoolEndpoint: cloud.endpoint });
  Amplify.configure(configuration);
});

// Each test has its own person, and with it its own agent.
beforeEach(async () => {
  script = stays;
  cloud.ecs.setCapacity({ FARGATE: 'available', FARGATE_SPOT: 'available' });
  const username = `${v7()}@example.com`;
  await signUp({ username, password, options: { userAttributes: { email: username } } });
  await confirmSignUp({ username, confirmationCode: /\d{6}/.exec(mails.at(-1) ?? '')?.[0] ?? '' });
  await signIn({ username, password });
  token = (await fetchAuthSession()).tokens?.accessToken.toString() ?? '';
  await signOut();
});

afterAll(async () => {
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(query: string, variables: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${cloud.endpoint}/graphql`, {
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** AWSJSON, which a function's own JSON text makes twice encoded. */
function rowOf(value: unknown): Message {
  let row = value;
  for (let depth = 0; typeof row === 'string' && depth < 2; depth += 1) row = JSON.parse(row);
  return message.parse(row);
}

async function sendHello(): Promise<{ conversationId: string; id: string; row: Message }> {
  const [conversationId, id] = [v7(), v7()];
  await ask(
    'mutation ($id: String!) { createConversation(id: $id, title: "") { owner kind conversationId messageId body } }',
    { id: conversationId },
  );
  const { sendMessage } = await ask(
    'mutation ($conversationId: String!, $id: String!) { sendMessage(conversationId: $conversationId, id: $id, text: "Hello?") }',
    { conversationId, id },
  );
  return { conversationId, id, row: rowOf(sendMessage) };
}

const read = async ({ conversationId, id }: { conversationId: string; id: string }): Promise<Message> => {
  const query =
    'query ($conversationId: String!, $id: String!) { message(conversationId: $conversationId, id: $id) }';
  return rowOf((await ask(query, { conversationId, id })).message);
};

const retry = async ({ conversationId, id }: { conversationId: string; id: string }): Promise<Message> => {
  const query =
    'mutation ($conversationId: String!, $id: String!) { retryMessage(conversationId: $conversationId, id: $id, attempt: 1) }';
  return rowOf((await ask(query, { conversationId, id })).retryMessage);
};

const agentState = async (): Promise<string> => {
  const { agent } = await ask('{ agent }', {});
  return JSON.parse(typeof agent === 'string' ? agent : JSON.stringify(agent)).state;
};

const running = () => cloud.ecs.tasks().filter(({ lastStatus }) => lastStatus === 'RUNNING').length;

test('without capacity a message is failed at once, its text kept, and a Retry is taken when there is some', async () => {
  cloud.ecs.setCapacity({ FARGATE: 'none', FARGATE_SPOT: 'none' });
  const sent = await sendHello();
  expect(sent.row).toMatchObject({ status: 'failed', text: 'Hello?', error: { code: 'task.no_capacity' } });
  expect(await agentState()).toBe('failed');
  expect(cloud.ecs.tasks()).toEqual([]);

  cloud.ecs.setCapacity({ FARGATE: 'available', FARGATE_SPOT: 'available' });
  expect(await retry(sent)).toMatchObject({ status: 'queued', attempt: 2, text: 'Hello?' });
  await vi.waitFor(() => expect(running()).toBe(1), { timeout: 20_000, interval: 200 });
});

test('capacity that is missed only after RunTask was accepted fails the message too', async () => {
  cloud.ecs.setCapacity({ FARGATE: 'stops-at-start', FARGATE_SPOT: 'stops-at-start' });
  const sent = await sendHello();
  await vi.waitFor(
    async () =>
      expect(await read(sent)).toMatchObject({
        status: 'failed',
        text: 'Hello?',
        error: { code: 'task.no_capacity' },
      }),
    { timeout: 30_000, interval: 250 },
  );
});

test('a container that ends before it serves is started three times, then the message is failed and can be retried', async () => {
  script = 'process.exit(1)';
  const before = running();
  const sent = await sendHello();
  await vi.waitFor(
    async () =>
      expect(await read(sent)).toMatchObject({
        status: 'failed',
        text: 'Hello?',
        attempt: 1,
        error: { code: 'agent.start_failed' },
      }),
    { timeout: 60_000, interval: 250 },
  );
  expect(await agentState()).toBe('failed');

  script = stays;
  expect(await retry(sent)).toMatchObject({ status: 'queued', attempt: 2 });
  await vi.waitFor(() => expect(running()).toBe(before + 1), { timeout: 20_000, interval: 200 });
});
