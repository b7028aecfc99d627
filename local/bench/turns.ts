import type { WakePhase } from '../../amplify/core/agent.ts';
import type { Event } from '../../amplify/core/event.ts';
import type { User } from './user.ts';

/** Milliseconds since the key press. */
export interface Timeline {
  readonly accepted: number;
  readonly phases: Partial<Record<WakePhase, number>>;
  readonly firstToken: number;
  readonly finished: number;
}

const patience = 180_000;

/** Waits for an event that `is` takes. Rejects after three minutes, naming what was waited for. */
export function once(user: User, what: string, is: (event: Event) => boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), patience);
  const stop = user.onEvent((event) => {
    if (is(event)) resolve();
  });
  return promise.finally(() => {
    clearTimeout(timer);
    stop();
  });
}

export const asleep = (user: User): Promise<void> =>
  once(
    user,
    'the agent to leave',
    (event) => event.kind === 'agent.changed' && event.agent.state === 'asleep',
  );

/** Sends a text and notes when what came. `onFirstToken` is called in the moment of it. Throws when the answer is none. */
export async function timedTurn(
  user: User,
  conversationId: string,
  text: string,
  onFirstToken = () => {},
): Promise<Timeline> {
  const sent = performance.now();
  const since = () => performance.now() - sent;
  const phases: Partial<Record<WakePhase, number>> = {};
  let firstToken: number | undefined;
  let failed: string | undefined;
  const finished = once(user, 'an answer', (event) => {
    if (event.kind === 'agent.changed') {
      const phase = event.agent.state === 'awake' ? 'ready' : event.agent.phase;
      if (phase) phases[phase] ??= since();
    }
    if (event.kind === 'message.delta' && firstToken === undefined) {
      firstToken = since();
      onFirstToken();
    }
    if (event.kind !== 'message.finished') return false;
    if (event.message.status !== 'answered') failed = event.message.error?.code ?? event.message.status;
    return true;
  });
  await user.send(conversationId, text);
  const accepted = since();
  await finished;
  if (failed) throw new Error(`the message ended as ${failed}`);
  return { accepted, phases, firstToken: firstToken ?? since(), finished: since() };
}
