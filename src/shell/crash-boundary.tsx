import { RotateCw } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Orb } from '../agent/orb.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { FullPage } from './full-page.tsx';

function Crashed({ error }: { error: Error }) {
  const { app } = useTexts();
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
