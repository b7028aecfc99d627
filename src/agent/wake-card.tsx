import { formatDuration } from '../../amplify/core/duration-text.ts';
import './wake-card.css';
import { formatNumber } from '../i18n/format.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useNow } from '../shell/use-now.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';
import { wakeProgress } from './agent-status.ts';
import { Orb } from './orb.tsx';

/** How far the agent is on its way up, where its answer will stand. */
export function WakeCard() {
  const { language, t } = usePreferences();
  const { clock } = useWorkspace();
  const agent = useChat((state) => state.agent);
  const now = useNow(500, clock.now);
  const progress = wakeProgress(agent, now);
  if (!progress) {
    return (
      <p className="wake-line">
        <Orb state={agent?.state === 'stopping' ? 'stopping' : 'waking'} />
        {agent?.state === 'stopping' ? t.agent.queuedStopping : t.agent.ringing}
      </p>
    );
  }
  const { step, steps, phase, elapsed, usual, share, late } = progress;
  const note = late ? t.agent.longer : usual === null ? t.agent.firstTime : null;
  return (
    <div className="wake-card">
      <Orb state="waking" size="medium" />
      <div className="wake-card-body">
        <p className="wake-card-title">{t.agent.wakeTitle}</p>
        <div
          className="wake-card-bar"
          role="progressbar"
          aria-label={t.agent.wakeTitle}
          aria-valuemin={1}
          aria-valuemax={steps}
          aria-valuenow={step}
          aria-valuetext={`${t.agent.step(formatNumber(language, step), formatNumber(language, steps))}: ${t.agent.phases[phase]}`}
        >
          <span style={{ width: `${share * 100}%` }} />
        </div>
        <p className="wake-card-facts">
          <span>{t.agent.phases[phase]}</span>
          <span className="wake-card-time">
            {t.agent.elapsed(formatDuration(language, elapsed))}
            {usual !== null && `, ${t.agent.usually(formatDuration(language, usual))}`}
          </span>
        </p>
        {note && <p className="wake-card-note">{note}</p>}
      </div>
    </div>
  );
}
