import { useEffect, useState } from 'react';
import { createAppsyncApi } from '../api/appsync-api.ts';
import { exclusiveAcrossTabs } from '../outbox/outbox.ts';
import type { Deployment } from '../session/outputs.ts';
import type { User } from '../session/session.ts';
import type { Tokens } from '../session/tokens.ts';
import { App } from './app.tsx';
import { Splash } from './splash.tsx';
import { openWorkspace, type Workspace } from './workspace.ts';

interface ConnectedWorkspaceProps {
  user: User;
  deployment: Deployment;
  /** The AppSync GraphQL endpoint. */
  endpoint: string;
  tokens: Tokens;
}

/** The app of the signed-in user, connected to its backend. */
export function ConnectedWorkspace({ user, deployment, endpoint, tokens }: ConnectedWorkspaceProps) {
  const [workspace, setWorkspace] = useState<Workspace | null>(null);
  useEffect(() => {
    const opened = openWorkspace(user.id, {
      api: createAppsyncApi({ endpoint, token: tokens.accessToken }),
      storage: localStorage,
      events: window,
      exclusive: exclusiveAcrossTabs,
    });
    setWorkspace(opened);
    // The first answer shall not wait for what draws it.
    void import('../chat/markdown.tsx').catch(() => {});
    return () => opened.close();
  }, [user.id, endpoint, tokens]);
  if (!workspace) return <Splash />;
  return <App workspace={workspace} email={user.email} deployment={deployment} onSignOut={tokens.signOut} />;
}
