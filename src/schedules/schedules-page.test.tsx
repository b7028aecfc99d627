// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../amplify/core/error.ts';
import type { ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { conversationId, openPage, openWith, row } from '../shell/app-under-test.tsx';
import { ownZone } from './draft.ts';

afterEach(() => void vi.unstubAllGlobals());

const news: ScheduleView = {
  ...{ id: '0199a000-0000-7000-8000-0000000000aa', conversationId, text: 'What is in the news?' },
  cadence: { kind: 'cron', expression: '0 8 * * 1-5', zone: ownZone() },
  ...{ madeBy: 'person', nextAt: '2026-11-27T08:00:00.000Z', lastRun: null },
};

async function openSchedules(schedules: readonly ScheduleView[] = [news]) {
  const api = createMemoryApi();
  const at = '2026-01-01T00:00:00.000Z';
  api.conversations.set(conversationId, {
    id: conversationId,
    title: 'Morning',
    createdAt: at,
    activeAt: at,
  });
  api.schedules = schedules;
  openPage(api, { hash: '#/schedules' });
  await screen.findByText(/A message that is sent at its time/);
  return api;
}
const saves = (api: ReturnType<typeof createMemoryApi>) =>
  api.calls.filter(([field]) => field === 'saveSchedule').map(([, given]) => given);
const choose = async (option: string) => {
  fireEvent.click(await screen.findByRole('button', { name: 'Options for “What is in the news?”' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: option }));
};

test('a schedule shows what is sent, when, where, and what became of the last time', async () => {
  const lastRun = {
    dueAt: '2026-11-26T08:00:00.000Z',
    at: '2026-11-26T08:00:20.000Z',
    error: { code: 'spending.day_cap' as const },
  };
  await openSchedules([{ ...news, lastRun }]);
  const item = (await screen.findByText('What is in the news?')).closest('li') as HTMLElement;
  expect(item.textContent).toMatch(/Monday to Friday at 8:00.AM · Next: /);
  expect(item.textContent).toMatch(/Not sent .*The limit for today/);
  await waitFor(() => expect(within(item).getByRole('link').textContent).toBe('Morning'));
});

test('somebody without one reads what it is for, and makes one in a conversation of its own', async () => {
  const api = await openSchedules([]);
  expect(await screen.findByText(/Nothing is planned yet/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'New schedule' }));
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(within(dialog).getByLabelText('Message'), { target: { value: 'Water the plants' } });
  fireEvent.change(within(dialog).getByLabelText('When'), { target: { value: 'weekly' } });
  fireEvent.change(within(dialog).getByLabelText('Time'), { target: { value: '07:30' } });
  for (const day of ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']) {
    const box = within(dialog).getByRole<HTMLInputElement>('checkbox', { name: day });
    if (box.checked !== (day === 'Monday')) fireEvent.click(box);
  }
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const [made] = [...api.conversations.values()].filter(({ id }) => id !== conversationId);
  expect(made?.title).toBe('Water the plants');
  expect(saves(api)).toEqual([
    {
      id: expect.any(String),
      ...{ conversationId: made?.id, text: 'Water the plants', isOn: true },
      cadence: { kind: 'cron', expression: '30 7 * * 1', zone: ownZone() },
    },
  ]);
  expect(await screen.findByText(/Monday at 7:30/)).toBeTruthy();
});

test('what can’t be kept is told while it is written, and nothing is sent', async () => {
  const api = await openSchedules([]);
  fireEvent.click(screen.getByRole('button', { name: 'New schedule' }));
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(within(dialog).getByLabelText('Message'), { target: { value: 'Hello' } });
  fireEvent.change(within(dialog).getByLabelText('When'), { target: { value: 'cron' } });
  const expression = within(dialog).getByLabelText('Minute, hour, day, month, weekday');
  fireEvent.change(expression, { target: { value: '*/5 * * * *' } });
  expect(await within(dialog).findByText(/Leave at least 15 minutes/)).toBeTruthy();
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  fireEvent.change(expression, { target: { value: '*/15 * * * *' } });
  expect(await within(dialog).findByText(/^Next: /)).toBeTruthy();
  expect(api.calls.map(([field]) => field)).not.toContain('createConversation');
  // What the backend refuses after all is told, and a second try makes nothing twice.
  api.failures.set('saveSchedule', new AppError('schedule.too_many'));
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect(await within(dialog).findByText(/as many schedules as there can be/)).toBeTruthy();
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(new Set(saves(api).map((given) => JSON.stringify(given))).size).toBe(1);
  expect(api.conversations.size).toBe(2);
});

test('one is put off and on, and deleted in a way that can be taken back', async () => {
  const api = await openSchedules();
  fireEvent.click(await screen.findByRole('checkbox', { name: '“What is in the news?” is on' }));
  expect(await screen.findByText(/· Off$/)).toBeTruthy();
  expect(saves(api)).toMatchObject([{ id: news.id, isOn: false, text: news.text }]);
  await choose('Delete');
  expect(await screen.findByText('The schedule is deleted.')).toBeTruthy();
  expect(await screen.findByText(/Nothing is planned yet/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(await screen.findByText('What is in the news?')).toBeTruthy();
});

test('sent now, it is a message of its conversation', async () => {
  const api = await openSchedules();
  await choose('Send now');
  await waitFor(() => {
    const sent = api.calls.find(([field]) => field === 'sendMessage');
    expect([sent?.[1], sent?.[3]]).toEqual([conversationId, 'What is in the news?']);
  });
  expect(window.location.hash).toBe(`#/c/${conversationId}`);
});

test('a message that a schedule sent says so, with when it was due if that was long before', async () => {
  const dueAt = '2026-01-01T00:00:00.000Z';
  await openWith(row({ schedule: { id: news.id, dueAt } }));
  const mark = await screen.findByRole('link', { name: 'Scheduled' });
  expect(mark.getAttribute('href')).toBe('#/schedules');
});

test('the list is read again when a schedule was sent', async () => {
  const api = await openSchedules();
  await screen.findByText('What is in the news?');
  api.schedules = [];
  api.emit({ kind: 'schedules.changed' });
  expect(await screen.findByText(/Nothing is planned yet/)).toBeTruthy();
});
