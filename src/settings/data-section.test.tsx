// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Unreachable } from '../api/api-error.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { at, conversationId, openPage, row } from '../shell/app-under-test.tsx';

/** What became of the account. */
function account() {
  const happened: string[] = [];
  return {
    happened,
    remove: async () => void happened.push('removed'),
    leave: async () => void happened.push('left'),
  };
}
async function openSection(given = account()) {
  const api = createMemoryApi();
  api.conversations.set(conversationId, { id: conversationId, title: 'Time', createdAt: at, activeAt: at });
  api.put(row());
  openPage(api, { hash: '#/settings/data', account: given });
  await screen.findByRole('heading', { name: 'Delete my data' });
  return { api, happened: given.happened };
}
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));
const type = async (word: string) =>
  fireEvent.change(await screen.findByLabelText(/Type “delete”/), { target: { value: word } });
const confirm = () => within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete for good' });

afterEach(() => vi.restoreAllMocks());

test('says what goes and what stays, and deletes only after the typed word; then the page is left', async () => {
  const { api, happened } = await openSection();
  expect(screen.getByText(/all conversations, messages and files/)).toBeTruthy();
  expect(screen.getByText(/how much was spent this month/)).toBeTruthy();
  press('Delete my data…');
  await type('delet');
  expect(confirm()).toHaveProperty('disabled', true);
  fireEvent.submit(confirm().closest('form') as HTMLFormElement);
  expect(api.calls.map(([field]) => field)).not.toContain('eraseEverything');
  await type(' Delete ');
  fireEvent.click(confirm());
  await waitFor(() => expect(happened).toEqual(['left']));
  expect(api.calls).toContainEqual(['eraseEverything', false]);
});

test('the account goes, too, where that is wanted', async () => {
  const { api, happened } = await openSection();
  fireEvent.click(screen.getByRole('checkbox', { name: 'Delete my account, too' }));
  expect(screen.getByText(/these numbers too/)).toBeTruthy();
  press('Delete my data…');
  await type('delete');
  fireEvent.click(confirm());
  await waitFor(() => expect(happened).toEqual(['removed', 'left']));
  expect(api.calls).toContainEqual(['eraseEverything', true]);
});

test('what the backend did not take is told, and nobody is signed out', async () => {
  const { api, happened } = await openSection();
  api.failures.set('eraseEverything', new Unreachable());
  press('Delete my data…');
  await type('delete');
  fireEvent.click(confirm());
  expect(await screen.findByText(/The backend was not reached/)).toBeTruthy();
  expect(confirm()).toHaveProperty('disabled', false);
  expect(happened).toEqual([]);
});

test('an account that could not be removed is told; the data goes all the same', async () => {
  const given = { ...account(), remove: () => Promise.reject(new Error('offline')) };
  const { api, happened } = await openSection(given);
  fireEvent.click(screen.getByRole('checkbox', { name: 'Delete my account, too' }));
  press('Delete my data…');
  await type('delete');
  fireEvent.click(confirm());
  expect(await screen.findByText(/but the account could not be/)).toBeTruthy();
  expect(api.calls).toContainEqual(['eraseEverything', true]);
  expect(happened).toEqual([]);
});

test('an export can be followed and cancelled, and is saved as a file', async () => {
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  const { api } = await openSection();
  const { listMessages } = api;
  let read = (): void => {};
  api.listMessages = async (...args) => {
    await new Promise<void>((resolve) => {
      read = resolve;
    });
    return listMessages(...args);
  };
  press('Export as JSON');
  expect(await screen.findByText(/0 messages of 0 conversations read/)).toBeTruthy();
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  read();
  expect(await screen.findByRole('button', { name: 'Export as JSON' })).toBeTruthy();
  expect(saved).toEqual([]);
  api.listMessages = listMessages;
  press('Export as Markdown');
  await waitFor(() => expect(saved).toEqual([expect.stringMatching(/^openclaw-conversations-.*\.md$/)]));
  expect(await screen.findByText(/\.md is saved\./)).toBeTruthy();
});
