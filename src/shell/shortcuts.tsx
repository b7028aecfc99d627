import { lazy, Suspense, useEffect, useState } from 'react';
import { useLocation } from 'wouter';

const Palette = lazy(() => import('./palette.tsx').then((m) => ({ default: m.Palette })));

/** Keys that work on every page: Ctrl or ⌘ with K for the commands, with Shift and O for a new conversation. */
export function Shortcuts() {
  const [open, setOpen] = useState(false);
  const [, navigate] = useLocation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
      // By place: a Korean layout has other letters there.
      if (event.code === 'KeyK' && !event.shiftKey) {
        event.preventDefault();
        setOpen((before) => !before);
      } else if (event.code === 'KeyO' && event.shiftKey) {
        event.preventDefault();
        navigate('/');
        document.getElementById('composer')?.focus();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate]);
  return open ? (
    <Suspense>
      <Palette onClose={() => setOpen(false)} />
    </Suspense>
  ) : null;
}
