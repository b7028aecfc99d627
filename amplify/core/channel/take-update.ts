import { AppError } from '../error.ts';
import type { MessageKey } from '../message-row.ts';
import { faultText } from '../text.ts';
import { type ArrivingFiles, acceptMessage } from '../use-cases/accept-message.ts';
import { sendCourier } from '../use-cases/announce.ts';
import { isArriving } from '../use-cases/fetch-files.ts';
import { stopMessage } from '../use-cases/stop-message.ts';
import { draftNumber } from './button-data.ts';
import type { ChannelLink } from './channel-ports.ts';
import { channelTexts } from './channel-text.ts';
import { type ChannelReply, type ChannelUpdate, silent, textReply } from './channel-update.ts';
import type { ChannelUpdatePorts } from './channel-update-ports.ts';
import { runCommand } from './commands.ts';
import { delivery } from './delivery.ts';
import { greetStranger } from './greet-stranger.ts';
import { joinAlbum } from './join-album.ts';
import { waitingIn } from './open-messages.ts';
import { languageOf } from './owner-language.ts';
import { conversationAt } from './place-conversation.ts';
import { takePress } from './take-press.ts';
import { idOfUpdate } from './update-id.ts';

/** An album's parts are told of for a day at most; which message they are is known a while longer, milliseconds. */
const albumMs = 2 * 24 * 60 * 60_000;

type MessageUpdate = Extract<ChannelUpdate, { kind: 'message' }>;

/**
 * Takes one update of a channel and gives what is said at once. It never waits for the agent, and the same update
 * again, also at the same time, leads to the same state. Throws what storage throws: the channel then sends it again.
 */
export async function takeUpdate(ports: ChannelUpdatePorts, update: ChannelUpdate): Promise<ChannelReply> {
  if (update.kind === 'reach') {
    await ports.links.setActive(update.channel, update.sender, update.isReachable);
    return silent;
  }
  if (update.kind === 'halt') return takeHalt(ports, update);
  const { place, sender } = update;
  const link = await ports.links.ofUser(place.channel, sender.id);
  if (update.kind === 'command') return runCommand(ports, update, link);
  if (!link) return update.kind === 'press' ? silent : greetStranger(ports, update);
  if (!link.isActive) await ports.links.setActive(place.channel, sender.id, true);
  if (update.kind === 'press') return takePress(ports, update, link);
  if (update.kind === 'unsupported' || update.kind === 'too-large') {
    if (update.kind === 'unsupported' && !place.isPrivate) return silent;
    const texts = channelTexts[await languageOf(ports, link.owner, sender)];
    const isLarge = update.kind === 'too-large';
    return textReply(place, isLarge ? texts.tooLarge(update.name, update.megabytes) : texts.unsupported);
  }
  return takeMessage(ports, update, link);
}

async function takeMessage(
  ports: ChannelUpdatePorts,
  update: MessageUpdate,
  link: ChannelLink,
): Promise<ChannelReply> {
  const { place, sender } = update;
  const { owner } = link;
  try {
    const conversationId = await conversationAt(ports, update, owner);
    // A group that its owner has not let in.
    if (conversationId === null) return silent;
    const own = { conversationId, id: idOfUpdate(`${place.channel} message`, update) };
    const arriving = arrivingFile(update);
    const key = (arriving && (await albumOf(ports, update, { owner, conversationId }))) ?? own;
    await open(ports, update, { owner, ...key });
    const input = {
      owner,
      ...key,
      text: [update.quote && quoted(update.quote), update.text].filter(Boolean).join('\n\n'),
      channel: place.channel,
    };
    const message =
      arriving && key !== own
        ? await joinAlbum(ports, { ...input, arriving }, own)
        : await acceptMessage(ports, { ...input, arriving });
    // A part that came too late for its album.
    if (key !== own && message.id === own.id) await open(ports, update, { owner, ...own });
    if (isArriving(message)) await ports.fetcher.fetch(owner, message, arriving?.files[0]?.id);
    // A wake has something to show before the agent says a word.
    if (message.status === 'queued') await sendCourier(ports, { ...message, owner });
    return { kind: 'typing', place };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    const { happened, next } = faultText(error.code, await languageOf(ports, owner, sender));
    return textReply(place, `⚠️ ${happened} ${next}`);
  }
}

/** The message of an update's album; undefined for what is in none, or in one of another owner's. */
async function albumOf(
  ports: ChannelUpdatePorts,
  update: MessageUpdate,
  { owner, conversationId }: { owner: string; conversationId: string },
): Promise<MessageKey | undefined> {
  if (!update.album) return undefined;
  const id = idOfUpdate(`${update.place.channel} album`, update);
  const expiresAt = ports.now() + albumMs;
  const entry = { owner, conversationId, id };
  const { owner: of, ...key } = await ports.albums.begin(update.place, update.album, entry, expiresAt);
  return of === owner ? key : undefined;
}

/** The outbox opens before the message is stored: who answers it must find where the answer goes. */
async function open(
  ports: ChannelUpdatePorts,
  update: MessageUpdate,
  key: MessageKey & { owner: string },
): Promise<void> {
  const row = delivery.parse({
    ...key,
    place: update.place,
    replyTo: update.place.isPrivate ? null : update.reference,
    language: await languageOf(ports, key.owner, update.sender),
    createdAt: ports.now(),
    revision: 0,
    attempt: 1,
  });
  await ports.deliveries.open(row, ports.now());
}

/** The file of a message under an id that any replay of its update finds. */
function arrivingFile(update: MessageUpdate): ArrivingFiles | undefined {
  if (!update.file) return undefined;
  const { ref, name, type, size, isVoice } = update.file;
  const id = idOfUpdate(`${update.place.channel} file`, update);
  return {
    files: [{ id, name, type, size, ...(isVoice && { voice: true }), arriving: true }],
    sources: [{ id, ref, caption: update.text }],
  };
}

const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

async function takeHalt(
  ports: ChannelUpdatePorts,
  update: Extract<ChannelUpdate, { kind: 'halt' }>,
): Promise<ChannelReply> {
  const link = await ports.links.ofUser(update.place.channel, update.sender);
  const known = link && (await ports.places.get(update.place));
  if (!link || known?.owner !== link.owner) return silent;
  const open = await waitingIn(ports, link.owner, known.conversationId);
  const halted = open.find(({ id, attempt }) => draftNumber(id, attempt) === update.draft);
  if (halted) await stopMessage(ports, { owner: link.owner, ...halted });
  return silent;
}
