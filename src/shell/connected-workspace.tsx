import { Amplify } from 'aws-amplify';
import { useEffect, useState } from 'react';
import { createAppsyncApi } from '../api/appsync-api.ts';
import { exclusiveAcrossTabs } from '../outbox/outbox.ts';
import { accessToken, signOut } from '../session/amplify-session.ts';
import type { Deployment } from '../session/outputs.ts';
import type { User } from '../session/session.ts';
import { App } from './app.tsx';
import { Splash } from './splash.tsx';
import { openWorkspace, type Workspace } from './workspace.ts';

/** The app of the signed-in user, connected to the backend that `Amplify.configure` was told. */
export function ConnectedWorkspace({ user, deployment }: { user: User; deployment: Deployment }) {
  const [workspace, setWorkspace] = useState<Workspace | null>(null);
  useEffect(() => {
    const endpoint = Amplify.getConfig().API?.GraphQL?.endpoint;
    if (!endpoint) throw new Error('amplify_outputs.json names no GraphQL endpoint.');
    const opened = openWorkspace(user.id, {
      api: createAppsyncApi({ endpoint, token: accessToken }),
      storage: localStorage,
      events: window,
      exclusive: exclusiveAcrossTabs,
    });
    setWorkspace(opened);
    // The first answer shall not wait for what draws it.
    void import('../chat/markdown.tsx').catch(() => {});
    return () => opened.close();
  }, [user.id]);
  if (!workspace) return <Splash />;
  return <App workspace={workspace} email={user.email} deployment={deployment} onSignOut={signOut} />;
}
