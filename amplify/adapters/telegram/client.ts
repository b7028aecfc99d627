// The build on the platform's own fetch: the other one's does not survive being minified.
import { Api, GrammyError, HttpError } from 'grammy/web';
import * as z from 'zod';
import { ChannelFault } from '../../core/channel/channel-ports.ts';

/** SSM parameters below the deployment's prefix. `npm run telegram` writes them. */
export const telegramParameters = {
  /** SecureString, `botAccess` as JSON: read by the function that delivers. */
  bot: '/telegram/bot',
  /** SecureString: what Telegram sends in a header with each update. Read by the webhook. */
  secret: '/telegram/webhook-secret',
  /** String, `botProfile` as JSON. */
  profile: '/telegram/profile',
} as const;

/** How to reach the bot. `apiRoot` names a Bot API server of one's own. */
export const botAccess = z.object({
  token: z.string().regex(/^\d+:[\w-]{30,}$/, 'is no token of @BotFather'),
  apiRoot: z.url({ protocol: /^https?$/ }).default('https://api.telegram.org'),
});
export type BotAccess = z.output<typeof botAccess>;

export const botProfile = z.object({
  id: z.number().int(),
  username: z.string().regex(/^\w{3,40}$/),
  /** Where a bot's name leads to its chat; another address where t.me is not reached, or for a stand-in. */
  linkRoot: z.url({ protocol: /^https?$/ }).default('https://t.me'),
});
export type BotProfile = z.output<typeof botProfile>;

/** Longest time that one call may take, seconds: well below the functions' own. */
const timeoutSeconds = 10;

export const telegramApi = ({ token, apiRoot }: BotAccess, seconds = timeoutSeconds): Api =>
  new Api(token, { apiRoot, timeoutSeconds: seconds, sensitiveLogs: false });

/** The same for a call that carries a file: none is begun later than five seconds into a function of thirty. */
export const uploadSeconds = 20;

/** Runs a call and tells a fault of Telegram's from one on the way. grammY's errors hold the text that was sent: they go no further. */
export async function calling<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GrammyError) throw faultOf(error);
    if (error instanceof HttpError) throw new ChannelFault('unreachable', `${error.message}`);
    throw error;
  }
}

function faultOf({ error_code, description, method, parameters }: GrammyError): ChannelFault {
  const message = `${method}: ${error_code} ${description}`;
  if (error_code === 429) {
    return new ChannelFault('busy', message, { retryAfterMs: (parameters.retry_after ?? 1) * 1000 });
  }
  if (error_code === 403) return new ChannelFault('closed', message);
  if (error_code >= 500) return new ChannelFault('unreachable', message);
  return new ChannelFault('refused', message);
}
