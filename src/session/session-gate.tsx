import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { forgetNotifications } from '../notify/worker.ts';
import { Splash } from '../shell/splash.tsx';
import { type AmplifyOutputs, backendOf, deploymentOf } from './outputs.ts';
import { type Session, watchSession } from './session.ts';
import { StartFailed } from './start-failed.tsx';
import { hasTokens } from './token-store.ts';
import { createTokens } from './tokens.ts';

const SignIn = lazy(() => import('./sign-in.tsx').then(({ SignIn }) => ({ default: SignIn })));
const loadWorkspace = () => import('../shell/connected-workspace.tsx');
const Workspace = lazy(() =>
  loadWorkspace().then(({ ConnectedWorkspace }) => ({ default: ConnectedWorkspace })),
);
// Most likely still signed in: the app is fetched while that is found out.
if (hasTokens(localStorage)) loadWorkspace().catch(() => {});

/** Shows sign-in or the app, by who is signed in. Another user begins with nothing of the last one's. */
export function SessionGate({ outputs }: { outputs: AmplifyOutputs }) {
  const deployment = useMemo(() => deploymentOf(outputs), [outputs]);
  const backend = useMemo(() => backendOf(outputs), [outputs]);
  const tokens = useMemo(() => createTokens(backend), [backend]);
  const [session, setSession] = useState<Session>({ state: 'checking' });
  /** Somebody was signed in here and did not sign out here. */
  const [ended, setEnded] = useState(false);
  /** Who was signed in here has everything erased. */
  const [erased, setErased] = useState(false);
  const tabs = useRef<BroadcastChannel | null>(null);
  const onErased = useCallback(() => {
    setErased(true);
    tabs.current?.postMessage('erased');
  }, []);
  // Tabs beside this one are signed out by the tokens that are gone; this says why.
  useEffect(() => {
    const channel = new BroadcastChannel('openclaw.session');
    channel.onmessage = () => setErased(true);
    tabs.current = channel;
    return () => channel.close();
  }, []);
  const told = useRef<Session['state']>('checking');
  useEffect(
    () =>
      watchSession(
        {
          // Without network whoever was here may read what lies in this browser; calls renew the tokens later.
          tokens: () => tokens.current().catch(() => tokens.kept()),
          listen: (tell) => tokens.listen(() => tell('signedIn')),
          events: window,
        },
        (next) => {
          if (told.current === 'signed-in') setEnded(next.state === 'signed-out' && !tokens.hasLeft());
          if (next.state === 'signed-in') setErased(false);
          told.current = next.state;
          setSession(next);
          if (next.state === 'signed-out') forgetNotifications().catch(console.warn);
        },
      ),
    [tokens],
  );

  switch (session.state) {
    case 'checking':
      return <Splash />;
    case 'unreachable':
      return <StartFailed fault="unreachable" />;
    case 'signed-out':
      return (
        <Suspense fallback={<Splash />}>
          <SignIn
            outputs={outputs}
            deployment={deployment}
            note={erased ? 'erased' : ended ? 'ended' : null}
            onSignedIn={tokens.changed}
          />
        </Suspense>
      );
    case 'signed-in':
      return (
        <Suspense fallback={<Splash />}>
          <Workspace
            key={session.user.id}
            user={session.user}
            deployment={deployment}
            backend={backend}
            tokens={tokens}
            onErased={onErased}
          />
        </Suspense>
      );
  }
}
