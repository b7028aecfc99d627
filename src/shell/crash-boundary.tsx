import { ClipboardCopy, RotateCw } from 'lucide-react';
import { Component, type ReactNode, useState } from 'react';
import { Orb } from '../agent/orb.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { FullPage } from './full-page.tsx';

function Crashed({ error }: { error: Error }) {
  const { app } = useTexts();
  const [copied, setCopied] = useState(false);
  // What helps to find the fault, and nothing that was written.
  const details = [error.stack ?? String(error), location.href.split('#')[0], navigator.userAgent].join('\n');
  const report = () =>
    navigator.clipboard.writeText(details).then(
      () => setCopied(true),
      // Without that permission it can be read in the browser's console, where it stands too.
      () => {},
    );
  // The browsers' words for a chunk of an older build that is gone, or of a network that is.
  const isChunk = /dynamically imported module|module script failed|preload CSS/i.test(error.message);
  return (
    <FullPage>
      <Orb state="failed" size="large" />
      <h1>{app.crashed}</h1>
      <p>{isChunk ? app.chunkFailed : app.crashedNext}</p>
      <button type="button" className="button" data-kind="primary" onClick={() => location.reload()}>
        <RotateCw size={16} aria-hidden="true" />
        {app.reload}
      </button>
      {!isChunk && (
        <button type="button" className="button" data-kind="quiet" onClick={() => void report()}>
          <ClipboardCopy size={16} aria-hidden="true" />
          {app.report}
        </button>
      )}
      <p role="status">{copied && app.reportCopied}</p>
    </FullPage>
  );
}

/** Shows what people can do when the page itself fails. */
export class CrashBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    return this.state.error ? <Crashed error={this.state.error} /> : this.props.children;
  }
}
