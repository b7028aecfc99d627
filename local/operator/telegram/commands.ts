import { type BotAccess, botAccess } from '../../../amplify/adapters/telegram/client.ts';
import {
  describeBot,
  removeWebhook,
  setWebhook,
  webhookState,
  whoIs,
} from '../../../amplify/adapters/telegram/setup.ts';
import { ChannelFault } from '../../../amplify/core/channel/channel-ports.ts';
import { Fault } from '../../app/bootstrap/fault.mjs';
import type { Clients } from '../clients.ts';
import type { Dialogue } from '../dialogue.ts';
import { newSecret, readAccess, removeAll, store } from './bot-parameters.ts';

/** A deployment, as far as its bot needs it. */
export interface BotDeployment {
  readonly id: string;
  readonly webhookUrl: string;
}

interface World {
  readonly ssm: Clients['ssm'];
  readonly deployment: BotDeployment;
  readonly dialogue: Dialogue;
  /** Where the Bot API answers, if it is not Telegram's own. */
  readonly apiRoot?: string | undefined;
}

const notSetUp = () =>
  new Fault('This deployment has no Telegram bot.', 'Set one up: npm run telegram -- setup');

/** What a fault of the Bot API means for the person at the keyboard. Its text never holds the token. */
function told(error: unknown): never {
  if (!(error instanceof ChannelFault)) throw error;
  if (/ 401 | 404 /.test(error.message))
    throw new Fault('Telegram does not know this token.', 'Copy it again from @BotFather, all of it.');
  if (error.kind === 'unreachable')
    throw new Fault('Telegram could not be reached.', 'Check the connection and run this again.');
  throw new Fault(
    `Telegram refused: ${error.message}`,
    'If it is not clear what to do, look at docs/deploy.md.',
  );
}

/** Registers the webhook under a new secret. The secret is stored first: an update signed with it must not be refused. */
async function register({ ssm, deployment }: World, access: BotAccess): Promise<void> {
  const secret = newSecret();
  await store(ssm, deployment, 'secret', secret);
  await setWebhook(access, deployment.webhookUrl, secret).catch(told);
}

/** What an operator does with the deployment's bot, by name. Each may be run again. */
export const botCommands: Readonly<Record<string, (world: World) => Promise<void>>> = {
  async setup(world) {
    const { ssm, deployment, dialogue, apiRoot } = world;
    dialogue.say('Talk to @BotFather in Telegram: /newbot gives a token.');
    const token = await dialogue.ask('Token (it is not shown)', {
      secret: true,
      check: (answer) => botAccess.shape.token.safeParse(answer).error?.issues[0]?.message,
    });
    const access = botAccess.parse({ token, ...(apiRoot && { apiRoot }) });
    const profile = await whoIs(access).catch(told);
    await store(ssm, deployment, 'bot', JSON.stringify(access));
    await store(ssm, deployment, 'profile', JSON.stringify(profile));
    await register(world, access);
    await describeBot(access).catch(told);
    dialogue.say(
      `  ✓ @${profile.username} talks for ${deployment.id}. People connect in the web app: Settings → Telegram.`,
    );
  },

  async rotate(world) {
    const access = (await readAccess(world.ssm, world.deployment)) ?? raise(notSetUp());
    await register(world, access);
    world.dialogue.say('  ✓ Telegram signs with a new secret. Updates that were on their way come again.');
  },

  async status({ ssm, deployment, dialogue }) {
    const access = (await readAccess(ssm, deployment)) ?? raise(notSetUp());
    const { username } = await whoIs(access).catch(told);
    const { url, waiting, lastError } = await webhookState(access).catch(told);
    dialogue.say(`  Bot        @${username}`);
    dialogue.say(
      `  Webhook    ${url === deployment.webhookUrl ? 'registered' : url ? `elsewhere: ${url}` : 'none'}`,
    );
    dialogue.say(`  Waiting    ${waiting} updates`);
    if (lastError) dialogue.say(`  Last error ${lastError}`);
    if (url !== deployment.webhookUrl)
      throw new Fault('Telegram does not call this deployment.', 'npm run telegram -- rotate');
  },

  async remove({ ssm, deployment, dialogue }) {
    const access = (await readAccess(ssm, deployment)) ?? raise(notSetUp());
    await removeWebhook(access).catch(told);
    await removeAll(ssm, deployment);
    dialogue.say(
      '  ✓ The bot is disconnected, and its token is no longer stored here. /revoke at @BotFather ends it everywhere.',
    );
  },
};

function raise(error: Error): never {
  throw error;
}
