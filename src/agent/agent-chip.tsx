import './agent-chip.css';
import { AlarmClock, AlarmClockOff, Moon, Sunrise } from 'lucide-react';
import { usePreferences } from '../i18n/preferences.tsx';
import { Menu } from '../shell/menu.tsx';
import { useNow } from '../shell/use-now.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { agentStatus } from './agent-status.ts';
import { Orb } from './orb.tsx';
import { useAgentOrders } from './use-agent-orders.ts';

/** What the agent is doing, at the head of the page, and what it can be told. `busy`: a message of the open conversation is in work. */
export function AgentChip({ busy }: { busy: boolean }) {
  const { language, t } = usePreferences();
  const { clock } = useWorkspace();
  const orders = useAgentOrders();
  const agent = useChat((state) => (state.agentRead ? state.agent : undefined));
  const now = useNow(agent?.sleepsAt || agent?.keepAwakeUntil ? 1000 : null, clock.now);
  const { orb, text, detail } = agentStatus({ agent, busy, now, language, t });

  const lives = agent?.state === 'awake' || agent?.state === 'waking';
  const kept = Boolean(agent?.keepAwakeUntil && Date.parse(agent.keepAwakeUntil) > now);
  const items = lives
    ? [
        { key: 'one', label: t.agent.keepHours(1), icon: AlarmClock, onSelect: () => orders.keepAwake(1) },
        { key: 'four', label: t.agent.keepHours(4), icon: AlarmClock, onSelect: () => orders.keepAwake(4) },
        ...(kept
          ? [
              {
                key: 'usual',
                label: t.agent.keepUsual,
                icon: AlarmClockOff,
                onSelect: orders.sleepAsUsual,
              },
            ]
          : []),
        { key: 'sleep', label: t.agent.sleepNow, icon: Moon, onSelect: orders.sleep },
      ]
    : [{ key: 'wake', label: t.agent.wakeNow, icon: Sunrise, onSelect: orders.wake }];

  return (
    <div className="agent-chip-place" data-state={orb}>
      <Menu
        label={`${t.agent.status(text)}${detail ? `, ${detail}` : ''}`}
        items={items}
        opener={{
          className: 'agent-chip',
          content: (
            <>
              <Orb state={orb} />
              <span>{text}</span>
              {detail && <span className="agent-chip-detail">{detail}</span>}
            </>
          ),
        }}
      />
    </div>
  );
}
