// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
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
