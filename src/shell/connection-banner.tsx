import './banner.css';
import { CloudOff, LoaderCircle } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { useSyncState } from './workspace-context.tsx';

/** A short interruption heals by itself: it is told only when it lasts. */
const tellAfter = 2500;

const subscribe = (listener: () => void) => {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
};

export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine);

/** Says when what is shown may be old. */
export function ConnectionBanner() {
  const { connection: texts } = useTexts();
  const online = useOnline();
  const lost = useSyncState((state) => state.connection === 'lost');
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!lost) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), tellAfter);
    return () => clearTimeout(timer);
  }, [lost]);

  return (
    <div role="status">
      {!online && (
        <p className="banner" data-kind="warn">
          <CloudOff size={16} aria-hidden="true" />
          {texts.offline}
        </p>
      )}
      {online && lasting && (
        <p className="banner" data-kind="warn">
          <LoaderCircle size={16} aria-hidden="true" className="banner-turning" />
          {texts.lost}
        </p>
      )}
    </div>
  );
}
