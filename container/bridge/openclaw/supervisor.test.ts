import { describe, expect, it } from 'vitest';
import { AppError } from '../../../amplify/core/error.ts';
import type { Gateway, GatewayExit } from './gateway.ts';
import { superviseGateway } from './supervisor.ts';

/** A gateway whose end and whose connection's end the test decides. */
function gateway() {
  const exited = Promise.withResolvers<GatewayExit>();
  const closed = Promise.withResolvers<string>();
  const state = { killed: false };
  const value: Gateway = {
    pid: 1,
    exited: exited.promise,
    client: { request: async () => ({}), onEvent: () => () => {}, closed: closed.promise, close: () => {} },
    kill: () => {
      state.killed = true;
      closed.resolve('killed');
      exited.resolve({ code: null, signal: 'SIGKILL', lastLines: '' });
    },
    stop: async () => {},
  };
  return { value, state, closed, exited };
}

function supervise(gateways: (ReturnType<typeof gateway> | AppError)[]) {
  const seen: string[] = [];
  const failed: AppError[] = [];
  const started = gateways.values();
  const supervisor = superviseGateway({
    start: async () => {
      const next = started.next().value;
      if (!next) throw new Error('no further start');
      seen.push('start');
      if (next instanceof AppError) throw next;
      return next.value;
    },
    reconcile: async () => void seen.push('reconcile'),
    onLost: async () => void seen.push('lost'),
    onBack: () => seen.push('back'),
    onFailed: (error) => failed.push(error),
    log: () => {},
  });
  return { supervisor, seen, failed };
}

describe('the supervisor of OpenClaw', () => {
  it('starts it once more when it dies, after its interrupted turns were ended', async () => {
    const [first, second] = [gateway(), gateway()];
    const { supervisor, seen } = supervise([first, second]);
    await supervisor;
    first.exited.resolve({ code: 1, signal: null, lastLines: 'out of memory' });
    await expect.poll(() => seen).toEqual(['start', 'lost', 'reconcile', 'start', 'back']);
    expect((await supervisor).client).toBe(second.value.client);
  });

  it('reports the second death with its last words, and starts no third one', async () => {
    const [first, second, third] = [gateway(), gateway(), gateway()];
    const { supervisor, seen, failed } = supervise([first, second, third]);
    await supervisor;
    first.exited.resolve({ code: 1, signal: null, lastLines: '' });
    await expect.poll(() => seen.at(-1)).toBe('back');
    second.exited.resolve({ code: 78, signal: null, lastLines: 'the words' });
    await expect
      .poll(() => failed.map(({ code, message }) => [code, message]))
      .toEqual([['agent.start_failed', expect.stringMatching(/exit code 78[\s\S]*the words/)]]);
    expect(seen.filter((event) => event === 'start')).toHaveLength(2);
  });

  it('ends one that lives on without its connection, and starts it anew', async () => {
    const [first, second] = [gateway(), gateway()];
    const { supervisor, seen } = supervise([first, second]);
    await supervisor;
    first.closed.resolve('1006');
    await expect.poll(() => first.state.killed, { timeout: 3_000 }).toBe(true);
    await expect.poll(() => seen.at(-1)).toBe('back');
  });

  it('ends one that does not answer when it is told to, and starts it anew', async () => {
    const [first, second] = [gateway(), gateway()];
    const { supervisor, seen } = supervise([first, second]);
    (await supervisor).restart();
    expect(first.state.killed).toBe(true);
    await expect.poll(() => seen.at(-1)).toBe('back');
  });

  it('tries a start once more that ended by itself, at first and after a death', async () => {
    const ended = () => new AppError('agent.start_failed', { detail: 'exit code 78', retryable: true });
    const [first, second] = [gateway(), gateway()];
    const { supervisor, seen } = supervise([ended(), first, ended(), second]);
    await supervisor;
    first.exited.resolve({ code: 1, signal: null, lastLines: '' });
    await expect.poll(() => seen.at(-1)).toBe('back');
    const twice = ['start', 'reconcile', 'start'];
    expect(seen).toEqual([...twice, 'lost', 'reconcile', ...twice, 'back']);
    await expect(supervise([ended(), ended(), gateway()]).supervisor).rejects.toThrow('exit code 78');
  });

  it('does not wait twice for one that does not come up', async () => {
    const { supervisor, seen } = supervise([new AppError('agent.start_failed'), gateway()]);
    await expect(supervisor).rejects.toThrow('agent.start_failed');
    expect(seen).toEqual(['start']);
  });

  it('does nothing of the kind when it was told to stop', async () => {
    const first = gateway();
    const { supervisor, seen } = supervise([first]);
    (await supervisor).kill();
    await first.value.exited;
    expect(seen).toEqual(['start']);
  });
});
