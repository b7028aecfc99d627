import './sidebar.css';
import { LogOut, PenLine, Settings, X } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { formatMicros } from '../../amplify/core/usage-text.ts';
import { usePreferences, useTexts } from '../i18n/preferences.tsx';
import { SearchBox } from '../search/search-box.tsx';
import { SearchResults } from '../search/search-results.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { Logo } from '../shell/logo.tsx';
import { sidePages } from '../shell/pages.ts';
import { useOutgoing } from '../shell/workspace-context.tsx';
import { useMonthCost } from '../usage/use-month-cost.ts';
import { ConversationList } from './conversation-list.tsx';

interface SidebarProps {
  email: string | null;
  onSignOut(): Promise<void>;
  /** Only where the sidebar is a drawer. */
  onClose: (() => void) | null;
}

export function Sidebar({ email, onSignOut, onClose }: SidebarProps) {
  const { app, conversations, settings } = useTexts();
  const [search, setSearch] = useState('');
  return (
    <div className="sidebar">
      <header className="sidebar-head">
        <Logo size={26} />
        <span className="sidebar-name">{app.name}</span>
        {onClose && (
          <button type="button" className="icon-button" onClick={onClose} aria-label={conversations.hide}>
            <X size={18} aria-hidden="true" />
          </button>
        )}
      </header>
      <Link href="/" className="button sidebar-new">
        <PenLine size={16} aria-hidden="true" />
        {conversations.new}
      </Link>
      <SidePages />
      <SearchBox text={search} onChange={setSearch} />
      {search.trim() ? <SearchResults text={search.trim()} /> : <ConversationList />}
      <footer className="sidebar-foot">
        {email && (
          <span className="sidebar-email" title={email}>
            {email}
          </span>
        )}
        <Link href="/settings" className="icon-button" aria-label={settings.open} title={settings.open}>
          <Settings size={18} aria-hidden="true" />
        </Link>
        <SignOut onSignOut={onSignOut} />
      </footer>
    </div>
  );
}

/** The pages beside the conversations. */
function SidePages() {
  const { pages: t } = useTexts();
  const [location] = useLocation();
  return (
    <nav className="sidebar-pages" aria-label={t.title}>
      {sidePages.map(({ path, name, icon: Icon }) => (
        <Link key={path} href={path} aria-current={location === path ? 'page' : undefined}>
          <Icon size={17} aria-hidden="true" />
          {t[name]}
          {name === 'usage' && <MonthCost />}
        </Link>
      ))}
    </nav>
  );
}

/** What this month has cost so far, behind the way to its page. */
function MonthCost() {
  const { language, t } = usePreferences();
  const micros = useMonthCost();
  if (micros === null) return null;
  const amount = formatMicros(language, micros);
  return (
    <span className="sidebar-cost" title={t.usage.soFar(amount)}>
      <span aria-hidden="true">{amount}</span>
      <span className="visually-hidden">{t.usage.soFar(amount)}</span>
    </span>
  );
}

/** Signing out removes what was not sent: it asks first when there is something. */
function SignOut({ onSignOut }: { onSignOut(): Promise<void> }) {
  const { app, session } = useTexts();
  const unsent = useOutgoing().length;
  const [asks, setAsks] = useState(false);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        onClick={() => (unsent > 0 ? setAsks(true) : void onSignOut())}
        aria-label={session.signOut}
        title={session.signOut}
      >
        <LogOut size={18} aria-hidden="true" />
      </button>
      {asks && (
        <Dialog title={session.signOutQuestion} onClose={() => setAsks(false)}>
          <p className="dialog-text">{session.signOutLoses(unsent)}</p>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => setAsks(false)}>
              {app.cancel}
            </button>
            <button type="button" className="button" data-kind="danger" onClick={() => void onSignOut()}>
              {session.signOutAnyway}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
