import { lazy, Suspense, useEffect } from 'react';
import { useLocation } from 'wouter';
import { useStore, useWorkspace } from './workspace-context.tsx';

const Palette = lazy(() => import('./palette.tsx').then((m) => ({ default: m.Palette })));

/** Keys that work on every page: Ctrl or ⌘ with K for the commands, with Shift and O for a new conversation. */
export function Shortcuts() {
  const { palette } = useWorkspace();
  const open = useStore(palette, (isOpen) => isOpen);
  const [, navigate] = useLocation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
      // By place: a Korean layout has other letters there.
      if (event.code === 'KeyK' && !event.shiftKey) {
        event.preventDefault();
        palette.set((before) => !before);
      } else if (event.code === 'KeyO' && event.shiftKey) {
        event.preventDefault();
        navigate('/');
        document.getElementById('composer')?.focus();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, palette]);
  return open ? (
    <Suspense>
      <Palette onClose={() => palette.set(() => false)} />
    </Suspense>
  ) : null;
}
