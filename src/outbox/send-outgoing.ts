import { AppError } from '../../amplify/core/error.ts';
import type { Event } from '../../amplify/core/event.ts';
import { newId } from '../../amplify/core/message-id.ts';
import type { Api } from '../api/api.ts';
import type { Clock } from '../api/clock.ts';
import type { Outgoing } from './outbox-store.ts';

type SendApi = Pick<Api, 'createConversation' | 'sendMessage'>;

/** What became of one try. */
export type Sent =
  | { kind: 'accepted'; event: Event }
  /** The conversation is there; the message is still to be sent. */
  | { kind: 'begun'; event: Event }
  /** The id was made by a clock that is off: nothing is stored, and the message has another id now. */
  | { kind: 'renamed'; id: string };

/** The server's time in `message.clock_off: <ISO 8601>`. */
const serverTimeIn = (error: AppError): string => error.message.slice(error.message.indexOf(':') + 1).trim();

/**
 * Takes one step towards delivery. Throws what the backend refuses and `Unreachable`.
 * `fresh`: it was never tried before, so that the time of its acceptance is the server's present time.
 */
export async function sendOutgoing(
  api: SendApi,
  clock: Clock,
  entry: Outgoing,
  fresh: boolean,
  device = Date.now,
): Promise<Sent> {
  const { conversationId, id, text, attachments, begin, beginModel } = entry;
  if (begin !== undefined) {
    return { kind: 'begun', event: await api.createConversation(conversationId, begin, beginModel) };
  }
  const begun = device();
  try {
    const message = await api.sendMessage(conversationId, id, text, attachments);
    if (fresh) clock.correct(message.acceptedAt, begun, device());
    return { kind: 'accepted', event: { kind: 'message.accepted', conversationId, messageId: id, message } };
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'message.clock_off')) throw error;
    clock.correct(serverTimeIn(error), begun, device());
    return { kind: 'renamed', id: newId(clock.now()) };
  }
}
