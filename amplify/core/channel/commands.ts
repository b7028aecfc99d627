import type { Language } from '../language.ts';
import { announce } from '../use-cases/announce.ts';
import { stopMessage } from '../use-cases/stop-message.ts';
import type { ChannelLink } from './channel-ports.ts';
import { type ChannelCommand, type ChannelTexts, channelTexts } from './channel-text.ts';
import { type ChannelReply, type ChannelUpdate, silent, textReply } from './channel-update.ts';
import type { ChannelUpdatePorts } from './channel-update-ports.ts';
import { greetStranger } from './greet-stranger.ts';
import { maxTries, strangerMs } from './link-codes.ts';
import { waitingIn } from './open-messages.ts';
import { languageOf } from './owner-language.ts';
import { beginConversation } from './place-conversation.ts';
import { statusReport, usageReport } from './report.ts';

type CommandUpdate = Extract<ChannelUpdate, { kind: 'command' }>;

interface Known {
  readonly ports: ChannelUpdatePorts;
  readonly update: CommandUpdate;
  readonly link: ChannelLink;
  readonly language: Language;
  readonly texts: ChannelTexts;
}

/** What linked people may say. */
const commands: Record<ChannelCommand | 'start', (known: Known) => Promise<string>> = {
  start: async ({ update, texts }) => (update.argument ? texts.linkedAlready : texts.help),
  help: async ({ texts }) => texts.help,

  new: async ({ ports, update, link, texts }) => {
    if (!(await isLetIn(ports, update, link))) return texts.groupNotLetIn;
    await beginConversation(ports, update, link.owner, { gone: null, isNewer: true });
    return texts.newConversation;
  },

  stop: async ({ ports, update, link, texts }) => {
    const known = await ports.places.get(update.place);
    if (known?.owner !== link.owner) return texts.nothingRuns;
    const open = await waitingIn(ports, link.owner, known.conversationId);
    for (const key of open) await stopMessage(ports, { owner: link.owner, ...key });
    return open.length > 0 ? texts.stopping : texts.nothingRuns;
  },

  // What it costs is nobody's business in a group.
  status: ({ ports, update, link, language }) =>
    statusReport(ports, link.owner, language, { withCost: update.place.isPrivate }),

  model: async ({ ports, link, texts }) => {
    const { model, provider } = await ports.settings.get(link.owner);
    return model ? texts.model(model, provider ?? null) : texts.modelDefault;
  },

  usage: async ({ ports, update, link, language, texts }) =>
    update.place.isPrivate ? usageReport(ports, link.owner, language) : texts.inPrivate,

  link: async ({ ports, update, link, texts }) => {
    if (update.place.isPrivate) return texts.linkedAlready;
    // In a group: its owner lets the agent in, with a conversation of its own; who is there first stays.
    const known = await ports.places.get(update.place);
    if (known?.owner === link.owner) return texts.groupLinked;
    if (known && (await ports.links.ofOwner(link.channel, known.owner))) return texts.groupTaken;
    await beginConversation(ports, update, link.owner, { gone: null, isNewer: false });
    return texts.groupLinked;
  },

  unlink: async ({ ports, update, link, texts }) => {
    if (!update.place.isPrivate) {
      if (!(await isLetIn(ports, update, link))) return texts.groupNotLetIn;
      await ports.places.remove(update.place);
      return texts.groupUnlinked;
    }
    await ports.links.unlink(update.place.channel, link.owner);
    await announce(ports, link.owner, { kind: 'channels.changed' });
    return texts.unlinked;
  },
};

/** Runs a command. Somebody unknown can link, and nothing else. */
export async function runCommand(
  ports: ChannelUpdatePorts,
  update: CommandUpdate,
  link: ChannelLink | null,
): Promise<ChannelReply> {
  const { place, sender, name } = update;
  if (!link) return runForStranger(ports, update);
  const language = await languageOf(ports, link.owner, sender);
  const texts = channelTexts[language];
  const run = Object.hasOwn(commands, name) ? commands[name as ChannelCommand] : undefined;
  // Groups have other bots with commands of their own.
  if (!run) return place.isPrivate ? textReply(place, texts.unknownCommand) : silent;
  return textReply(place, await run({ ports, update, link, language, texts }));
}

async function runForStranger(ports: ChannelUpdatePorts, update: CommandUpdate): Promise<ChannelReply> {
  const { place, sender, argument } = update;
  const isLinking = (update.name === 'start' || update.name === 'link') && argument !== '';
  if (!isLinking || !place.isPrivate) return greetStranger(ports, update);
  const texts = channelTexts[sender.language];
  // Counted before the code is looked at: tries side by side count too.
  const until = ports.now() + strangerMs;
  if ((await ports.links.countStranger(place.channel, sender.id, 'try', until)) > maxTries) return silent;
  const made = await ports.links.linkByCode(ports.hash(argument), ports.now(), {
    channel: place.channel,
    userId: sender.id,
    name: sender.name,
    language: sender.language,
    linkedAt: new Date(ports.now()).toISOString(),
    isActive: true,
  });
  if (!made) return textReply(place, texts.codeUnknown(ports.titles[sender.language]));
  const { owner } = made;
  ports.log({ level: 'info', what: 'channel-linked', channel: place.channel, owner: ports.ownerHash(owner) });
  await announce(ports, owner, { kind: 'channels.changed' });
  return textReply(place, texts.linked(sender.name));
}

const isLetIn = async (ports: ChannelUpdatePorts, { place }: CommandUpdate, link: ChannelLink) =>
  place.isPrivate || (await ports.places.get(place))?.owner === link.owner;
