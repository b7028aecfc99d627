import { Clock } from 'lucide-react';
import { WakeCard } from '../agent/wake-card.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { useChat } from '../shell/workspace-context.tsx';

/** A message that waits: for the agent to wake, or for the ones before it. */
export function QueuedView({ isNext }: { isNext: boolean }) {
  const { agent: t, chat } = useTexts();
  const awake = useChat((state) => state.agent?.state === 'awake');
  return (
    <div className="queued">
      {isNext && !awake ? (
        <WakeCard />
      ) : (
        <p className="wake-line">
          <Clock size={15} aria-hidden="true" />
          {awake ? t.queuedAwake : chat.queued}
        </p>
      )}
    </div>
  );
}
