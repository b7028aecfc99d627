// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '../../amplify/core/error.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { openPage } from '../shell/app-under-test.tsx';

const saved = [
  { id: '3-2', savedAt: '2026-11-23T10:05:00.000Z', size: 1_440_000, isNext: true },
  { id: '3-1', savedAt: '2026-11-22T10:05:00.000Z', size: 127_400, isNext: false },
];

/** The section of an owner whose agent is in this state. */
async function openSection(state: 'asleep' | 'awake', snapshots = saved) {
  const api = createMemoryApi();
  Object.assign(api, { snapshots, agent: { state, revision: 1 } });
  openPage(api, { hash: '#/settings/memory' });
  await screen.findByText(/The last three states are kept/);
  return api;
}
const rows = async () =>
  (await screen.findAllByRole('listitem')).filter((row) => row.className === 'snapshot');
const texts = async () => (await rows()).map((row) => row.textContent);

test('an older state is restored after a question, and shown as the one that is used next', async () => {
  await openSection('asleep');
  expect((await texts())[0]).toMatch(/1.4 MB.*Used next/);
  fireEvent.click(within((await rows())[1] as HTMLElement).getByRole('button', { name: /^Restore/ }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('Conversations stay as they are');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Restore' }));
  await waitFor(async () => expect((await texts())[0]).toMatch(/127 kB.*Used next/));
});

test('while the agent is awake nothing can be restored, and it says why', async () => {
  const api = await openSection('awake');
  const button = within((await rows())[1] as HTMLElement).getByRole('button', { name: /^Restore/ });
  await waitFor(() => expect(button).toHaveProperty('disabled', true));
  expect(screen.getByText(/put the agent to sleep first/)).toBeTruthy();
  expect(api.calls.map(([field]) => field)).not.toContain('restoreSnapshot');
});

test('what went wrong is told, and nothing changes', async () => {
  const api = await openSection('asleep');
  api.failures.set('restoreSnapshot', new AppError('snapshot.agent_awake'));
  fireEvent.click(within((await rows())[1] as HTMLElement).getByRole('button', { name: /^Restore/ }));
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Restore' }));
  expect(await screen.findByText(/Put it to sleep first, then restore/)).toBeTruthy();
  expect((await texts())[0]).toMatch(/1.4 MB.*Used next/);
});

test('a newcomer reads that nothing is saved yet', async () => {
  await openSection('asleep', []);
  expect(await screen.findByText(/Nothing is saved yet/)).toBeTruthy();
});
