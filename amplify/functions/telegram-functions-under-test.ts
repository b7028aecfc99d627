import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, vi } from 'vitest';
import { startBotApi } from '../../local/app/bot-api/bot-api.ts';
import { ann as annAtTelegram, bot, type minsu } from '../../local/app/bot-api/telegram-under-test.ts';
import { localDeployment } from '../../local/app/synthesise.ts';
import { administratorArn } from '../../local/cloud/iam/administrator.ts';
import { type Attribute, fromAttributes } from '../adapters/dynamo-attribute.ts';
import { telegramParameters } from '../adapters/telegram/client.ts';
import { setWebhook } from '../adapters/telegram/setup.ts';
import { channelTexts } from '../core/channel/channel-text.ts';
import { channelCode, channelView } from '../core/channel/channel-view.ts';
import { type Person, parsed, startWholeCloud, typeOf } from '../data/whole-cloud-under-test.ts';

export const secret = 'the-secret-of-the-webhook';
export const profile = JSON.stringify({ id: bot.id, username: bot.username });

export const soon = <Result>(work: () => Result | Promise<Result>) =>
  vi.waitFor(work, { timeout: 30_000, interval: 100 });

const tables = ['ChannelRow', 'Delivery', 'Message', 'Conversation', 'Agent', 'Allowance'] as const;

/** For tests: our own backend in the local cloud, its bot at the stand-in for the Bot API, two people with accounts. */
export async function startTelegramFunctions() {
  const [whole, api] = await Promise.all([startWholeCloud(), startBotApi({ bot })]);
  const { cloud } = whole;
  const { telegramWebhookUrl: webhookUrl } = cloud.outputs.custom as { telegramWebhookUrl: string };
  const roleArn = administratorArn(cloud.context.accountId);
  const credentials = cloud.context.iam.assumeRole({ roleArn, sessionName: 'operator' });
  const config = { region: 'us-east-1', endpoint: cloud.endpoint, credentials };
  const dynamo = new DynamoDBClient(config);
  const ssm = new SSMClient(config);
  const prefix = `/serverless-openclaw/${localDeployment.namespace}-${localDeployment.name}`;

  /** What an operator stores below the deployment's prefix. */
  const put = (name: string, Value: string) =>
    ssm.send(
      new PutParameterCommand({ Name: `${prefix}${name}`, Type: 'SecureString', Overwrite: true, Value }),
    );
  await put(telegramParameters.bot, JSON.stringify({ token: bot.token, apiRoot: api.url }));
  await put(telegramParameters.secret, secret);
  await put(telegramParameters.profile, profile);
  await setWebhook({ token: bot.token, apiRoot: api.url }, webhookUrl, secret);
  const ann = await whole.signUpPerson('ann@example.com');
  const bob = await whole.signUpPerson('bob@example.com');

  /** A table's rows, of everybody or of one person. */
  const rowsOf = async (model: string, person?: Person): Promise<Record<string, unknown>[]> => {
    const TableName = whole.nameOf('Custom::AmplifyDynamoDBTable', `${model}Table`);
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName, ConsistentRead: true }));
    const rows = Items.map((item) => fromAttributes(item as Record<string, Attribute>));
    return person ? rows.filter(({ owner }) => owner === person.sub) : rows;
  };

  // Far from the numbers of the stand-in's own updates.
  let lastUpdate = 1_000;
  /** An update in which somebody says something in their private chat. */
  const saying = (text: string, who: typeof minsu = annAtTelegram): string => {
    lastUpdate += 1;
    const length = text.split(' ')[0]?.length;
    const message = {
      message_id: lastUpdate,
      date: Math.floor(Date.now() / 1000),
      chat: { id: who.id, type: 'private', first_name: who.first_name },
      from: { ...who, is_bot: false },
      text,
      entities: text.startsWith('/') ? [{ type: 'bot_command', offset: 0, length }] : [],
    };
    return JSON.stringify({ update_id: lastUpdate, message });
  };
  /** What somebody posts to the webhook's address; with Telegram's secret, if `headers` don't say otherwise. */
  const post = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
    method = 'POST',
  ) =>
    fetch(webhookUrl, {
      method,
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret, ...headers },
      ...(method === 'POST' && { body }),
    });

  const ask = async (person: Person, field: string, query: string): Promise<unknown> => {
    const answer = await whole.ask(person, query);
    expect(typeOf(answer)).toBe('no error');
    return parsed(answer.data?.[field]);
  };
  const makeCode = async (person: Person) =>
    channelCode.parse(
      await ask(person, 'makeChannelCode', 'mutation { makeChannelCode(channel: "telegram") }'),
    );

  return {
    ...{ whole, api, ann, bob, put, rowsOf, saying, post, makeCode },
    everyRow: async () => JSON.stringify(await Promise.all(tables.map((model) => rowsOf(model)))),
    /** Everything that people did so far is with the app. */
    taken: () => soon(() => expect(api.queue.webhookInfo()).toMatchObject({ pending_update_count: 0 })),
    channelOf: async (person: Person) => {
      const [view] = (await ask(person, 'channels', '{ channels }')) as unknown[];
      return channelView.parse(view);
    },
    unlink: async (person: Person) =>
      channelView.parse(
        await ask(person, 'unlinkChannel', 'mutation { unlinkChannel(channel: "telegram") }'),
      ),
    async link(person: Person, who: typeof minsu = annAtTelegram): Promise<void> {
      const { code } = await makeCode(person);
      const reply = (await (await post(saying(`/start ${code}`, who))).json()) as { text: string };
      const texts = channelTexts[who.language_code === 'ko' ? 'ko' : 'en'];
      expect(reply.text).toContain(texts.linked(who.first_name).split('\n')[0]);
    },
    async close() {
      await api.close();
      await whole.close();
    },
  };
}

export type TelegramFunctions = Awaited<ReturnType<typeof startTelegramFunctions>>;
