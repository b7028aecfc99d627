import { describe, expect, test } from 'vitest';
import type { AgentView } from '../../amplify/core/agent.ts';
import { en } from '../i18n/en.ts';
import { agentStatus, wakeProgress } from './agent-status.ts';

const now = Date.UTC(2026, 0, 1);
const iso = (ms: number) => new Date(now + ms).toISOString();
const view = (rest: Partial<AgentView>): AgentView => ({ state: 'asleep', revision: 1, ...rest });
const told = (agent: AgentView | null | undefined, busy = false) => {
  const { text, detail } = agentStatus({ agent, busy, now, language: 'en', t: en });
  return detail ? `${text}, ${detail}` : text;
};

describe('the agent says', () => {
  test('that it sleeps, also before its first message ever', () => {
    expect(told(null)).toBe('Asleep');
    expect(told(view({}))).toBe('Asleep');
  });
  test('nothing yet before it was read', () => expect(told(undefined)).toBe('Connecting…'));
  test('when it leaves', () =>
    expect(told(view({ state: 'awake', sleepsAt: iso(541_000) }))).toBe('Awake, sleeps in 9 min'));
  test('that it may leave at any moment when the time is over', () =>
    expect(told(view({ state: 'awake', sleepsAt: iso(-9000) }))).toBe('Awake, sleeps any moment'));
  test('how long it is kept awake, and that it was told to sleep', () => {
    const kept = view({ state: 'awake', sleepsAt: iso(9000), keepAwakeUntil: iso(3_600_000) });
    expect(told(kept)).toBe('Awake, stays for 1 hr');
    expect(told({ ...kept, keepAwakeUntil: iso(-1) })).toBe('Awake, sleeps in 9 sec');
    expect(told({ ...kept, sleepRequested: true })).toBe('Awake, sleeps once it is done');
  });
  test('that it works rather than when it leaves', () =>
    expect(told(view({ state: 'awake', sleepsAt: iso(9000) }), true)).toBe('Working'));
});

describe('the progress of a wake', () => {
  const waking = (rest: Partial<AgentView>) =>
    wakeProgress(view({ state: 'waking', wakeStartedAt: iso(-10_000), ...rest }), now);

  test('is there only while it wakes', () => expect(wakeProgress(view({ state: 'awake' }), now)).toBeNull());
  test('counts from the begin of the wake', () => expect(waking({ phase: 'pulling' })?.elapsed).toBe(10_000));
  test('goes by the user’s own time when there is one', () => {
    expect(waking({ phase: 'pulling', medianWakeMs: 20_000 })?.share).toBeCloseTo(0.667);
    expect(waking({ phase: 'pulling', medianWakeMs: 10_000 })?.share).toBeCloseTo(0.889);
    expect(waking({ phase: 'pulling', medianWakeMs: 20_000 })?.late).toBe(false);
  });
  test('goes on within a phase when there is no such time yet', () => {
    const shares = [0, 5000, 60_000].map(
      (ago) => waking({ phase: 'booting', phaseAt: iso(-ago) })?.share ?? 0,
    );
    expect(shares).toEqual([...shares].sort());
    expect(new Set(shares).size).toBe(3);
    expect(waking({ phase: 'starting' })?.share).toBeLessThan(shares[0] ?? 0);
  });
  test('is never full before it is ready, however long it takes', () => {
    const late = waking({ phase: 'booting', medianWakeMs: 2000 });
    expect(late?.share).toBeLessThan(1);
    expect(late?.late).toBe(true);
  });
  test('does not run backwards when a clock is behind', () =>
    expect(waking({ wakeStartedAt: iso(60_000) })?.elapsed).toBe(0));
});
