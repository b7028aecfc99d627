// The signed-in app on a backend in memory (src/api/memory-api.ts) that a test plays by hand, through `window.ui`.
import '../../../src/theme/tokens.css';
import '../../../src/theme/base.css';
import '../../../src/theme/button.css';
import '../../../src/theme/form.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppError, type ErrorCode } from '../../../amplify/core/error.ts';
import type { Api } from '../../../src/api/api.ts';
import { Unreachable } from '../../../src/api/api-error.ts';
import { createMemoryApi, type MemoryApi } from '../../../src/api/memory-api.ts';
import { PreferencesProvider, readLanguage } from '../../../src/i18n/preferences.tsx';
import { AccountContext } from '../../../src/session/account-context.ts';
import type { SecondFactor } from '../../../src/session/second-factor.ts';
import { SecondFactorContext } from '../../../src/session/second-factor-context.ts';
import { App } from '../../../src/shell/app.tsx';
import { CrashBoundary } from '../../../src/shell/crash-boundary.tsx';
import { openWorkspace } from '../../../src/shell/workspace.ts';

type Rows =
  | 'agent'
  | 'settings'
  | 'pageSize'
  | 'usage'
  | 'providerKey'
  | 'channels'
  | 'schedules'
  | 'snapshots'
  | 'verdict'
  | 'isAdmin';

declare global {
  interface Window {
    ui: { api: MemoryApi; signedOut: boolean };
    /** What a test puts in before the page starts: rows of the backend. */
    given?: Partial<Pick<MemoryApi, Rows>> & {
      conversations?: Parameters<MemoryApi['conversations']['set']>[1][];
      messages?: Parameters<MemoryApi['put']>[0][];
      /** Fields that can't be reached. */
      failing?: (keyof Api)[];
      /** What the next call of a field is refused with. */
      refusing?: Partial<Record<keyof Api, ErrorCode>>;
    };
  }
}

const api = createMemoryApi();
const { conversations = [], messages = [], failing = [], refusing = {}, ...rest } = window.given ?? {};
// Every file is the app's icon: a page takes bytes from nowhere else.
api.downloadFile = async () => ({ url: `${location.origin}/icon-192.png`, headers: {} });
Object.assign(api, rest);
for (const field of failing) Object.assign(api, { [field]: () => Promise.reject(new Unreachable()) });
for (const [field, code] of Object.entries(refusing)) api.failures.set(field, new AppError(code));
for (const each of conversations) api.conversations.set(each.id, each);
for (const each of messages) api.put(each);
window.ui = { api, signedOut: false };

const factor: SecondFactor = {
  isOn: async () => false,
  begin: async () => 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  confirm: async (code) => code === '123456',
  end: async () => {},
};

const account = {
  remove: async () => {},
  leave: async () => {
    window.ui.signedOut = true;
  },
};
const email = 'ann@example.com';
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
        <SecondFactorContext value={{ factor, email }}>
          <AccountContext value={account}>
            <App
              workspace={workspace}
              email={email}
              deployment={{ signUpOpen: true, modelNotice: null }}
              onSignOut={async () => {
                window.ui.signedOut = true;
              }}
            />
          </AccountContext>
        </SecondFactorContext>
      </CrashBoundary>
    </PreferencesProvider>
  </StrictMode>,
);
api.connect();
