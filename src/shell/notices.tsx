import './notices.css';
import { X } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { Link } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import type { Notice, NoticeAction } from './workspace.ts';
import { useStore, useWorkspace } from './workspace-context.tsx';

const shownFor = { info: 4000, error: 9000 };
let lastId = 0;

/** Shows a short message at the page's edge for some seconds. */
export function useNotify(): (kind: Notice['kind'], text: string, action?: NoticeAction) => void {
  const { notices } = useWorkspace();
  return useCallback(
    (kind, text, action) => {
      lastId += 1;
      const notice = { id: lastId, kind, text, action };
      notices.set((all) => [...all.filter((other) => other.text !== text), notice].slice(-3));
    },
    [notices],
  );
}

function Line({ notice }: { notice: Notice }) {
  const { notices } = useWorkspace();
  const { app } = useTexts();
  const remove = useCallback(
    () => notices.set((all) => all.filter(({ id }) => id !== notice.id)),
    [notices, notice.id],
  );
  useEffect(() => {
    const timer = setTimeout(remove, notice.action?.forMs ?? shownFor[notice.kind]);
    return () => clearTimeout(timer);
  }, [remove, notice.kind, notice.action]);
  return (
    <li className="notice" data-kind={notice.kind}>
      <span>{notice.text}</span>
      {notice.action?.href && (
        <Link href={notice.action.href} className="button" data-size="small" onClick={remove}>
          {notice.action.label}
        </Link>
      )}
      {notice.action?.run && (
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => {
            notice.action?.run?.();
            remove();
          }}
        >
          {notice.action.label}
        </button>
      )}
      <button type="button" className="icon-button" onClick={remove} aria-label={app.dismiss}>
        <X size={16} aria-hidden="true" />
      </button>
    </li>
  );
}

/** Where short messages appear; screen readers hear them when they come. */
export function Notices() {
  const { notices } = useWorkspace();
  const all = useStore(notices, (value) => value);
  return (
    <div className="notices" role="status">
      <ul className="notice-list">
        {all.map((notice) => (
          <Line key={notice.id} notice={notice} />
        ))}
      </ul>
    </div>
  );
}
