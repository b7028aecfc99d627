import { useEffect, useRef, useState } from 'react';
import { isFinal } from '../../amplify/core/message.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { answerOf, statusOf, type Turn } from './turn.ts';

/** Long answers are read from the transcript; this only says that one is there and how it begins. */
const spoken = 400;

type Shown = Turn & { row: { id: string } };

/**
 * Tells screen readers of answers that were finished while the page was open, never of parts of one, and of commands that
 * wait for a word.
 */
export function Announcer({ turns }: { turns: readonly Shown[] }) {
  const { chat: t, approval } = useTexts();
  const open = useRef(new Set<string>());
  const asked = useRef<string | null>(null);
  const [said, setSaid] = useState({ count: 0, text: '' });
  useEffect(() => {
    const say = (text: string) => setSaid(({ count }) => ({ count: count + 1, text }));
    for (const turn of turns) {
      const { id } = turn.row;
      const status = statusOf(turn);
      const waiting = turn.live?.approval;
      if (waiting && !waiting.decision && waiting.id !== asked.current) {
        asked.current = waiting.id;
        say(`${approval.title}: ${waiting.command.slice(0, spoken)}`);
      }
      if (!isFinal(status)) open.current.add(id);
      else if (open.current.delete(id)) {
        if (status === 'answered')
          say(
            t.announce(
              answerOf(turn)
                .replace(/[*_`#>|]/g, '')
                .slice(0, spoken),
            ),
          );
        if (status === 'failed' || status === 'interrupted') say(t.announceEnd);
      }
    }
  }, [turns, t, approval]);
  return (
    <p className="visually-hidden" role="status">
      {/* Another element each time: the same words again would be no change, and not be heard. */}
      <span key={said.count}>{said.text}</span>
    </p>
  );
}
