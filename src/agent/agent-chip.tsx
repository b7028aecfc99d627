import './agent-chip.css';
import { usePreferences } from '../i18n/preferences.tsx';
import { useNow } from '../shell/use-now.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { agentStatus } from './agent-status.ts';
import { Orb } from './orb.tsx';

/** What the agent is doing, at the head of the page. `busy`: a message of the open conversation is in work. */
export function AgentChip({ busy }: { busy: boolean }) {
  const { language, t } = usePreferences();
  const { clock } = useWorkspace();
  const agent = useChat((state) => (state.agentRead ? state.agent : undefined));
  const now = useNow(agent?.sleepsAt ? 1000 : null, clock.now);
  const { orb, text, detail } = agentStatus({ agent, busy, now, language, t });
  return (
    <div className="agent-chip" data-state={orb}>
      <Orb state={orb} />
      <span className="visually-hidden">{t.agent.status('')}</span>
      <span>{text}</span>
      {detail && <span className="agent-chip-detail">{detail}</span>}
    </div>
  );
}
