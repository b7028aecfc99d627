// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { dayOf } from '../../amplify/core/usage.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { at, conversationId, openPage } from '../shell/app-under-test.tsx';

const today = dayOf(Date.now());
const period = today.slice(0, 7);
const day = today.slice(8);

/** A month in which today has cost this much, micros. */
function usageOf(micros: number) {
  const api = createMemoryApi();
  api.usage = [
    { period, counted: micros, [`counted${day}`]: micros, [`model${day}`]: micros },
    { period: `${period}#${conversationId}`, model: micros, calls: 3 },
    { period: `${period}#0199a000-0000-7000-8000-0000000000ff`, model: 1000, calls: 1 },
  ];
  api.conversations.set(conversationId, { id: conversationId, title: 'Time', createdAt: at, activeAt: at });
  return api;
}

test('conversations are named, and those that are gone are told as that', async () => {
  openPage(usageOf(1_000_000), { hash: '#/usage' });
  const page = within(screen.getByRole('main'));
  expect(await page.findByRole('row', { name: /^Time/ })).toBeTruthy();
  expect(await page.findByRole('row', { name: /^Deleted conversation/ })).toBeTruthy();
  expect(page.queryByText(/limit for today is reached/)).toBeNull();
});

test('a limit that is reached is told, with the way to change it', async () => {
  openPage(usageOf(5_000_000), { hash: '#/usage' });
  expect(await screen.findByText(/limit for today is reached/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Change the limits' }).getAttribute('href')).toBe(
    '#/settings/spending',
  );
});

test('what it cost to wait is told apart, where tasks have told how long they worked', async () => {
  const api = usageOf(0);
  api.usage = [{ period, seconds: 7200, [`aws${day}`]: 40_000, workedMs: 3_600_000, 'task-a': 1 }];
  openPage(api, { hash: '#/usage' });
  expect(await screen.findByText(/For 1 hr of that no message was in work.*about \$0\.02/)).toBeTruthy();
});

test('what the month has cost stands beside the way to this page, and nothing waits for it', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    const api = usageOf(420_000);
    openPage(api);
    const asked = () => api.calls.filter(([field]) => field === 'getUsage').length;
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(asked()).toBe(0);
    await act(() => vi.advanceTimersByTimeAsync(4_000));
    expect(await screen.findByRole('link', { name: 'Usage $0.42 this month' })).toBeTruthy();
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(asked()).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
