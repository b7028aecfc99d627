import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Session, watchSession } from './session.ts';

/** A browser in which somebody may be signed in. */
function browser(user: string | null, { unreachable = false } = {}) {
  const events = new EventTarget();
  let tell: (event: string) => void = () => {};
  let looks = 0;
  const state = { user, unreachable };
  const told: string[] = [];
  const stop = watchSession(
    {
      events,
      listen: (given) => {
        tell = given;
        return () => {};
      },
      tokens: async () => {
        looks += 1;
        if (state.unreachable) {
          tell('tokenRefresh_failure');
          throw new TypeError('Failed to fetch');
        }
        return state.user ? { accessToken: { payload: { sub: state.user } } } : undefined;
      },
    },
    (session: Session) => told.push(session.state === 'signed-in' ? session.user.id : session.state),
  );
  const otherTab = () =>
    events.dispatchEvent(Object.assign(new Event('storage'), { key: 'CognitoIdentityServiceProvider.x' }));
  return { state, told, stop, otherTab, tell: (event: string) => tell(event), looks: () => looks };
}
const soon = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('who is signed in', () => {
  test('is told at once and after every change, each once', async () => {
    const page = browser(null);
    await soon();
    page.state.user = 'ann';
    page.tell('signedIn');
    await soon();
    page.tell('tokenRefresh');
    page.otherTab();
    await soon();
    page.state.user = null;
    page.tell('signedOut');
    await soon();
    expect(page.told).toEqual(['signed-out', 'ann', 'signed-out']);
  });

  test('follows another tab: signing out there, and signing in as somebody else', async () => {
    const page = browser('ann');
    await soon();
    page.state.user = 'bob';
    page.otherTab();
    await soon();
    page.state.user = null;
    page.otherTab();
    await soon();
    expect(page.told).toEqual(['ann', 'bob', 'signed-out']);
  });

  test('is not taken for nobody while the network is away, and is looked up again', async () => {
    const page = browser('ann', { unreachable: true });
    await soon();
    expect(page.told).toEqual(['unreachable']);
    page.state.unreachable = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(page.told).toEqual(['unreachable', 'ann']);
  });

  test('stays while tokens cannot be refreshed, without asking in a circle', async () => {
    const page = browser('ann');
    await soon();
    page.state.unreachable = true;
    page.tell('tokenRefresh_failure');
    await vi.advanceTimersByTimeAsync(3000);
    expect(page.told).toEqual(['ann']);
    expect(page.looks()).toBe(2);
  });

  test('counts a change that came while it was looked up', async () => {
    const page = browser(null);
    page.state.user = 'ann';
    page.tell('signedIn');
    await soon();
    expect(page.told).toEqual(['ann']);
    page.stop();
  });
});
