import { formatDuration } from '../../amplify/core/duration-text.ts';
import './tool-line.css';
import { Check, ChevronRight, LoaderCircle, X } from 'lucide-react';
import { useState } from 'react';
import type { ToolCard } from '../../amplify/core/message.ts';
import { usePreferences } from '../i18n/preferences.tsx';

const icons = { running: LoaderCircle, done: Check, failed: X };

/** One use of a tool in one line; what went in and came out on demand. */
export function ToolLine({ tool }: { tool: ToolCard }) {
  const { language, t } = usePreferences();
  const [open, setOpen] = useState(false);
  const Icon = icons[tool.status];
  const took = tool.finishedAt ? Date.parse(tool.finishedAt) - Date.parse(tool.startedAt) : null;
  return (
    <details
      className="tool"
      data-status={tool.status}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="tool-line">
        <Icon size={15} aria-hidden="true" className={tool.status === 'running' ? 'turning' : undefined} />
        <span className="visually-hidden">{t.tools[tool.status]}:</span>
        <span className="tool-name">{tool.name}</span>
        <span className="tool-title">{tool.title}</span>
        {took !== null && took >= 1000 && <span className="tool-time">{formatDuration(language, took)}</span>}
        <ChevronRight size={15} aria-hidden="true" className="tool-arrow" />
      </summary>
      {open && (
        <div className="tool-detail">
          <Detail label={t.tools.input} text={tool.input ?? (tool.output ? undefined : tool.title)} />
          <Detail label={t.tools.output} text={tool.output} />
          {!tool.input && !tool.output && !tool.title && <p>{t.tools.nothing}</p>}
        </div>
      )}
    </details>
  );
}

function Detail({ label, text }: { label: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <div>
      <p className="tool-label">{label}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}
