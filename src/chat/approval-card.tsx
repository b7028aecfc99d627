import './approval-card.css';
import { ShieldQuestionMark } from 'lucide-react';
import { useState } from 'react';
import type { Approval } from '../../amplify/core/message.ts';
import { useTexts } from '../i18n/preferences.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useWorkspace } from '../shell/workspace-context.tsx';

type Decision = NonNullable<Approval['decision']>;

/** A command that waits for the user's word. */
export function ApprovalCard({
  conversationId,
  id,
  approval,
}: {
  conversationId: string;
  id: string;
  approval: Approval;
}) {
  const { approval: t } = useTexts();
  const { api, sync } = useWorkspace();
  const attempt = useAttempt();
  const [sent, setSent] = useState<Decision | null>(null);
  const decision = approval.decision ?? sent;

  const decide = async (next: Decision) => {
    setSent(next);
    const done = await attempt(async () =>
      sync.dispatch({
        kind: 'event',
        event: await api.decideApproval(conversationId, id, approval.id, next),
      }),
    );
    if (!done) setSent(null);
  };

  return (
    <section className="approval" aria-label={t.title}>
      <p className="approval-title">
        <ShieldQuestionMark size={18} aria-hidden="true" />
        {t.title}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <pre className="approval-command" tabIndex={0}>
        {approval.command}
      </pre>
      {approval.cwd && <p className="approval-where">{t.where(approval.cwd)}</p>}
      {decision ? (
        <p className="approval-decision" role="status">
          {decision === 'allow-once' ? t.approved : t.denied}
        </p>
      ) : (
        <div className="approval-actions">
          <button
            type="button"
            className="button"
            data-kind="primary"
            onClick={() => void decide('allow-once')}
          >
            {t.approve}
          </button>
          <button type="button" className="button" onClick={() => void decide('deny')}>
            {t.deny}
          </button>
        </div>
      )}
    </section>
  );
}
