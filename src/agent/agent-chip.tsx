import './agent-chip.css';
import { AlarmClock, AlarmClockOff, Moon, Sunrise } from 'lucide-react';
import { usePreferences } from '../i18n/preferences.tsx';
import { Menu } from '../shell/menu.tsx';
import { useAttempt } from '../shell/use-attempt.ts';
import { useNow } from '../shell/use-now.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { agentStatus } from './agent-status.ts';
import { Orb } from './orb.tsx';

const hour = 3_600_000;

/** What the agent is doing, at the head of the page, and what it can be told. `busy`: a message of the open conversation is in work. */
export function AgentChip({ busy }: { busy: boolean }) {
  const { language, t } = usePreferences();
  const { api, sync, clock } = useWorkspace();
  const attempt = useAttempt();
  const agent = useChat((state) => (state.agentRead ? state.agent : undefined));
  const now = useNow(agent?.sleepsAt || agent?.keepAwakeUntil ? 1000 : null, clock.now);
  const { orb, text, detail } = agentStatus({ agent, busy, now, language, t });

  const tell = (call: () => ReturnType<typeof api.sleepNow>) =>
    void attempt(async () => sync.dispatch({ kind: 'event', event: await call() }));
  const wake = () =>
    void attempt(async () =>
      sync.dispatch({
        kind: 'event',
        event: { kind: 'agent.changed', agent: await api.wakeAgent('typing') },
      }),
    );
  const keep = (hours: number) => () =>
    tell(() => api.keepAwake(new Date(clock.now() + hours * hour).toISOString()));

  const lives = agent?.state === 'awake' || agent?.state === 'waking';
  const kept = Boolean(agent?.keepAwakeUntil && Date.parse(agent.keepAwakeUntil) > now);
  const items = lives
    ? [
        { key: 'one', label: t.agent.keepHours(1), icon: AlarmClock, onSelect: keep(1) },
        { key: 'four', label: t.agent.keepHours(4), icon: AlarmClock, onSelect: keep(4) },
        ...(kept
          ? [
              {
                key: 'usual',
                label: t.agent.keepUsual,
                icon: AlarmClockOff,
                onSelect: () => tell(() => api.keepAwake(null)),
              },
            ]
          : []),
        { key: 'sleep', label: t.agent.sleepNow, icon: Moon, onSelect: () => tell(() => api.sleepNow()) },
      ]
    : [{ key: 'wake', label: t.agent.wakeNow, icon: Sunrise, onSelect: wake }];

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
