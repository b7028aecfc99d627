// @vitest-environment happy-dom
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../amplify/core/error.ts';
import type { Message } from '../../amplify/core/message.ts';
import { Unreachable } from '../api/api-error.ts';
import { createMemoryApi, type MemoryApi } from '../api/memory-api.ts';
import { undoFor } from '../conversations/deletions.ts';
import { en } from '../i18n/en.ts';
import { PreferencesProvider } from '../i18n/preferences.tsx';
import { App } from './app.tsx';
import { openWorkspace, type Workspace } from './workspace.ts';

// A busy machine takes its time; a test that is met goes on at once.
configure({ asyncUtilTimeout: 4000 });

const conversationId = '0199a000-0000-7000-8000-00000000000c';
const id = '0199a000-0000-7000-8000-000000000001';
const at = '2026-01-01T00:00:00.000Z';
const place = { conversationId, messageId: id };
const row = (rest: Partial<Message> = {}): Message => ({
  conversationId,
  id,
  text: 'What time is it?',
  channel: 'web',
  status: 'queued',
  attempt: 1,
  acceptedAt: at,
  answer: '',
  seq: 0,
  tools: [],
  attachments: [],
  files: [],
  ...rest,
});

const workspaces: Workspace[] = [];

/** A page of this user in this browser. */
function openPage(api: MemoryApi, { user = 'ann', hash = '' } = {}) {
  window.location.hash = hash;
  const workspace = openWorkspace(user, {
    api,
    storage: localStorage,
    events: window,
    exclusive: (_, work) => work(),
  });
  workspaces.push(workspace);
  const view = render(
    <PreferencesProvider initial={{ language: 'en', chosen: true, t: en }}>
      <App
        workspace={workspace}
        email="ann@example.com"
        deployment={{ signUpOpen: true, modelNotice: null }}
        onSignOut={async () => {}}
      />
    </PreferencesProvider>,
  );
  act(() => api.connect());
  return { workspace, ...view };
}

/** A page with one conversation open that holds this message. */
async function openWith(message: Message) {
  const api = createMemoryApi();
  api.conversations.set(conversationId, { id: conversationId, title: 'Time', createdAt: at, activeAt: at });
  api.put(message);
  const page = openPage(api, { hash: `#/c/${conversationId}` });
  await screen.findByText(message.text);
  return { api, ...page };
}

const composer = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
const write = (text: string) => fireEvent.change(composer(), { target: { value: text } });
const press = (key: object) => fireEvent.keyDown(composer(), { key: 'Enter', keyCode: 13, ...key });
const log = () => screen.getByRole('log');

beforeEach(() => {
  localStorage.clear();
  localStorage.setItem('openclaw.device.language', 'en');
});
afterEach(() => {
  cleanup();
  for (const workspace of workspaces.splice(0)) workspace.close();
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

describe('conversations', () => {
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

describe('settings', () => {
  test('are saved with the revision that was seen, and read again when they were changed elsewhere', async () => {
    const api = createMemoryApi();
    openPage(api);
    fireEvent.click(screen.getByRole('link', { name: 'Settings' }));
    fireEvent.change(await screen.findByLabelText('Goes to sleep after'), { target: { value: '300' } });
    api.settings = { settings: { model: 'other' }, revision: 4 };
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/changed elsewhere/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(api.settings).toMatchObject({ settings: { idleSeconds: 300 }, revision: 5 }));
  });

  test('say when the agent may be woken ahead and on which machines it runs, and Save waits for a change', async () => {
    const api = createMemoryApi();
    openPage(api, { hash: '#/settings/general' });
    const wake = await screen.findByLabelText<HTMLSelectElement>('Wakes before a message');
    expect(wake.value).toBe('open');
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    fireEvent.change(wake, { target: { value: 'off' } });
    fireEvent.change(screen.getByLabelText('Machines'), { target: { value: 'spot-first' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(api.settings).toMatchObject({
        settings: { wakeAhead: 'off', capacity: 'spot-first' },
        revision: 1,
      }),
    );
  });

  test('switch the language at once', async () => {
    openPage(createMemoryApi());
    fireEvent.click(screen.getByRole('link', { name: 'Settings' }));
    fireEvent.click(await screen.findByRole('button', { name: '한국어' }));
    expect(await screen.findByRole('heading', { name: '설정' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('ko');
  });
});
