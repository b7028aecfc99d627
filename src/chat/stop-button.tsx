import { Square } from 'lucide-react';
import type { Message } from '../../amplify/core/message.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useStop } from './use-stop.ts';

/** Stops what is in work, or takes back what waits. */
export function StopButton({ message }: { message: Message }) {
  const { chat: t } = usePreferences().t;
  const stop = useStop();
  const stopping = Boolean(message.stopRequested);
  return (
    <button
      type="button"
      className="composer-stop"
      aria-disabled={stopping || undefined}
      onClick={() => {
        if (!stopping) stop(message);
      }}
    >
      <Square size={12} fill="currentColor" aria-hidden="true" />
      <span>{stopping ? t.stopping : t.stop}</span>
    </button>
  );
}
