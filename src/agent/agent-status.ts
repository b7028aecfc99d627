import type { AgentView, WakePhase } from '../../amplify/core/agent.ts';
import { formatDuration } from '../../amplify/core/duration-text.ts';
import type { Language } from '../../amplify/core/language.ts';
import type { Texts } from '../i18n/texts.ts';
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
  if (agent.sleepRequested) return { orb: 'awake', text: t.awake, detail: t.sleepsSoon };
  const kept = agent.keepAwakeUntil ? Date.parse(agent.keepAwakeUntil) - now : 0;
  if (kept > 1000) {
    return { orb: 'awake', text: t.awake, detail: t.keptFor(formatDuration(language, kept)) };
  }
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
  /** 0 to 1: by the usual time if there is one, by the phases otherwise. Grows all the time and is never 1. */
  share: number;
  late: boolean;
}

/** The phases that are shown, with the part of a wake that each takes, roughly: where the first wake's bar stands. */
const shown: readonly { phase: WakePhase; part: number }[] = [
  { phase: 'requested', part: 0.06 },
  { phase: 'provisioning', part: 0.22 },
  { phase: 'pulling', part: 0.22 },
  { phase: 'starting', part: 0.05 },
  { phase: 'restoring', part: 0.05 },
  { phase: 'booting', part: 0.4 },
];

/** Milliseconds in which about two thirds of a phase's part of the bar fill up, when nothing better is known. */
const phaseTime = 10_000;

/** A first wake, with an image to be fetched, is late after this; milliseconds. */
const firstIsLate = 150_000;

/** Comes ever nearer to 1: two thirds at `typical`. */
const approach = (elapsed: number, typical: number): number => 1 - Math.exp(-elapsed / typical);

function shareOf(index: number, elapsed: number, inPhase: number, usual: number | null): number {
  const before = shown.slice(0, index).reduce((sum, { part }) => sum + part, 0);
  if (usual !== null) return Math.max(approach(elapsed, usual / 2.2), before / 2);
  return before + (shown[index]?.part ?? 0) * 0.96 * approach(inPhase, phaseTime);
}

/** Reads the progress of the wake that is under way; null when there is none. `now`: the server's time. */
export function wakeProgress(agent: AgentView | null | undefined, now: number): WakeProgress | null {
  if (agent?.state !== 'waking') return null;
  const phase = agent.phase ?? 'requested';
  const found = shown.findIndex((each) => each.phase === phase);
  const index = found < 0 ? shown.length - 1 : found;
  const since = (at: string | null | undefined) => (at ? Math.max(0, now - Date.parse(at)) : 0);
  const elapsed = since(agent.wakeStartedAt);
  const usual = agent.medianWakeMs ?? null;
  return {
    step: index + 1,
    steps: shown.length,
    phase,
    elapsed,
    usual,
    share: shareOf(index, elapsed, since(agent.phaseAt), usual),
    late: elapsed > (usual === null ? firstIsLate : usual * 1.5 + 5000),
  };
}
