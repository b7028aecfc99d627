import './layout.css';
import { type MouseEvent, type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Sidebar } from '../conversations/sidebar.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { DrawerContext } from './drawer-context.ts';
import { ModelNotice } from './model-notice.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { useNarrow } from './use-narrow.ts';

interface LayoutProps {
  email: string | null;
  modelNotice: { en: string; ko: string } | null;
  onSignOut(): Promise<void>;
  children: ReactNode;
}

/** Sidebar and page. On phones the sidebar is a drawer that covers the page. */
export function Layout({ email, modelNotice, onSignOut, children }: LayoutProps) {
  const { app, conversations } = useTexts();
  const [drawer, setDrawer] = useState(false);
  const [location] = useLocation();
  const narrow = useNarrow();
  const open = narrow && drawer;
  const openDrawer = narrow ? () => setDrawer(true) : null;

  // Going somewhere closes the drawer; so does a link to where one is already.
  useEffect(() => setDrawer(false), [location]);
  const onLink = (event: MouseEvent) => {
    if ((event.target as Element).closest('a')) setDrawer(false);
  };

  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setDrawer(false);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);

  const skip = () =>
    (document.getElementById('composer') ?? document.querySelector<HTMLElement>('.page-title'))?.focus();

  return (
    <div className="layout" data-drawer={open || undefined}>
      <button type="button" className="skip" onClick={skip}>
        {app.skip}
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key on a link is a click */}
      <aside
        className="layout-side"
        inert={narrow && !drawer}
        aria-label={conversations.title}
        onClick={onLink}
      >
        <Sidebar email={email} onSignOut={onSignOut} onClose={narrow ? () => setDrawer(false) : null} />
      </aside>
      {open && (
        <button
          type="button"
          className="layout-veil"
          aria-label={conversations.hide}
          onClick={() => setDrawer(false)}
        />
      )}
      <main className="layout-main" inert={open}>
        <ConnectionBanner />
        {modelNotice && <ModelNotice notice={modelNotice} />}
        <DrawerContext value={openDrawer}>{children}</DrawerContext>
      </main>
      <DrawerContext value={openDrawer}>
        <Shortcuts />
      </DrawerContext>
    </div>
  );
}
