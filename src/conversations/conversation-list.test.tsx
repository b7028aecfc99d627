// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { Unreachable } from '../api/api-error.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { conversationId, id, openPage, openWith, row } from '../shell/app-under-test.tsx';
import { undoFor } from './deletions.ts';

test('are renamed from their menu', async () => {
  const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
  fireEvent.click(screen.getByRole('button', { name: 'Options for “Time”' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Rename' }));
  fireEvent.change(screen.getByLabelText('Title'), { target: { value: 'Noon' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Noon'));
  expect(api.conversations.get(conversationId)?.title).toBe('Noon');
});

test('are deleted after a while in which it can be taken back', async () => {
  const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
  const remove = () => {
    fireEvent.click(screen.getByRole('button', { name: 'Options for “Time”' }));
    fireEvent.click(screen.getByRole('menuitem', { name: 'Delete' }));
  };
  remove();
  await waitFor(() => expect(screen.queryByRole('link', { name: 'Time' })).toBeNull());
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await screen.findByRole('link', { name: 'Time' });
  expect(await screen.findByText('Noon.')).toBeTruthy();
  vi.useFakeTimers();
  remove();
  await act(() => vi.advanceTimersByTimeAsync(undoFor + 100));
  vi.useRealTimers();
  expect(api.conversations.size).toBe(0);
  expect(api.calls.filter(([field]) => field === 'deleteConversation')).toHaveLength(1);
});

test('that can’t be deleted are listed again, and it is said why', async () => {
  const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
  api.failures.set('deleteConversation', new Unreachable());
  vi.useFakeTimers();
  fireEvent.click(screen.getByRole('button', { name: 'Options for “Time”' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Delete' }));
  await act(() => vi.advanceTimersByTimeAsync(undoFor + 100));
  vi.useRealTimers();
  expect(await screen.findByRole('link', { name: 'Time' })).toBeTruthy();
  expect(await screen.findByText(/backend was not reached/)).toBeTruthy();
});

test('are pinned above the others', async () => {
  const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
  fireEvent.click(screen.getByRole('button', { name: 'Options for “Time”' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Pin' }));
  expect(await screen.findByRole('heading', { name: 'Pinned' })).toBeTruthy();
  expect(api.conversations.get(conversationId)?.pinnedAt).toBeTruthy();
});

test('are found by title and by what was said in them, and lead to the message', async () => {
  await openWith(row({ status: 'answered', answer: 'It was **Noon** in 강릉.' }));
  fireEvent.change(screen.getByRole('searchbox', { name: 'Search' }), { target: { value: '강릉' } });
  const results = screen.getByRole('navigation', { name: 'Search results' });
  const hit = await within(results).findByRole('link', { name: /강릉/ });
  expect(hit.getAttribute('href')).toBe(`#/c/${conversationId}/${id}`);
  expect(within(results).getByRole('status').textContent).toBe('One result');
  fireEvent.change(screen.getByRole('searchbox', { name: 'Search' }), { target: { value: 'time' } });
  expect(within(results).getByRole('link', { name: 'Time' })).toBeTruthy();
});

test('that another page deletes go from this one too', async () => {
  const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
  act(() => api.emit({ kind: 'conversation.deleted', conversationId }));
  await waitFor(() => expect(screen.queryByRole('link', { name: 'Time' })).toBeNull());
  expect(screen.getByText('This conversation is not there.')).toBeTruthy();
});

test('that are not there are told as that, not as something that loads for ever', async () => {
  openPage(createMemoryApi(), { hash: `#/c/${conversationId}` });
  expect(await screen.findByText('This conversation is not there.')).toBeTruthy();
});

test('are exported from their menu, which is shown while it lasts and can be taken back', async () => {
  const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
  const saved: string[] = [];
  const save = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function save(
    this: HTMLAnchorElement,
  ) {
    if (this.download) saved.push(this.download);
  });
  const listed = api.listMessages;
  const pages = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const asked = () => 2 - pages.length;
  api.listMessages = async (...args) => {
    await pages.shift()?.promise;
    return listed(...args);
  };
  const [first, second] = pages;
  const begin = async () => {
    fireEvent.click(screen.getByRole('button', { name: 'Options for “Time”' }));
    fireEvent.click(screen.getByRole('menuitem', { name: 'Export as Markdown' }));
    await screen.findByText('Exporting “Time”…');
  };

  await begin();
  await waitFor(() => expect(asked()).toBe(1));
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await act(async () => first?.resolve());
  await waitFor(() => expect(screen.queryByText('Exporting “Time”…')).toBeNull());
  expect(saved).toEqual([]);

  await begin();
  await waitFor(() => expect(asked()).toBe(2));
  await act(async () => second?.resolve());
  expect(await screen.findByText(/^openclaw-Time-.*\.md is saved\.$/)).toBeTruthy();
  expect(screen.queryByText('Exporting “Time”…')).toBeNull();
  expect(saved).toHaveLength(1);
  save.mockRestore();
});
