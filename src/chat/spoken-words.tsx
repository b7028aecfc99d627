import { Mic } from 'lucide-react';
import type { Transcript } from '../../amplify/core/transcript.ts';
import { usePreferences } from '../i18n/preferences.tsx';

/** What was understood of a voice message, where its text would stand, or why there is nothing. */
export function SpokenWords({ transcript }: { transcript: Transcript | null | undefined }) {
  const { t } = usePreferences();
  if (!transcript) return null;
  if ('fault' in transcript) return <p className="bubble-state">{t.chat.notHeard[transcript.fault]}</p>;
  return (
    <p className="bubble">
      <Mic size={16} role="img" aria-label={t.chat.heard} className="bubble-mark" />
      {transcript.text || t.chat.silent}
    </p>
  );
}
