import { AppError } from '../error.ts';
import { sendCourier } from '../use-cases/announce.ts';
import { decideApproval } from '../use-cases/decide-approval.ts';
import { retryMessage } from '../use-cases/retry-message.ts';
import { stopMessage } from '../use-cases/stop-message.ts';
import { fingerprint, parsePress } from './button-data.ts';
import { type ChannelLink, waitingApproval } from './channel-ports.ts';
import { channelTexts } from './channel-text.ts';
import type { ChannelReply, ChannelUpdate } from './channel-update.ts';
import type { ChannelUpdatePorts } from './channel-update-ports.ts';
import { languageOf } from './owner-language.ts';

/** A button was pressed. Only the owner's presses do something: a message that is not the presser's own is not found. */
export async function takePress(
  ports: ChannelUpdatePorts,
  update: Extract<ChannelUpdate, { kind: 'press' }>,
  { owner }: ChannelLink,
): Promise<ChannelReply> {
  const { toasts } = channelTexts[await languageOf(ports, owner, update.sender)];
  const toast = (text: string): ChannelReply => ({ kind: 'toast', reference: update.reference, text });
  const press = parsePress(update.data);
  const row = press && (await ports.deliveries.get(owner, press.id));
  if (!press || !row) return toast(toasts.notYours);
  const key = { owner, conversationId: row.conversationId, id: row.id };

  if (press.kind === 'stop') return toast((await stopMessage(ports, key)) ? toasts.stopping : toasts.over);
  if (press.kind === 'retry') {
    try {
      const message = await retryMessage(ports, { ...key, attempt: press.attempt });
      await sendCourier(ports, { ...message, owner });
      return toast(toasts.retried);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      return toast(toasts.over);
    }
  }
  const message = await ports.messages.get(owner, key);
  const asked = message && waitingApproval(message.approval);
  if (!asked || fingerprint(asked.id) !== press.approval) return toast(toasts.over);
  const decision = press.kind === 'allow' ? 'allow-once' : 'deny';
  const decided = await decideApproval(ports, { ...key, approvalId: asked.id, decision });
  if (!decided) return toast(toasts.over);
  await sendCourier(ports, decided);
  return toast(press.kind === 'allow' ? toasts.allowed : toasts.denied);
}
