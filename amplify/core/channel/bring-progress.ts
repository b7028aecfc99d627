import { type WakePhase, wakePhases } from '../agent.ts';
import { viewOf } from '../agent-view.ts';
import type { Message } from '../message.ts';
import { partialButtons, partialText } from './answer-text.ts';
import { approvalButtons, draftNumber, fingerprint } from './button-data.ts';
import { type Channel, ChannelFault, waitingApproval } from './channel-ports.ts';
import { channelTexts } from './channel-text.ts';
import type { DeliverPorts, Held } from './deliver.ts';
import type { DeliverResult } from './deliver-result.ts';

/** Shows how far a message is that is not final: the wake, the question whether a command may run, the answer so far. */
export async function bringProgress(
  ports: DeliverPorts,
  channel: Channel,
  held: Held,
  message: Message,
  phase?: WakePhase,
): Promise<DeliverResult> {
  const { place } = held.row;
  const { everyMs, typingMs, draftMs } = channel.pace(place);
  const isShown = message.status === 'queued' && (await showWake(ports, channel, held, message, phase));
  if (!isShown) await removeStatus(channel, held);
  await askOrClose(channel, held, message);
  const text = partialText(message, held.row.language);
  if (text === '') {
    // What waits for its user is not being written.
    if (!held.row.question) await channel.typing(place);
    return { state: 'shown', paceMs: 0, againMs: typingMs };
  }
  await showPartial(channel, held, message, text);
  return { state: 'shown', paceMs: everyMs, againMs: draftMs };
}

/** One message for the whole wake, changed by phase. False: the agent is awake, there is nothing to say. */
async function showWake(
  ports: DeliverPorts,
  channel: Channel,
  held: Held,
  message: Message,
  known: WakePhase | undefined,
): Promise<boolean> {
  const { owner, place, language } = held.row;
  const lease = await ports.leases.get(owner);
  if (lease?.state !== 'waking') return false;
  const { phase: stored, medianWakeMs } = viewOf(lease);
  const order = (phase: WakePhase | null | undefined) => (phase ? wakePhases.indexOf(phase) : -1);
  const phase = order(known) > order(stored) ? known : stored;
  const texts = channelTexts[language];
  const lines = [`_${texts.wake[phase ?? 'asleep']}_`];
  if (medianWakeMs) lines.push(`_${texts.wakeEstimate(Math.ceil(medianWakeMs / 1000))}_`);
  const text = lines.join(' ');
  const buttons = partialButtons(message, language);
  const { status } = held.row;
  if (!status) {
    await held.note({ status: { ref: await channel.post(place, text, buttons), text } });
  } else if (status.text !== text) {
    await channel.edit(place, status.ref, text, buttons);
    await held.note({ status: { ...status, text } });
  }
  return true;
}

/** Takes the wake's message away; the same again does nothing. */
export async function removeStatus(channel: Channel, held: Held): Promise<void> {
  const { status, place } = held.row;
  if (!status) return;
  await channel.remove(place, status.ref);
  await held.note({ status: null });
}

/** Asks whether a command may run, once; and takes the buttons away when that is decided, here or elsewhere. */
export async function askOrClose(channel: Channel, held: Held, message: Message): Promise<void> {
  const { place, language, question } = held.row;
  const texts = channelTexts[language];
  const asked = waitingApproval(message.approval);
  if (question && question.approvalId !== asked?.id) {
    const { approval } = message;
    const decided = approval?.id === question.approvalId ? approval : undefined;
    const command = decided?.command ?? question.command;
    const say = decided?.decision
      ? { 'allow-once': texts.allowed, deny: texts.denied }[decided.decision]
      : texts.approvalGone;
    await channel.edit(place, question.ref, say(command), []);
    await held.note({ question: null });
  }
  if (!asked || held.row.question) return;
  const ref = await channel.post(
    place,
    texts.approval(asked.command),
    approvalButtons(language, held.row.id, asked),
  );
  await held.note({ question: { ref, approvalId: asked.id, command: asked.command } });
}

/** The answer as it grows: a draft where the channel has them, else one message that is edited. */
async function showPartial(channel: Channel, held: Held, message: Message, text: string): Promise<void> {
  const { place, language } = held.row;
  if (channel.hasDrafts(place) && !held.row.draftless) {
    try {
      await channel.draft(place, draftNumber(message.id, message.attempt), text, true);
      return;
    } catch (error) {
      if (!(error instanceof ChannelFault && error.kind === 'refused')) throw error;
      // This client or chat has none.
      await held.note({ draftless: true });
    }
  }
  const buttons = partialButtons(message, language);
  const { draft } = held.row;
  const mark = fingerprint(text);
  if (!draft) await held.note({ draft: { ref: await channel.post(place, text, buttons), mark } });
  else if (draft.mark !== mark) {
    await channel.edit(place, draft.ref, text, buttons);
    await held.note({ draft: { ...draft, mark } });
  }
}
