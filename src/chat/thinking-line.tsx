import './tool-line.css';
import { Brain, ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatDuration } from '../../amplify/core/duration-text.ts';
import type { Message } from '../../amplify/core/message.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';

/** While the model still works, what it thinks is read again this often; milliseconds. A task stores it as often. */
const readEvery = 2000;

/** What the model thought before it answered: one line, and the text is fetched when it is opened. */
export function ThinkingLine({ row, working }: { row: Message; working: boolean }) {
  const { language, t } = usePreferences();
  const { api } = useWorkspace();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState<string | null | 'failed'>(null);
  const { conversationId, id, attempt, thinkingMs } = row;

  // Another attempt has thoughts of its own; the end of this one has the whole of them.
  useEffect(() => {
    if (!open) return;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      const found = await api.getThinking(conversationId, id).catch(() => 'failed' as const);
      if (!wanted) return;
      // What was read before is better than nothing.
      setText((before) => (found === 'failed' && before !== null ? before : found));
      if (working) timer = setTimeout(() => void read(), readEvery);
    };
    void read();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, open, working, conversationId, id, attempt]);

  const took = !working && thinkingMs !== null && thinkingMs !== undefined && thinkingMs >= 1000;
  return (
    <details className="tool" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="tool-line">
        <Brain size={15} aria-hidden="true" />
        <span className="tool-name">{t.tools.thinking}</span>
        <span className="tool-title" />
        {took && <span className="tool-time">{formatDuration(language, thinkingMs)}</span>}
        <ChevronRight size={15} aria-hidden="true" className="tool-arrow" />
      </summary>
      {open && (
        <div className="tool-detail">
          {text === null && <p>{working ? t.tools.nothingYet : t.app.loading}</p>}
          {text === 'failed' && <p>{t.tools.thinkingUnread}</p>}
          {text !== null && text !== 'failed' && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
            <p className="thinking" tabIndex={0}>
              {text}
            </p>
          )}
        </div>
      )}
    </details>
  );
}
