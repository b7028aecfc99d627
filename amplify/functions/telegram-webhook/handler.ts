import { createHash, timingSafeEqual } from 'node:crypto';
import type { Update } from 'grammy/types';
import { dynamoAlbums } from '../../adapters/dynamo-albums.ts';
import { dynamoLinks, dynamoPlaces } from '../../adapters/dynamo-channels.ts';
import { dynamoDeliveries } from '../../adapters/dynamo-deliveries.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { lambdaFileFetcher } from '../../adapters/lambda-file-fetcher.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import { telegramParameters } from '../../adapters/telegram/client.ts';
import { readBotProfile } from '../../adapters/telegram/open.ts';
import { readUpdate } from '../../adapters/telegram/read-update.ts';
import { telegramTitles } from '../../adapters/telegram/titles.ts';
import { webhookReply } from '../../adapters/telegram/webhook-reply.ts';
import type { ChannelUpdatePorts } from '../../core/channel/channel-update-ports.ts';
import { takeUpdate } from '../../core/channel/take-update.ts';
import { parseEnvironment, webhookEnvironment } from '../environment.ts';
import { log } from '../log.ts';
import { messagePorts } from '../ports.ts';
import { keptParameter } from './kept-parameter.ts';

const environment = parseEnvironment(webhookEnvironment, process.env);
const document = dynamoDocument();
const parameters = ssmParameters(environment.PARAMETER_PREFIX);
const sha256 = (text: string) => createHash('sha256').update(text).digest();
const ports: ChannelUpdatePorts = {
  ...messagePorts(environment, document),
  links: dynamoLinks(document, environment.CHANNEL_TABLE),
  albums: dynamoAlbums(document, environment.CHANNEL_TABLE),
  places: dynamoPlaces(document, environment.CHANNEL_TABLE),
  deliveries: dynamoDeliveries(document, environment.DELIVERY_TABLE),
  // What comes by a channel has been uploaded by nobody.
  files: { find: async () => null, keep: async () => {} },
  fetcher: lambdaFileFetcher(environment.RECEIVE_FUNCTION),
  hash: (text) => sha256(text).toString('hex'),
  titles: telegramTitles,
};
const secret = keptParameter(() => parameters.get(telegramParameters.secret), Date.now);
const profile = keptParameter(() => readBotProfile(parameters), Date.now);

/** An update is a few kilobytes; bytes. */
const maxBytes = 256 * 1024;

interface UrlEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext?: { readonly http?: { readonly method?: string } };
}
const reply = (statusCode: number, body: object | null = null) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: body === null ? '' : JSON.stringify(body),
});

/** In constant time, whatever the lengths. */
const isSame = (given: string, known: string): boolean => timingSafeEqual(sha256(given), sha256(known));

/**
 * Takes Telegram's updates. Who does not know the secret learns nothing and costs nothing; nothing of what they send
 * is parsed. What can't be stored is answered with 503, so that Telegram sends it again.
 */
export const handler = async (event: UrlEvent) => {
  try {
    const given = event.headers?.['x-telegram-bot-api-secret-token'] ?? '';
    const known = await secret.get();
    if (known === null) return reply(404);
    // It may have been rotated since it was read.
    if (!isSame(given, known) && !isSame(given, (await secret.again()) ?? known)) return reply(401);
    if (event.requestContext?.http?.method !== 'POST') return reply(405);
    return await take(event);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log({ level: 'error', what: 'update-failed', error: message });
    return reply(503);
  }
};

async function take({ body = '', isBase64Encoded = false }: UrlEvent) {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  if (Buffer.byteLength(text) > maxBytes) return reply(413);
  const bot = await profile.get();
  if (bot === null) return reply(404);
  let update: ReturnType<typeof readUpdate>;
  try {
    update = readUpdate(JSON.parse(text) as Update, bot);
  } catch {
    // Sending it again would not make it readable.
    log({ level: 'error', what: 'update-unreadable', bytes: text.length });
    return reply(200);
  }
  return update ? reply(200, webhookReply(await takeUpdate(ports, update))) : reply(200);
}
