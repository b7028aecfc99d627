// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { Unreachable } from '../api/api-error.ts';
import { conversationId, id, openWith, row } from '../shell/app-under-test.tsx';

const place = { conversationId, messageId: id };
const line = async () => (await screen.findByText('Thinking')).closest('details') as HTMLDetailsElement;

async function toggle(isOpen: boolean) {
  const details = await line();
  await act(async () => {
    details.open = isOpen;
    details.dispatchEvent(new Event('toggle'));
  });
  return details;
}

test('what the model thought is a line with its time, and is fetched when it is opened', async () => {
  const message = row({ status: 'answered', answer: 'Noon.', thinkingMs: 12_400 });
  const { api } = await openWith(message);
  api.thoughts.set(id, 'The sun is high.');
  expect((await line()).textContent).toContain('12 sec');
  expect(api.calls.some(([field]) => field === 'getThinking')).toBe(false);
  await toggle(true);
  expect(await screen.findByText('The sun is high.')).toBeTruthy();
  // It is never read out by itself.
  expect(screen.getByRole('log').getAttribute('aria-live')).toBe('off');
  expect(within(await line()).queryByRole('status')).toBeNull();
});

test('what could not be read is said, and tried again when it is opened again', async () => {
  const { api } = await openWith(row({ status: 'answered', answer: 'Noon.', thinkingMs: 900 }));
  api.thoughts.set(id, 'The sun is high.');
  api.failures.set('getThinking', new Unreachable());
  await toggle(true);
  expect(await screen.findByText(/could not be read/)).toBeTruthy();
  await toggle(false);
  await toggle(true);
  expect(await screen.findByText('The sun is high.')).toBeTruthy();
});

test('an answer without thoughts has no such line', async () => {
  await openWith(row({ status: 'answered', answer: 'Noon.' }));
  await screen.findByText('Noon.');
  expect(screen.queryByText('Thinking')).toBeNull();
});

test('while the model thinks, what is opened grows, and is whole at the end', async () => {
  const { api } = await openWith(row());
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    act(() => api.emit({ kind: 'message.started', ...place, epoch: 1, attempt: 1 }));
    act(() => api.emit({ kind: 'message.progress', ...place, attempt: 1, step: 'thinking' }));
    await toggle(true);
    expect(await screen.findByText('Nothing to read yet.')).toBeTruthy();
    api.thoughts.set(id, 'The sun');
    await act(() => vi.advanceTimersByTimeAsync(2_100));
    expect(await screen.findByText('The sun')).toBeTruthy();
    api.thoughts.set(id, 'The sun is high.');
    const message = row({ status: 'answered', epoch: 1, seq: 1, answer: 'Noon.', thinkingMs: 4_000 });
    act(() => api.emit({ kind: 'message.finished', ...place, message }));
    expect(await screen.findByText('The sun is high.')).toBeTruthy();
    const asked = () => api.calls.filter(([field]) => field === 'getThinking').length;
    const before = asked();
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    expect(asked()).toBe(before);
  } finally {
    vi.useRealTimers();
  }
});
