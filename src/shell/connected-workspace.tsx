import { useEffect, useMemo, useState } from 'react';
import { createAppsyncApi } from '../api/appsync-api.ts';
import { exclusiveAcrossTabs } from '../outbox/outbox.ts';
import { AccountContext } from '../session/account-context.ts';
import { deleteAccount } from '../session/cognito.ts';
import type { Backend, Deployment } from '../session/outputs.ts';
import { createSecondFactor } from '../session/second-factor.ts';
import { SecondFactorContext } from '../session/second-factor-context.ts';
import type { User } from '../session/session.ts';
import type { Tokens } from '../session/tokens.ts';
import { App } from './app.tsx';
import { Splash } from './splash.tsx';
import { openWorkspace, type Workspace } from './workspace.ts';

/** Somebody who signs out waits no longer than this for the backend to forget the browser, ms. */
const patience = 3000;

/** While the session still lives: nobody is notified here any more. */
const leavePush = ({ api, local }: Workspace): Promise<unknown> =>
  Promise.race([
    import('../notify/push.ts').then(({ endPush }) => endPush(api, local)).catch(console.warn),
    new Promise((resolve) => setTimeout(resolve, patience)),
  ]);

interface ConnectedWorkspaceProps {
  user: User;
  deployment: Deployment;
  backend: Backend;
  tokens: Tokens;
  /** Everything is being erased: the sign-in that follows says so. */
  onErased(): void;
}

/** The app of the signed-in user, connected to its backend. */
export function ConnectedWorkspace({ user, deployment, backend, tokens, onErased }: ConnectedWorkspaceProps) {
  const secondFactor = useMemo(
    () => ({ factor: createSecondFactor(backend, tokens.accessToken), email: user.email }),
    [backend, tokens, user.email],
  );
  const account = useMemo(
    () => ({
      remove: async () => deleteAccount(backend, await tokens.accessToken()),
      leave: () => {
        onErased();
        return tokens.signOut();
      },
    }),
    [backend, tokens, onErased],
  );
  const [workspace, setWorkspace] = useState<Workspace | null>(null);
  useEffect(() => {
    const opened = openWorkspace(user.id, {
      api: createAppsyncApi({ endpoint: backend.endpoint, token: tokens.accessToken }),
      storage: localStorage,
      events: window,
      exclusive: exclusiveAcrossTabs,
    });
    setWorkspace(opened);
    // The first answer shall not wait for what draws it.
    void import('../chat/markdown.tsx').catch(() => {});
    return () => opened.close();
  }, [user.id, backend, tokens]);
  if (!workspace) return <Splash />;
  const signOut = async () => {
    await leavePush(workspace);
    await tokens.signOut();
  };
  return (
    <SecondFactorContext value={secondFactor}>
      <AccountContext value={account}>
        <App workspace={workspace} email={user.email} deployment={deployment} onSignOut={signOut} />
      </AccountContext>
    </SecondFactorContext>
  );
}
