import type { ErrorCode } from '../../../amplify/core/error.ts';
import type { Outcome, PulledMessage } from '../appsync/backend.ts';
import { codeOfFailure } from '../disk-full.ts';
import type { ModelFailure } from '../model/failure.ts';
import type { EndCause, TurnResult } from './turn-ports.ts';

/** How OpenClaw ended a turn. `lost`: it died. */
export type TurnEnd =
  | { kind: 'final'; text: string }
  | { kind: 'aborted' }
  | { kind: 'error'; detail: string }
  | { kind: 'lost' };

/**
 * What becomes of a message whose turn has ended: what is committed, or why nothing is. Before a tool ran, a turn that
 * was cut off may run again; after one it is for the user to say.
 */
export function conclude(turn: {
  end: TurnEnd;
  /** Why it was ended from outside. */
  cause: EndCause | undefined;
  /** The model's last failure, unless it came right again. */
  failure: ModelFailure | undefined;
  toolsRan: boolean;
  /** Does it hand over a file? */
  hasFiles: boolean;
}): Pick<Outcome, 'status' | 'error'> | TurnResult {
  const { end, cause, failure, toolsRan } = turn;
  if (cause === 'bounced') return 'dropped';
  if (end.kind === 'final' && !failure && cause !== 'model') {
    // An answer without a word: the model ended its turn and said nothing.
    if (end.text === '' && !turn.hasFiles) return failed('model.garbage', 'an empty answer');
    return { status: 'answered' };
  }
  if (cause === 'user') return { status: 'stopped' };
  if (cause === 'leaving' || end.kind === 'lost') {
    if (toolsRan) return { status: 'interrupted' };
    return end.kind === 'lost' ? 'again' : 'left';
  }
  if (cause === 'stuck')
    return toolsRan ? { status: 'interrupted' } : failed('agent.stuck', 'no sign of life');
  if (failure) return failed(failure.code, failure.detail);
  const detail = end.kind === 'error' ? end.detail : 'OpenClaw ended the turn';
  return failed(codeOfFailure(detail), detail);
}

const failed = (code: ErrorCode, detail: string) => ({
  status: 'failed' as const,
  error: { code, detail: detail.slice(0, 300) },
});

/** What a message that has ended counts as. A Retry began when somebody pressed it: nobody knows for how long it took. */
export function measured({ acceptedAt, attempt }: PulledMessage, status: Outcome['status']) {
  if (status === 'failed') return { metrics: { FailedMessages: 1 } };
  if (status !== 'answered' || attempt > 1) return {};
  return { metrics: { AnswerSeconds: (Date.now() - Date.parse(acceptedAt)) / 1000 } };
}
