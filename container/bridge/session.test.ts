import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Backend, PulledMessage } from './appsync/backend.ts';
import { Bounced, Refused, Unreachable } from './appsync/error.ts';
import { leaseSilence, Session } from './session.ts';
import type { Turn } from './turn/turn.ts';

const unused = async (): Promise<never> => {
  throw new Error('not called in these tests');
};

/** A session that only pulls. Gives what it said about the lease, with the time of the word. */
function watch(pull: Backend['pull']) {
  const lost: { reason: string; at: number }[] = [];
  const over = new AbortController();
  const begin = Date.now();
  const session = new Session({
    backend: {
      openSession: unused,
      recall: unused,
      deletedConversations: unused,
      report: async () => {},
      pull,
      claim: unused,
      publish: unused,
      checkpoint: unused,
      commit: unused,
      deliver: unused,
      downloadFiles: unused,
      uploadFile: unused,
      reserveSpending: unused,
      settleSpending: unused,
      uploadSnapshot: unused,
      saveSnapshot: unused,
      release: unused,
    },
    log: () => {},
    idleSeconds: 600,
    signal: over.signal,
    makeTurn: () => {
      throw new Error('no message is given in these tests');
    },
    onLeaseLost: (reason) => lost.push({ reason, at: Date.now() - begin }),
    onQuiet: () => {},
    onActivity: () => {},
  });
  session.start();
  const end = () => {
    over.abort();
    session.stop();
  };
  return { lost, end };
}

const pulled = async () => ({
  epoch: 1,
  wakeSeq: 1,
  leaseExpiresAt: Date.now() + 120_000,
  sleepRequested: false,
  messages: [],
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a message that was in work under an earlier task', () => {
  const left: PulledMessage = {
    conversationId: '0199d7f0-0000-7000-8000-000000000001',
    id: '0199d7f0-0000-7000-8000-000000000002',
    text: 'hi',
    channel: 'web',
    status: 'working',
    attempt: 1,
    acceptedAt: '2026-01-01T00:00:00.000Z',
    answer: 'so far',
    seq: 1,
    tools: [],
    attachments: [],
    files: [],
    claims: 1,
  };
  /** A session with one message in its queue; `row` is what each pull gives, `toolsRan` what a claim tells. */
  async function serve(row: PulledMessage, toolsRan: boolean) {
    const commits: string[] = [];
    let made = 0;
    const over = new AbortController();
    const backend = {
      report: async () => {},
      pull: async () => ({ ...(await pulled()), messages: commits.length ? [] : [row] }),
      claim: async () => {
        if (toolsRan) row = { ...row, toolsRan };
        return { toolsRan };
      },
      commit: async (_: unknown, { status, error }: { status: string; error?: { code: string } }) =>
        void commits.push(error ? `${status} ${error.code}` : status),
    } as unknown as Backend;
    const session = new Session({
      backend,
      log: () => {},
      idleSeconds: 600,
      signal: over.signal,
      makeTurn: () => {
        made += 1;
        return { key: row, run: () => new Promise(() => {}) } as unknown as Turn;
      },
      onLeaseLost: () => {},
      onQuiet: () => {},
      onActivity: () => {},
    });
    session.resume();
    await vi.advanceTimersByTimeAsync(1_000);
    over.abort();
    session.stop();
    return { commits, made };
  }

  test('is run again, once', async () => {
    expect(await serve(left, false)).toEqual({ commits: [], made: 1 });
    expect(await serve({ ...left, claims: 2 }, false)).toEqual({ commits: ['failed task.lost'], made: 0 });
  });

  test('is not run again when its old task marked a tool between our pull and our claim', async () => {
    expect(await serve(left, true)).toEqual({ commits: ['interrupted'], made: 0 });
  });
});

const row: PulledMessage = {
  conversationId: '0199d7f0-0000-7000-8000-000000000001',
  id: '0199d7f0-0000-7000-8000-000000000002',
  text: 'hi',
  channel: 'web',
  status: 'queued',
  attempt: 1,
  acceptedAt: '2026-01-01T00:00:00.000Z',
  answer: '',
  seq: 0,
  tools: [],
  attachments: [],
  files: [],
};

