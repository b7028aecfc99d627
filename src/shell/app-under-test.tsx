import { act, cleanup, configure, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';
import type { Message } from '../../amplify/core/message.ts';
import { createMemoryApi, type MemoryApi } from '../api/memory-api.ts';
import { en } from '../i18n/en.ts';
import { PreferencesProvider } from '../i18n/preferences.tsx';
import { type Account, AccountContext } from '../session/account-context.ts';
import type { SecondFactor } from '../session/second-factor.ts';
import { SecondFactorContext } from '../session/second-factor-context.ts';
import { App } from './app.tsx';
import { openWorkspace, type Workspace } from './workspace.ts';

// A busy machine takes its time; a test that is met goes on at once.
configure({ asyncUtilTimeout: 4000 });

export const conversationId = '0199a000-0000-7000-8000-00000000000c';
export const id = '0199a000-0000-7000-8000-000000000001';
export const email = 'ann@example.com';
export const at = '2026-01-01T00:00:00.000Z';

/** A message that waits, unless `rest` says otherwise. */
export const row = (rest: Partial<Message> = {}): Message => ({
  conversationId,
  id,
  text: 'What time is it?',
  channel: 'web',
  status: 'queued',
  attempt: 1,
  acceptedAt: at,
  answer: '',
  seq: 0,
  tools: [],
  attachments: [],
  files: [],
  ...rest,
});

const workspaces: Workspace[] = [];

interface Given {
  user?: string;
  hash?: string;
  factor?: SecondFactor;
  account?: Account;
}

/** A page of this user in this browser. */
export function openPage(api: MemoryApi, { user = 'ann', hash = '', factor, account }: Given = {}) {
  window.location.hash = hash;
  const workspace = openWorkspace(user, {
    api,
    storage: localStorage,
    events: window,
    exclusive: (_, work) => work(),
  });
  workspaces.push(workspace);
  const view = render(
    <PreferencesProvider initial={{ language: 'en', chosen: true, t: en }}>
      <SecondFactorContext value={factor ? { factor, email } : null}>
        <AccountContext value={account ?? null}>
          <App
            workspace={workspace}
            email={email}
            deployment={{ signUpOpen: true, modelNotice: null }}
            onSignOut={async () => {}}
          />
        </AccountContext>
      </SecondFactorContext>
    </PreferencesProvider>,
  );
  act(() => api.connect());
  return { workspace, ...view };
}

/** A page with one conversation open that holds this message. */
export async function openWith(message: Message) {
  const api = createMemoryApi();
  api.conversations.set(conversationId, { id: conversationId, title: 'Time', createdAt: at, activeAt: at });
  api.put(message);
  const page = openPage(api, { hash: `#/c/${conversationId}` });
  await screen.findByText(message.text);
  return { api, ...page };
}

export const composer = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
export const write = (text: string) => fireEvent.change(composer(), { target: { value: text } });
/** A key in the message box: Enter, unless it is said otherwise. */
export const press = (key: object) => fireEvent.keyDown(composer(), { key: 'Enter', keyCode: 13, ...key });

beforeEach(() => {
  localStorage.clear();
  localStorage.setItem('openclaw.device.language', 'en');
});
afterEach(() => {
  cleanup();
  for (const workspace of workspaces.splice(0)) workspace.close();
});
