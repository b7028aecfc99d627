import { useEffect, useRef, useState } from 'react';
import { isFinal } from '../../amplify/core/message.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { answerOf, statusOf, type Turn } from './turn.ts';

/** Long answers are read from the transcript; this only says that one is there and how it begins. */
const spoken = 400;

/** Tells screen readers of answers that were finished while the page was open; never of parts of one. */
export function Announcer({ turns }: { turns: readonly (Turn & { row: { id: string } })[] }) {
  const { chat: t } = useTexts();
  const open = useRef(new Set<string>());
  const [text, setText] = useState('');
  useEffect(() => {
    for (const turn of turns) {
      const { id } = turn.row;
      if (!isFinal(statusOf(turn))) open.current.add(id);
      else if (open.current.delete(id) && statusOf(turn) === 'answered') {
        setText(
          t.announce(
            answerOf(turn)
              .replace(/[*_`#>|]/g, '')
              .slice(0, spoken),
          ),
        );
      }
    }
  }, [turns, t]);
  return (
    <p className="visually-hidden" role="status">
      {text}
    </p>
  );
}
