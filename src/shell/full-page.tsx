import './full-page.css';
import type { ReactNode } from 'react';

/** One thing in the middle of the page. */
export function FullPage({ children }: { children: ReactNode }) {
  return <main className="full-page">{children}</main>;
}
