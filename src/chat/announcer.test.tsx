// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { conversationId, id, openWith, row } from '../shell/app-under-test.tsx';

const other = '0199a000-0000-7000-8000-000000000002';
const place = { conversationId, messageId: id };

/** What a screen reader has heard of the transcript, in order. */
function hear() {
  const heard: string[] = [];
  const region = screen.getByText('', { selector: '.transcript > [role=status]' });
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) heard.push(node.textContent ?? '');
  }).observe(region, { childList: true, subtree: true, characterData: true });
  return heard;
}

test('a screen reader hears each finished answer, the same words again too, and no part of one', async () => {
  const { api } = await openWith(row({ status: 'working', epoch: 1 }));
  const heard = hear();
  const delta = { kind: 'message.delta', attempt: 1, epoch: 1, seq: 1, offset: 0, text: 'Do' } as const;
  act(() => api.emit({ ...delta, ...place }));
  const answered = { status: 'answered', epoch: 1, answer: '**Done.**' } as const;
  act(() => api.emit({ kind: 'message.finished', ...place, message: row(answered) }));
  await waitFor(() => expect(heard).toEqual(['OpenClaw answered: Done.']));

  const next = { ...place, messageId: other };
  act(() => api.emit({ kind: 'message.accepted', ...next, message: row({ id: other }) }));
  act(() => api.emit({ kind: 'message.finished', ...next, message: row({ ...answered, id: other }) }));
  await waitFor(() => expect(heard).toEqual(['OpenClaw answered: Done.', 'OpenClaw answered: Done.']));
});

test('a screen reader hears of a command that waits for a word, once, and of an end without an answer', async () => {
  const { api } = await openWith(row({ status: 'working', epoch: 1 }));
  const heard = hear();
  act(() => api.emit({ kind: 'message.started', ...place, attempt: 1, epoch: 1 }));
  const approval = { id: 'a', command: 'rm -r build', requestedAt: new Date().toISOString() };
  for (let times = 0; times < 2; times += 1)
    act(() => api.emit({ kind: 'message.approval', ...place, attempt: 1, approval }));
  await waitFor(() => expect(heard).toEqual(['OpenClaw asks to run a command: rm -r build']));
  const failed = row({ status: 'failed', epoch: 1, error: { code: 'model.unreachable' } });
  act(() => api.emit({ kind: 'message.finished', ...place, message: failed }));
  await waitFor(() => expect(heard).toHaveLength(2));
  expect(heard[1]).toBe('Your message could not be answered to its end.');
});
