import './page.css';
import { type ReactNode, useEffect, useRef } from 'react';
import { PageHead } from './page-head.tsx';
import { useNarrow } from './use-narrow.ts';

interface PageProps {
  title: string;
  /** What is open in it, for a page that is several. */
  part?: string | null;
  /** What stands before the title, e.g. a way back. */
  before?: ReactNode;
  /** What stands at the end of the title's line. */
  actions?: ReactNode;
  /** For tables and charts: a wider column. */
  wide?: boolean;
  children: ReactNode;
}

/** A page beside the chat: its title, which takes the focus when it opens, and a column that scrolls. */
export function Page({ title, part, before, actions, wide, children }: PageProps) {
  const narrow = useNarrow();
  const heading = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const isOpen = useRef(false);
  useEffect(() => {
    body.current?.scrollTo(0, 0);
    // Where the list of parts stays beside them, so does the focus. That the window became narrow opens nothing.
    if (narrow || !isOpen.current) heading.current?.focus({ preventScroll: true });
    isOpen.current = true;
  }, [part]);
  return (
    <>
      <PageHead title={title} titleRef={heading} before={before}>
        {actions}
      </PageHead>
      <div className="page-body" ref={body}>
        <div className="page-column" data-wide={wide || undefined}>
          {children}
        </div>
      </div>
    </>
  );
}
