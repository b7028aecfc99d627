import {
  DeleteParametersCommand,
  type GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BotApi, startBotApi } from '../../app/bot-api/bot-api.ts';
import { bot } from '../../app/bot-api/telegram-under-test.ts';
import type { Clients } from '../clients.ts';
import { botCommands } from './commands.ts';

let api: BotApi;
const parameters = new Map<string, { type: string; value: string }>();
const said: string[] = [];
const prefix = '/serverless-openclaw/app-main/telegram';
const deployment = { id: 'app-main', webhookUrl: 'https://abc.lambda-url.us-east-1.on.aws/' };

/** A parameter store that answers the three calls. */
const ssm = {
  async send(command: unknown) {
    if (command instanceof PutParameterCommand) {
      const { Name = '', Value = '', Type = '' } = command.input;
      parameters.set(Name, { type: Type, value: Value });
      return {};
    }
    if (command instanceof DeleteParametersCommand) {
      for (const name of command.input.Names ?? []) parameters.delete(name);
      return {};
    }
    const found = parameters.get((command as GetParameterCommand).input.Name ?? '');
    if (!found) throw new ParameterNotFound({ message: '', $metadata: {} });
    return { Parameter: { Value: found.value } };
  },
} as unknown as Clients['ssm'];

const run = (name: string, answer = bot.token) =>
  botCommands[name]?.({
    ssm,
    deployment,
    apiRoot: api.url,
    dialogue: {
      ask: async (_question, { check } = {}) => {
        const complaint = check?.(answer);
        if (complaint) throw new Error(complaint);
        return answer;
      },
      say: (line) => void said.push(line),
      close: () => {},
    },
  });

beforeEach(async () => {
  parameters.clear();
  said.length = 0;
  api = await startBotApi({ bot });
});
afterEach(() => api.close());

test('setup stores the token encrypted, registers the webhook with a secret, and speaks both languages', async () => {
  await run('setup');
  expect(parameters.get(`${prefix}/bot`)).toMatchObject({ type: 'SecureString' });
  expect(JSON.parse(parameters.get(`${prefix}/profile`)?.value ?? '')).toEqual({
    id: bot.id,
    username: bot.username,
  });
  const registered = api.calls.find(({ method }) => method === 'setWebhook')?.input;
  expect(registered).toMatchObject({
    url: deployment.webhookUrl,
    allowed_updates: ['message', 'callback_query', 'my_chat_member', 'stopped_message_generation'],
  });
  expect(registered?.secret_token).toBe(parameters.get(`${prefix}/webhook-secret`)?.value);
  const { commands, descriptions, shortDescriptions } = api.queue.profile;
  const names = commands.get('default')?.map(({ command }) => command);
  expect(names).toEqual(['new', 'stop', 'status', 'model', 'usage', 'link', 'unlink', 'help']);
  expect(commands.get('default ko')?.map(({ command }) => command)).toEqual(names);
  for (const { description } of commands.get('default ko') ?? []) expect(description).toMatch(/[가-힣]/);
  expect([...descriptions.keys(), ...shortDescriptions.keys()]).toEqual(['', 'ko', '', 'ko']);
  expect(said.join()).not.toContain(bot.token);
});

test('rotate registers another secret, and status says whether Telegram calls here', async () => {
  await run('setup');
  const before = parameters.get(`${prefix}/webhook-secret`)?.value;
  await run('rotate');
  const after = parameters.get(`${prefix}/webhook-secret`)?.value;
  expect(after).not.toBe(before);
  expect(api.calls.findLast(({ method }) => method === 'setWebhook')?.input.secret_token).toBe(after);
  await run('status');
  expect(said.join('\n')).toContain('registered');
});

test('remove takes the webhook away and everything that was stored', async () => {
  await run('setup');
  await run('remove');
  expect(parameters.size).toBe(0);
  expect(api.queue.webhookInfo()).toMatchObject({ url: '' });
  await expect(run('status')).rejects.toThrow('has no Telegram bot');
});

test('a token that is none, or that Telegram does not know, stores nothing', async () => {
  await expect(run('setup', 'abc')).rejects.toThrow(/no token/);
  await expect(run('setup', `1:${'B'.repeat(35)}`)).rejects.toThrow('Telegram does not know this token');
  expect(parameters.size).toBe(0);
});
