import './notices.css';
import { X } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { Link } from 'wouter';
import { useTexts } from '../i18n/preferences.tsx';
import type { Notice, NoticeAction } from './workspace.ts';
import { useStore, useWorkspace } from './workspace-context.tsx';

const shownFor = { info: 4000, error: 9000 };
let lastId = 0;

/** A message that was shown, as long as it stands. */
interface ShownNotice {
  progress(text: string): void;
  remove(): void;
}

/** Shows a short message at the page's edge for some seconds, or as long as its action says. */
export function useNotify(): (kind: Notice['kind'], text: string, action?: NoticeAction) => ShownNotice {
  const { notices } = useWorkspace();
  return useCallback(
    (kind, text, action) => {
      lastId += 1;
      const notice = { id: lastId, kind, text, action };
      notices.set((all) => [...all.filter((other) => other.text !== text), notice].slice(-3));
      return {
        progress: (progress) =>
          notices.set((all) => all.map((each) => (each.id === notice.id ? { ...each, progress } : each))),
        remove: () => notices.set((all) => all.filter(({ id }) => id !== notice.id)),
      };
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
    if (notice.action?.forMs === null) return;
    const timer = setTimeout(remove, notice.action?.forMs ?? shownFor[notice.kind]);
    return () => clearTimeout(timer);
  }, [remove, notice.kind, notice.action]);
  return (
    <li className="notice" data-kind={notice.kind}>
      <span>
        {notice.text}
        {notice.progress && (
          <small className="notice-progress" aria-hidden="true">
            {notice.progress}
          </small>
        )}
      </span>
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
      {notice.action?.forMs !== null && (
        <button type="button" className="icon-button" onClick={remove} aria-label={app.dismiss}>
          <X size={16} aria-hidden="true" />
        </button>
      )}
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
