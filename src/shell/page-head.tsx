import './page-head.css';
import { Menu as MenuIcon } from 'lucide-react';
import { type ReactNode, type Ref, use, useEffect } from 'react';
import { useTexts } from '../i18n/preferences.tsx';
import { useUnseen } from '../notify/use-unseen.ts';
import { DrawerContext } from './drawer-context.ts';

interface PageHeadProps {
  title: string;
  /** The heading, for a page that takes the focus when it opens. */
  titleRef?: Ref<HTMLHeadingElement>;
  /** What stands before the title, e.g. a way back. */
  before?: ReactNode;
  /** What stands at the end of the line. */
  children?: ReactNode;
}

/** The line at the top of each page: the way to the sidebar where it is a drawer, the title, the page's own things. */
export function PageHead({ title, titleRef, before, children }: PageHeadProps) {
  const { app, conversations } = useTexts();
  const openDrawer = use(DrawerContext);
  const unseen = useUnseen();
  useEffect(() => {
    document.title = `${unseen > 0 ? `(${unseen}) ` : ''}${title} · ${app.name}`;
  }, [title, unseen, app.name]);
  return (
    <header className="page-head">
      {openDrawer && (
        <button type="button" className="icon-button" onClick={openDrawer} aria-label={conversations.open}>
          <MenuIcon size={20} aria-hidden="true" />
        </button>
      )}
      {before}
      <h1 className="page-title" title={title} ref={titleRef} tabIndex={titleRef ? -1 : undefined}>
        {title}
      </h1>
      {children}
    </header>
  );
}
