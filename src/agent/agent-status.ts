import type { AgentView, WakePhase } from '../../amplify/core/agent.ts';
import { formatDuration } from '../i18n/format.ts';
import type { Language, Texts } from '../i18n/texts.ts';
import type { OrbState } from './orb.tsx';

/** What the agent is doing, in a word, for its orb and its chip. */
export interface AgentStatus {
  orb: OrbState;
  text: string;
  /** When it leaves, while it is idle. */
  detail: string | null;
}

interface Told {
  /** Null before the first message ever; undefined before it was read. */
  agent: AgentView | null | undefined;
  /** Whether one of its messages is in work. */
  busy: boolean;
  /** The server's time, ms since 1970. */
  now: number;
  language: Language;
  t: Texts;
}

/** The state as people read it. */
export function agentStatus({ agent, busy, now, language, t: { agent: t } }: Told): AgentStatus {
  if (agent === undefined) return { orb: 'unknown', text: t.unknown, detail: null };
  if (agent === null) return { orb: 'asleep', text: t.asleep, detail: null };
  if (agent.state !== 'awake') return { orb: agent.state, text: t[agent.state], detail: null };
  if (busy) return { orb: 'working', text: t.working, detail: null };
  if (!agent.sleepsAt) return { orb: 'awake', text: t.awake, detail: null };
  const left = Date.parse(agent.sleepsAt) - now;
  const detail = left > 1000 ? t.sleepsIn(formatDuration(language, left)) : t.sleepsNow;
  return { orb: 'awake', text: t.awake, detail };
}

/** How far a wake is. */
export interface WakeProgress {
  /** 1 to `steps`. */
  step: number;
  steps: number;
  phase: WakePhase;
  /** Milliseconds since the wake began. */
  elapsed: number;
  /** This user's own median, milliseconds. */
  usual: number | null;
  /** 0 to 1: by the usual time if there is one, by the steps otherwise. Never 1 before it is ready. */
  share: number;
  late: boolean;
}

const shown: readonly WakePhase[] = [
  'requested',
  'provisioning',
  'pulling',
  'starting',
  'restoring',
  'booting',
];

/** Reads the progress of the wake that is under way; null when there is none. `now`: the server's time. */
export function wakeProgress(agent: AgentView | null | undefined, now: number): WakeProgress | null {
  if (agent?.state !== 'waking') return null;
  const phase = agent.phase ?? 'requested';
  const index = phase === 'ready' ? shown.length - 1 : shown.indexOf(phase);
  const elapsed = agent.wakeStartedAt ? Math.max(0, now - Date.parse(agent.wakeStartedAt)) : 0;
  const usual = agent.medianWakeMs ?? null;
  const bySteps = index / shown.length;
  const byTime = usual ? elapsed / usual : 0;
  return {
    step: index + 1,
    steps: shown.length,
    phase,
    elapsed,
    usual,
    share: Math.min(0.96, usual ? Math.max(byTime * 0.96, bySteps * 0.5) : bySteps + 0.5 / shown.length),
    late: usual !== null && elapsed > usual * 1.5 + 5000,
  };
}
