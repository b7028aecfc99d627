import { lazy, Suspense, useEffect, useState } from 'react';
import { Splash } from '../shell/splash.tsx';
import { amplifySession } from './amplify-session.ts';
import { hasUserData } from './local-store.ts';
import type { Deployment } from './outputs.ts';
import { type Session, watchSession } from './session.ts';
import { StartFailed } from './start-failed.tsx';

const SignIn = lazy(() => import('./sign-in.tsx').then(({ SignIn }) => ({ default: SignIn })));
const loadWorkspace = () => import('../shell/connected-workspace.tsx');
const Workspace = lazy(() =>
  loadWorkspace().then(({ ConnectedWorkspace }) => ({ default: ConnectedWorkspace })),
);
// Somebody was here before: most likely still signed in. The app is fetched while that is found out.
if (hasUserData(localStorage)) void loadWorkspace();

/** Shows sign-in or the app, by who is signed in. Another user begins with nothing of the last one's. */
export function SessionGate({ deployment }: { deployment: Deployment }) {
  const [session, setSession] = useState<Session>({ state: 'checking' });
  useEffect(() => watchSession(amplifySession, setSession), []);

  switch (session.state) {
    case 'checking':
      return <Splash />;
    case 'unreachable':
      return <StartFailed fault="unreachable" />;
    case 'signed-out':
      return (
        <Suspense fallback={<Splash />}>
          <SignIn deployment={deployment} />
        </Suspense>
      );
    case 'signed-in':
      return (
        <Suspense fallback={<Splash />}>
          <Workspace key={session.user.id} user={session.user} deployment={deployment} />
        </Suspense>
      );
  }
}
