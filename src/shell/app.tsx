import { Router, useRoute } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { ConversationPage } from '../chat/conversation-page.tsx';
import type { Deployment } from '../session/outputs.ts';
import { Layout } from './layout.tsx';
import { Notices } from './notices.tsx';
import type { Workspace } from './workspace.ts';
import { WorkspaceContext } from './workspace-context.tsx';

interface AppProps {
  workspace: Workspace;
  email: string | null;
  deployment: Deployment;
  onSignOut(): Promise<void>;
}

function CurrentPage() {
  const [, params] = useRoute<{ id: string }>('/c/:id');
  return <ConversationPage id={params?.id ?? null} />;
}

/** The signed-in page. The conversation stands behind the `#`: every host serves that without a rewrite rule. */
export function App({ workspace, email, deployment, onSignOut }: AppProps) {
  return (
    <WorkspaceContext value={workspace}>
      <Router hook={useHashLocation}>
        <Layout email={email} modelNotice={deployment.modelNotice} onSignOut={onSignOut}>
          <CurrentPage />
        </Layout>
      </Router>
      <Notices />
    </WorkspaceContext>
  );
}
