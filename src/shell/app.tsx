import { lazy, Suspense } from 'react';
import { Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { ConversationPage } from '../chat/conversation-page.tsx';
import type { Deployment } from '../session/outputs.ts';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';
import { Notices } from './notices.tsx';
import { sidePages } from './pages.ts';
import type { Workspace } from './workspace.ts';
import { WorkspaceContext } from './workspace-context.tsx';

interface AppProps {
  workspace: Workspace;
  email: string | null;
  deployment: Deployment;
  onSignOut(): Promise<void>;
}

const AnswerNews = lazy(() => import('../notify/answer-news.tsx').then((m) => ({ default: m.AnswerNews })));
const SettingsPage = lazy(() =>
  import('../settings/settings-page.tsx').then((m) => ({ default: m.SettingsPage })),
);

/** Addresses: `/`, `/c/<conversation>`, `/c/<conversation>/<message>`, `/settings`, `/settings/<section>` and those of `sidePages`. */
function CurrentPage() {
  return (
    <Suspense>
      <Switch>
        <Route path="/">
          <ConversationPage id={null} />
        </Route>
        <Route path="/c/:id/:message?">
          {({ id, message }) => <ConversationPage id={id} target={message ?? null} />}
        </Route>
        <Route path="/settings/:section?">
          {({ section }) => <SettingsPage section={section ?? null} />}
        </Route>
        {sidePages.map(({ path, component }) => (
          <Route key={path} path={path} component={component} />
        ))}
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  );
}

/** The signed-in app. Its addresses stand behind the `#`: every host serves that without a rewrite rule. */
export function App({ workspace, email, deployment, onSignOut }: AppProps) {
  return (
    <WorkspaceContext value={workspace}>
      <Router hook={useHashLocation}>
        <Layout email={email} modelNotice={deployment.modelNotice} onSignOut={onSignOut}>
          <CurrentPage />
        </Layout>
        <Suspense>
          <AnswerNews />
        </Suspense>
        <Notices />
      </Router>
    </WorkspaceContext>
  );
}