describe('a session is quiet', () => {
  const idleMs = 60_000;

  /** Messages that wait; turns of `running` ones go on until `finish`. Gives how often it was quiet meanwhile, and whether it was after. */
  async function idle(messages: PulledMessage[], more: { claims?: 'fail' } = {}) {
    const quiet: number[] = [];
    const begin = Date.now();
    const over = new AbortController();
    const ends: (() => void)[] = [];
    const session = new Session({
      backend: {
        report: async () => {},
        pull: async () => ({ ...(await pulled()), messages }),
        claim: async () => {
          if (more.claims === 'fail') throw new Bounced('agentClaim');
          return { toolsRan: false };
        },
      } as unknown as Backend,
      log: () => {},
      idleSeconds: idleMs / 1_000,
      signal: over.signal,
      makeTurn: (message) =>
        ({
          key: message,
          run: () =>
            new Promise((resolve) => {
              ends.push(() => resolve('committed'));
            }),
          decide: async () => {},
        }) as unknown as Turn,
      onLeaseLost: () => {},
      onQuiet: () => void quiet.push(Date.now() - begin),
      onActivity: () => {},
    });
    session.resume();
    await vi.advanceTimersByTimeAsync(10 * idleMs);
    const during = quiet.length;
    for (const end of ends) end();
    messages.length = 0;
    session.ring();
    await vi.advanceTimersByTimeAsync(idleMs + 31_000);
    over.abort();
    session.stop();
    return { during, after: quiet.length > during };
  }

  test('never while a turn runs, and after the idle time once it has ended', async () => {
    expect(await idle([row])).toEqual({ during: 0, after: true });
  });

  test('never while an approval waits for its user, however long', async () => {
    const approval = { id: 'a', command: 'rm x', requestedAt: row.acceptedAt };
    expect(await idle([{ ...row, status: 'working', claims: 1, approval }])).toEqual({
      during: 0,
      after: true,
    });
  });

  test('never while a message is queued, be it behind another or not to be had', async () => {
    expect(await idle([row, { ...row, id: '0199d7f0-0000-7000-8000-000000000003' }])).toEqual({
      during: 0,
      after: true,
    });
    expect(await idle([row], { claims: 'fail' })).toEqual({ during: 0, after: true });
  });
});

describe('what a session tells its successor', () => {
  /** A session whose pulls give what `answer` holds, for a minute of quiet. */
  async function quietUntil(answer: Partial<Awaited<ReturnType<Backend['pull']>>>) {
    const session = new Session({
      backend: {
        report: async () => {},
        pull: async () => ({ ...(await pulled()), ...answer }),
        claim: async () => ({ toolsRan: false }),
      } as unknown as Backend,
      log: () => {},
      idleSeconds: 600,
      signal: new AbortController().signal,
      makeTurn: (message) => ({ key: message, run: () => new Promise(() => {}) }) as unknown as Turn,
      onLeaseLost: () => {},
      onQuiet: () => {},
      onActivity: () => {},
    });
    const begin = performance.timeOrigin + performance.now();
    session.resume();
    await vi.advanceTimersByTimeAsync(60_000);
    session.pause();
    session.stop();
    return session.quietUntil && Math.round((Date.parse(session.quietUntil) - begin) / 1_000);
  }

  test('is when its quiet time ends, however long somebody keeps it awake', async () => {
    expect(await quietUntil({})).toBe(600);
    expect(await quietUntil({ keepAwakeUntil: new Date(Date.now() + 3_600_000).toISOString() })).toBe(600);
  });

  test('is now when the user wishes it to sleep, and nothing while a message is in work', async () => {
    expect(await quietUntil({ sleepRequested: true })).toBe(60);
    const messages = [row];
    expect(await quietUntil({ messages })).toBeUndefined();
    expect(await quietUntil({ messages, sleepRequested: true })).toBeUndefined();
  });
});

