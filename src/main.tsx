import './theme/tokens.css';
import './theme/base.css';
import './theme/button.css';
import './theme/form.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PreferencesProvider, readLanguage } from './i18n/preferences.tsx';
import { backendOf, OutputsError, readOutputs } from './session/outputs.ts';
import { SessionGate } from './session/session-gate.tsx';
import { StartFailed } from './session/start-failed.tsx';
import { CrashBoundary } from './shell/crash-boundary.tsx';

const root = createRoot(document.getElementById('root') as HTMLElement);

/** The file that names the backend, or what is wrong with it. */
async function readConnection() {
  try {
    const outputs = await readOutputs();
    backendOf(outputs);
    return { outputs };
  } catch (error) {
    console.error(error);
    return { fault: error instanceof OutputsError ? error.fault : ('broken' as const) };
  }
}

async function start(): Promise<void> {
  const [spoken, connection] = await Promise.all([readLanguage(), readConnection()]);
  root.render(
    <StrictMode>
      <PreferencesProvider initial={spoken}>
        <CrashBoundary>
          {connection.outputs ? (
            <SessionGate outputs={connection.outputs} />
          ) : (
            <StartFailed fault={connection.fault} />
          )}
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

/** Lets the page open without network: what it has fetched before the worker was there is fetched once more, through it. */
async function keepPage(): Promise<void> {
  await navigator.serviceWorker.register('/sw.js');
  await navigator.serviceWorker.ready;
  const own = `${location.origin}/assets/`;
  const files = performance.getEntriesByType('resource').filter(({ name }) => name.startsWith(own));
  await Promise.all(files.map(({ name }) => fetch(name)));
}

if (import.meta.env.PROD && 'serviceWorker' in navigator) keepPage().catch(console.warn);
