import { RotateCw } from 'lucide-react';
import { Orb } from '../agent/orb.tsx';
import { useTexts } from '../i18n/preferences.tsx';
import { FullPage } from '../shell/full-page.tsx';
import type { OutputsFault } from './outputs.ts';

/** Instead of the app, when it does not know its backend: what is wrong and what to do. */
export function StartFailed({ fault }: { fault: OutputsFault }) {
  const { app, start } = useTexts();
  return (
    <FullPage>
      <Orb state="failed" size="large" />
      <h1>{start[fault]}</h1>
      <p>{start[`${fault}Next`]}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        <RotateCw size={16} aria-hidden="true" />
        {app.reload}
      </button>
    </FullPage>
  );
}
