import { randomBytes } from 'node:crypto';
import { type BotAccess, botAccess, telegramParameters } from '../../../amplify/adapters/telegram/client.ts';
import { describeBot, setWebhook, webhookState, whoIs } from '../../../amplify/adapters/telegram/setup.ts';
import { ChannelFault } from '../../../amplify/core/channel/channel-ports.ts';
import { Fault } from '../bootstrap/fault.mjs';
import { startBotApi } from '../bot-api/bot-api.ts';
import { chatPage } from '../bot-api/chat-page.ts';
import { listenNear } from '../ports.ts';
import { type Poller, pollUpdates } from './poller.ts';

/** The Telegram side of a local app. */
export interface LocalTelegram {
  /** Where people chat: the stand-in's page, or the real bot's. */
  readonly url: string;
  /** What the deployment's parameters hold, by name below its prefix. */
  readonly parameters: ReadonlyMap<string, { type: 'String' | 'SecureString'; value: string }>;
  /** Has updates sent to the webhook of the cloud. */
  connect(webhookUrl: string): Promise<void>;
  close(): Promise<void>;
}

const standIn = {
  id: 7_000_000_001,
  username: 'local_claw_bot',
  first_name: 'Claw',
};

const parametersOf = (access: BotAccess, profile: object, secret: string): LocalTelegram['parameters'] =>
  new Map([
    [telegramParameters.bot, { type: 'SecureString', value: JSON.stringify(access) }],
    [telegramParameters.profile, { type: 'String', value: JSON.stringify(profile) }],
    [telegramParameters.secret, { type: 'SecureString', value: secret }],
  ]);

/** With a stand-in for Telegram on this machine: a chat page near `port`, and the API behind it. */
export async function startStandIn(port: number): Promise<LocalTelegram> {
  const bot = { ...standIn, token: `${standIn.id}:${randomBytes(32).toString('hex')}` };
  const api = await listenNear(port, (at) => startBotApi({ bot, port: at, pages: chatPage }));
  const secret = randomBytes(32).toString('base64url');
  const access = { token: bot.token, apiRoot: api.url };
  const { id, username } = bot;
  return {
    url: `${api.url}/chat/${username}`,
    parameters: parametersOf(access, { id, username, linkRoot: `${api.url}/chat` }, secret),
    async connect(webhookUrl) {
      await setWebhook(access, webhookUrl, secret);
      await describeBot(access);
    },
    close: () => api.close(),
  };
}

/**
 * With a real bot: Telegram can't call this machine, so its updates are fetched and handed to the webhook here. Throws a
 * Fault for a token that Telegram does not know, and for a bot that talks for another deployment: its messages would be
 * taken from there. `report` is told what goes wrong later.
 */
export async function startRealBot(
  given: { readonly token: string; readonly apiRoot?: string | undefined },
  report: (fault: string) => void,
): Promise<LocalTelegram> {
  const parsed = botAccess.safeParse(given);
  const remedy = 'Copy it again from @BotFather, or unset TELEGRAM_BOT_TOKEN for a stand-in on this machine.';
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw issue?.path[0] === 'token'
      ? new Fault('TELEGRAM_BOT_TOKEN is no token of @BotFather.', remedy)
      : new Fault('TELEGRAM_API_ROOT is no address.', 'Give one such as http://127.0.0.1:8081, or unset it.');
  }
  const access = parsed.data;
  const profile = await whoIs(access).catch((error: unknown) => {
    throw error instanceof ChannelFault && error.kind === 'refused'
      ? new Fault('Telegram does not know the token in TELEGRAM_BOT_TOKEN.', remedy)
      : new Fault(
          'Telegram was not reached.',
          'Check the connection, or unset TELEGRAM_BOT_TOKEN for a stand-in on this machine.',
        );
  });
  const { url } = await webhookState(access);
  if (url !== '') {
    throw new Fault(
      `@${profile.username} talks for another deployment already (${URL.parse(url)?.host ?? url}).`,
      'Use a bot of its own here (@BotFather: /newbot), or end that one: npm run telegram -- remove',
    );
  }
  const secret = randomBytes(32).toString('base64url');
  let poller: Poller | undefined;
  return {
    url: `https://t.me/${profile.username}`,
    parameters: parametersOf(access, profile, secret),
    async connect(webhookUrl) {
      await describeBot(access);
      poller = pollUpdates(access, { webhookUrl, secret }, report);
    },
    close: async () => poller?.stop(),
  };
}
