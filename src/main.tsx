import './theme/tokens.css';
import './theme/base.css';
import './theme/button.css';
import './theme/form.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PreferencesProvider, readLanguage } from './i18n/preferences.tsx';
import { OutputsError, readOutputs } from './session/outputs.ts';
import { SessionGate } from './session/session-gate.tsx';
import { StartFailed } from './session/start-failed.tsx';
import { CrashBoundary } from './shell/crash-boundary.tsx';

const root = createRoot(document.getElementById('root') as HTMLElement);

async function start(): Promise<void> {
  const reading = readOutputs().then(
    (outputs) => ({ outputs, fault: null }),
    (error: unknown) => {
      console.error(error);
      return { outputs: null, fault: error instanceof OutputsError ? error.fault : ('broken' as const) };
    },
  );
  const [spoken, { outputs, fault }] = await Promise.all([readLanguage(), reading]);
  root.render(
    <StrictMode>
      <PreferencesProvider initial={spoken}>
        <CrashBoundary>
          {outputs ? <SessionGate outputs={outputs} /> : <StartFailed fault={fault} />}
        </CrashBoundary>
      </PreferencesProvider>
    </StrictMode>,
  );
}

// Not even the texts came: there is nothing else to say it in.
start().catch((error) => {
  console.error(error);
  root.render(
    <p>Could not be loaded. Check your connection and reload. 연결을 확인하고 새로고침해 주세요.</p>,
  );
});
