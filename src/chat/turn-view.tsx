import { memo } from 'react';
import type { Message } from '../../amplify/core/message.ts';
import { AttachedFiles } from '../attachments/attached-files.tsx';
import { AnswerView } from './answer-view.tsx';
import { QueuedView } from './queued-view.tsx';
import { SpokenWords } from './spoken-words.tsx';
import { statusOf, type Turn } from './turn.ts';
import { UserBubble } from './user-bubble.tsx';

interface TurnViewProps {
  turn: Turn & { row: Message };
  /** Whether it is the first of the conversation that is not finished. */
  isNext: boolean;
  /** The message shall be written anew. */
  onEdit(text: string): void;
}

/** A message and what became of it. */
export const TurnView = memo(
  function TurnView({ turn, isNext, onEdit }: TurnViewProps) {
    const { conversationId, id, text, acceptedAt, channel, schedule, attachments, transcript } = turn.row;
    return (
      <article className="turn" id={`message-${turn.row.id}`} tabIndex={-1}>
        <UserBubble
          text={text}
          at={acceptedAt}
          channel={channel}
          schedule={schedule}
          onEdit={onEdit}
          files={
            <>
              <AttachedFiles conversationId={conversationId} messageId={id} files={attachments} />
              <SpokenWords transcript={transcript} />
            </>
          }
        />
        {statusOf(turn) === 'queued' ? <QueuedView isNext={isNext} /> : <AnswerView turn={turn} />}
      </article>
    );
  },
  (a, b) => a.turn.row === b.turn.row && a.turn.live === b.turn.live && a.isNext === b.isNext,
);
