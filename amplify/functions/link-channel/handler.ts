import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { channelAddress, channelNames } from '../../adapters/channels.ts';
import { dynamoLinks } from '../../adapters/dynamo-channels.ts';
import { dynamoDocument } from '../../adapters/dynamo-document.ts';
import { ssmParameters } from '../../adapters/ssm.ts';
import type { ChannelCode, ChannelView } from '../../core/channel/channel-view.ts';
import { makeCode } from '../../core/channel/link-codes.ts';
import { AppError } from '../../core/error.ts';
import { announce } from '../../core/use-cases/announce.ts';
import { linkEnvironment, parseEnvironment } from '../environment.ts';
import { answering } from '../fault.ts';
import { log, ownerHash } from '../log.ts';
import { publisherOf } from '../ports.ts';
import { aboutUserEvent, readUserEvent } from '../user-event.ts';

const environment = parseEnvironment(linkEnvironment, process.env);
const parameters = ssmParameters(environment.PARAMETER_PREFIX);
const links = dynamoLinks(dynamoDocument(), environment.CHANNEL_TABLE);
const ports = { publisher: publisherOf(environment.GRAPHQL_URL), log, ownerHash };
const codes = {
  links,
  now: Date.now,
  hash: (text: string) => createHash('sha256').update(text).digest('hex'),
  randomCode: () => randomBytes(16).toString('base64url'),
};

const field = z.object({ fieldName: z.enum(['channels', 'makeChannelCode', 'unlinkChannel']) });
const named = z.object({ channel: z.string() });

async function viewOf(owner: string, channel: string): Promise<ChannelView> {
  const [address, link] = await Promise.all([
    channelAddress(channel, parameters),
    links.ofOwner(channel, owner),
  ]);
  return {
    channel,
    address: address?.name ?? null,
    link: link && { name: link.name, linkedAt: link.linkedAt, isActive: link.isActive },
  };
}

async function codeFor(owner: string, channel: string): Promise<ChannelCode> {
  const address = await channelAddress(channel, parameters);
  if (!address) throw new AppError('channel.not_set_up', { detail: channel.slice(0, 20) });
  const { code, expiresAt } = await makeCode(codes, { owner, channel });
  return { url: address.linkWith(code), code, expiresAt };
}

/** The user's own links: what there is, a code for a new one, an end of one. */
export const handler = answering(log, aboutUserEvent, async (event: unknown) => {
  const parsed = field.safeParse(event);
  if (!parsed.success) throw new AppError('internal', { detail: 'no field of this function' });
  if (parsed.data.fieldName === 'channels') {
    const { owner } = readUserEvent(event, z.object({}));
    return Promise.all(channelNames.map((name) => viewOf(owner, name)));
  }
  const { owner, channel } = readUserEvent(event, named);
  if (parsed.data.fieldName === 'makeChannelCode') return codeFor(owner, channel);
  await links.unlink(channel, owner);
  await announce(ports, owner, { kind: 'channels.changed' });
  return viewOf(owner, channel);
});
