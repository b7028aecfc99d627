import './theme/tokens.css';
import './theme/base.css';
import './theme/button.css';
import './theme/form.css';
import { Amplify } from 'aws-amplify';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PreferencesProvider } from './i18n/preferences.tsx';
import { deploymentOf, OutputsError, readOutputs } from './session/outputs.ts';
import { SessionGate } from './session/session-gate.tsx';
import { StartFailed } from './session/start-failed.tsx';
import { CrashBoundary } from './shell/crash-boundary.tsx';

const root = createRoot(document.getElementById('root') as HTMLElement);

const render = (content: ReactNode) =>
  root.render(
    <StrictMode>
      <PreferencesProvider>
        <CrashBoundary>{content}</CrashBoundary>
      </PreferencesProvider>
    </StrictMode>,
  );

try {
  const outputs = await readOutputs();
  Amplify.configure(outputs);
  render(<SessionGate deployment={deploymentOf(outputs)} />);
} catch (error) {
  console.error(error);
  render(<StartFailed fault={error instanceof OutputsError ? error.fault : 'broken'} />);
}
