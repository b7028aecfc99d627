import './page.css';
import { type ReactNode, useEffect, useRef } from 'react';
import { PageHead } from './page-head.tsx';

interface PageProps {
  title: string;
  /** What stands before the title, e.g. a way back. */
  before?: ReactNode;
  /** What stands at the end of the title's line. */
  actions?: ReactNode;
  /** For tables and charts: a wider column. */
  wide?: boolean;
  children: ReactNode;
}

/** A page beside the chat: its title, which takes the focus when it opens, and a column that scrolls. */
export function Page({ title, before, actions, wide, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <PageHead title={title} titleRef={heading} before={before}>
        {actions}
      </PageHead>
      <div className="page-body">
        <div className="page-column" data-wide={wide || undefined}>
          {children}
        </div>
      </div>
    </>
  );
}