describe('a wish to sleep', () => {
  test('is followed at once, and again only after a while when it did not work out', async () => {
    const quiet: number[] = [];
    const over = new AbortController();
    const begin = Date.now();
    const session: Session = new Session({
      backend: {
        report: async () => {},
        pull: async () => ({ ...(await pulled()), sleepRequested: true }),
      } as unknown as Backend,
      log: () => {},
      idleSeconds: 600,
      signal: over.signal,
      makeTurn: () => {
        throw new Error('no message is given in these tests');
      },
      onLeaseLost: () => {},
      onQuiet: () => {
        quiet.push(Date.now() - begin);
        session.pause();
        session.resume();
      },
      onActivity: () => {},
    });
    session.resume();
    await vi.advanceTimersByTimeAsync(25_000);
    over.abort();
    session.stop();
    expect(quiet).toEqual([0, 10_000, 20_000]);
  });
});

test('a session that is quiet leaves after its idle time, although the clock was set back meanwhile', async () => {
  const quiet: number[] = [];
  const over = new AbortController();
  const session = new Session({
    backend: { report: async () => {}, pull: pulled } as unknown as Backend,
    log: () => {},
    idleSeconds: 60,
    signal: over.signal,
    makeTurn: () => {
      throw new Error('no message is given in these tests');
    },
    onLeaseLost: () => {},
    onQuiet: () => quiet.push(performance.now() - begin),
    onActivity: () => {},
  });
  const begin = performance.now();
  session.resume();
  await vi.advanceTimersByTimeAsync(1_000);
  vi.setSystemTime(Date.now() - 20 * 60_000);
  await vi.advanceTimersByTimeAsync(62_000);
  over.abort();
  session.stop();
  expect(quiet[0]).toBeLessThan(61_000);
});

describe('a heartbeat', () => {
  test('that nobody has acknowledged for 90 s ends the task, half a minute before another may hold the lease', async () => {
    const { lost, end } = watch(async () => {
      throw new Unreachable('agentPull', { detail: 'no network' });
    });
    await vi.advanceTimersByTimeAsync(leaseSilence - 2_000);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(lost[0]?.reason).toContain('no pull was acknowledged for 90 s');
    expect(lost[0]?.at).toBeLessThan(95_000);
    end();
  });

  test.each([
    ['forward', 20 * 60_000],
    ['back', -20 * 60_000],
  ])('is counted by time that passes: setting the clock %s changes nothing', async (_, by) => {
    let isReachable = true;
    const { lost, end } = watch(async () => {
      if (isReachable) return pulled();
      throw new Unreachable('agentPull', { detail: 'no network' });
    });
    await vi.advanceTimersByTimeAsync(1_000);
    isReachable = false;
    vi.setSystemTime(Date.now() + by);
    await vi.advanceTimersByTimeAsync(leaseSilence - 3_000);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(lost).not.toEqual([]);
    end();
  });

  test('holds from when it was sent: an answer that was long on its way gives no more time', async () => {
    const answers = [0, 30_000];
    const { lost, end } = watch(async () => {
      const wait = answers.shift();
      if (wait === undefined) throw new Unreachable('agentPull', { detail: 'no network' });
      await new Promise((resolve) => setTimeout(resolve, wait));
      return pulled();
    });
    // The second was sent after 30 s, and answered after 60.
    await vi.advanceTimersByTimeAsync(30_000 + leaseSilence - 2_000);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(lost).not.toEqual([]);
    end();
  });

  test('that hangs without an answer ends it too', async () => {
    const { lost, end } = watch(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(leaseSilence + 2_000);
    expect(lost.length).toBeGreaterThan(0);
    end();
  });

  test('goes out every 30 s, and a few that fail in between do no harm', async () => {
    let pulls = 0;
    const { lost, end } = watch(async () => {
      pulls += 1;
      if (pulls % 2 === 0) throw new Unreachable('agentPull', { detail: 'busy' });
      return pulled();
    });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(lost).toEqual([]);
    expect(pulls).toBeGreaterThanOrEqual(20);
    end();
  });

  test.each([
    ['bounces', new Bounced('agentPull')],
    ['is refused', new Refused('agentPull', 'unauthorized', 'the task has no session')],
  ])('that %s ends the task at once', async (_, answer) => {
    const { lost, end } = watch(async () => {
      throw answer;
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lost).toHaveLength(1);
    end();
  });
});
