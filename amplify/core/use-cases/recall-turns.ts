import type { MessageStatus } from '../message.ts';
import type { ConversationStore, LeaseStore, MessageStore } from '../ports.ts';
import type { PastTurn } from '../task-grant.ts';
import { spokenText } from '../transcript.ts';
import { heldLease, type TaskIdentity } from './open-session.ts';

/** Conversations, and messages of each, that are looked at: the last ones. */
const most = { conversations: 20, messages: 50 };
/** An answer of AppSync and of a function is small: older turns are left out beyond this, UTF-16 units. */
const mostText = 500_000;
/** A message was accepted at most so long before its turn ended, milliseconds. */
const longestTurn = 24 * 60 * 60_000;

/** Ends that left something to remember in OpenClaw's own memory too. */
const remembered: readonly MessageStatus[] = ['answered', 'stopped'];

/**
 * Turns of the task's owner that became final at or after `since` (all of them without it), in the order of their ends:
 * what a snapshot of that time may lack. Too many is harmless, whoever asks knows each by its id and attempt.
 * Throws `unauthorized` for a task that does not hold the lease.
 */
export async function recallTurns(
  ports: { leases: LeaseStore; conversations: ConversationStore; messages: MessageStore },
  task: TaskIdentity,
  since: string | null,
): Promise<readonly PastTurn[]> {
  await heldLease(ports, task);
  const begin = since === null ? 0 : Date.parse(since);
  const active = new Date(Math.max(0, begin - longestTurn)).toISOString();
  const ids = await ports.conversations.active(task.owner, active, most.conversations);
  const rows = await Promise.all(ids.map((id) => ports.messages.newest(task.owner, id, most.messages)));
  let room = mostText;
  const newestFirst = rows
    .flat()
    .flatMap(
      ({
        conversationId,
        id,
        attempt,
        text,
        transcript,
        answer,
        acceptedAt,
        finishedAt,
        status,
      }): PastTurn[] =>
        finishedAt && answer && remembered.includes(status) && Date.parse(finishedAt) >= begin
          ? [
              {
                ...{ conversationId, id, attempt, answer, acceptedAt, finishedAt },
                text: [text, spokenText(transcript)].filter(Boolean).join('\n\n'),
              },
            ]
          : [],
    )
    .sort((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))
    .filter(({ text, answer }) => {
      room -= text.length + answer.length;
      return room >= 0;
    });
  return newestFirst.reverse();
}
