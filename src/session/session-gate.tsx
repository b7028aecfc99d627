import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Splash } from '../shell/splash.tsx';
import { type AmplifyOutputs, deploymentOf } from './outputs.ts';
import { hasTokens, type Session, watchSession } from './session.ts';
import { StartFailed } from './start-failed.tsx';

const loadSignIn = () => import('./sign-in.tsx');
const SignIn = lazy(() => loadSignIn().then(({ SignIn }) => ({ default: SignIn })));
const loadWorkspace = () => import('../shell/connected-workspace.tsx');
const Workspace = lazy(() =>
  loadWorkspace().then(({ ConnectedWorkspace }) => ({ default: ConnectedWorkspace })),
);
const loadAmplify = () => import('./amplify-session.ts');

/** Shows sign-in or the app, by who is signed in. Another user begins with nothing of the last one's. */
export function SessionGate({ outputs }: { outputs: AmplifyOutputs }) {
  const deployment = useMemo(() => deploymentOf(outputs), [outputs]);
  const [session, setSession] = useState<Session>(() => ({
    state: hasTokens(localStorage) ? 'checking' : 'signed-out',
  }));

  const [connected, setConnected] = useState(false);

  useEffect(() => {
    let stop = () => {};
    let ended = false;
    // What is most likely shown next is fetched while Amplify comes and finds out.
    const next: () => Promise<unknown> = hasTokens(localStorage) ? loadWorkspace : loadSignIn;
    next().catch(() => {});
    loadAmplify().then(
      ({ amplifySession }) => {
        if (ended) return;
        stop = watchSession(amplifySession(outputs), setSession);
        setConnected(true);
      },
      () => {
        if (!ended) setSession({ state: 'unreachable' });
      },
    );
    return () => {
      ended = true;
      stop();
    };
  }, [outputs]);

  switch (session.state) {
    case 'checking':
      return <Splash />;
    case 'unreachable':
      return <StartFailed fault="unreachable" />;
    case 'signed-out':
      // The form works with Amplify as it is configured by then.
      if (!connected) return <Splash />;
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
