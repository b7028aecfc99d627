import { expect, test } from 'vitest';
import type { Approval } from '../../../amplify/core/message.ts';
import { TurnApprovals } from './approvals.ts';

const sessionKey = 'agent:main:c';
const asks = (id: string, session = sessionKey) => ({
  event: 'exec.approval.requested',
  payload: { id, createdAtMs: 0, request: { sessionKey: session, command: `run ${id}` } },
});

/** Approvals before a gateway that answers so. Gives what is kept last, and the decisions that the gateway got. */
function begin(resolve: () => Promise<unknown> = async () => ({})) {
  const kept: (string | null)[] = [];
  const decided: unknown[] = [];
  const approvals = new TurnApprovals({
    gateway: {
      request: (async (_method: string, params: unknown) => {
        decided.push(params);
        return resolve();
      }) as never,
    },
    sessionKey,
    messageId: 'm',
    log: () => {},
    keep: async (approval: Approval | null) => void kept.push(approval?.id ?? null),
  });
  return { approvals, kept, decided };
}

test('a decision goes to OpenClaw once, and only for what waits', async () => {
  const { approvals, kept, decided } = begin();
  approvals.take(asks('of another turn', 'agent:main:other'));
  approvals.take(asks('a'));
  await approvals.decide('an older one', 'allow-once');
  await approvals.decide('a', 'deny');
  await approvals.decide('a', 'allow-once');
  expect(decided).toEqual([{ id: 'a', decision: 'deny' }]);
  expect(kept.at(-1)).toBeNull();
});

test('the next question stands although the answer to the last is not through yet', async () => {
  const answer = Promise.withResolvers<void>();
  const { approvals, kept, decided } = begin(() => answer.promise);
  approvals.take(asks('a'));
  const first = approvals.decide('a', 'allow-once');
  approvals.take(asks('b'));
  answer.resolve();
  await first;
  expect(kept.at(-1)).toBe('b');
  await approvals.decide('b', 'allow-once');
  expect(decided).toHaveLength(2);
  expect(kept.at(-1)).toBeNull();
});

test('what expires waits no more, and cannot be decided', async () => {
  const { approvals, kept, decided } = begin();
  approvals.take(asks('a'));
  approvals.take({ event: 'exec.approval.resolved', payload: { id: 'a' } });
  await approvals.decide('a', 'allow-once');
  await expect.poll(() => kept.at(-1)).toBeNull();
  expect(decided).toEqual([]);
});
