// The signed-in app on a backend in memory (src/api/memory-api.ts) that a test plays by hand, through `window.ui`.
import '../../../src/theme/tokens.css';
import '../../../src/theme/base.css';
import '../../../src/theme/button.css';
import '../../../src/theme/form.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createMemoryApi, type MemoryApi } from '../../../src/api/memory-api.ts';
import { PreferencesProvider, readLanguage } from '../../../src/i18n/preferences.tsx';
import { App } from '../../../src/shell/app.tsx';
import { CrashBoundary } from '../../../src/shell/crash-boundary.tsx';
import { openWorkspace } from '../../../src/shell/workspace.ts';

declare global {
  interface Window {
    ui: { api: MemoryApi; signedOut: boolean };
    /** What a test puts in before the page starts: rows of the backend. */
    given?: Partial<Pick<MemoryApi, 'agent' | 'settings' | 'pageSize' | 'usage' | 'providerKey'>> & {
      conversations?: Parameters<MemoryApi['conversations']['set']>[1][];
      messages?: Parameters<MemoryApi['put']>[0][];
    };
  }
}

const api = createMemoryApi();
const { conversations = [], messages = [], ...rest } = window.given ?? {};
Object.assign(api, rest);
for (const each of conversations) api.conversations.set(each.id, each);
for (const each of messages) api.put(each);
window.ui = { api, signedOut: false };

const workspace = openWorkspace('ann', {
  api,
  storage: localStorage,
  events: window,
  exclusive: (_, work) => work(),
});

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <PreferencesProvider initial={await readLanguage()}>
      <CrashBoundary>
        <App
          workspace={workspace}
          email="ann@example.com"
          deployment={{ signUpOpen: true, modelNotice: null }}
          onSignOut={async () => {
            window.ui.signedOut = true;
          }}
        />
      </CrashBoundary>
    </PreferencesProvider>
  </StrictMode>,
);
api.connect();
