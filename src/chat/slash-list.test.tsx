// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { createMemoryApi } from '../api/memory-api.ts';
import {
  composer,
  conversationId,
  id,
  openPage,
  openWith,
  press,
  row,
  write,
} from '../shell/app-under-test.tsx';

const list = () => screen.findByRole('listbox', { name: 'Commands' });
const chosen = () => screen.getByRole('option', { selected: true }).textContent;
const sent = (api: ReturnType<typeof createMemoryApi>) =>
  api.calls.filter(([field]) => field === 'sendMessage').map(([, , , text]) => text);

describe('a slash at the beginning of a message', () => {
  test('opens the commands: arrow keys choose, the box keeps the focus, Enter runs and empties it', async () => {
    const api = createMemoryApi();
    openPage(api);
    write('/');
    const options = within(await list()).getAllByRole('option');
    expect(options[0]?.textContent).toBe('/newNew conversation');
    press({ key: 'ArrowUp' });
    expect(chosen()).toContain('/help');
    press({ key: 'ArrowDown' });
    press({ key: 'ArrowDown' });
    expect(composer().getAttribute('aria-activedescendant')).toBe(options[1]?.id);
    expect(document.activeElement).toBe(composer());
    write('/us');
    await waitFor(() => expect(chosen()).toContain('/usage'));
    press({ keyCode: 229 });
    press({});
    expect(await screen.findByRole('heading', { level: 1, name: 'Usage' })).toBeTruthy();
    expect(api.calls.some(([field]) => field === 'sendMessage')).toBe(false);
    act(() => {
      window.location.hash = '#/';
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    });
    expect((await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })).value).toBe('');
  });

  test('finds them by their names too, and a press runs one', async () => {
    openPage(createMemoryApi());
    write('/commands');
    fireEvent.click(await screen.findByRole('option', { name: '/help All commands' }));
    expect(await screen.findByRole('combobox', { name: 'What to do or where to go' })).toBeTruthy();
    expect(composer().value).toBe('');
  });

  test('stops what runs; where nothing runs, it says so and sends nothing', async () => {
    const { api } = await openWith(row({ status: 'working', epoch: 1 }));
    write('/stop');
    await list();
    press({ key: 'Tab' });
    await waitFor(() => expect(api.calls.at(-1)).toEqual(['stopMessage', conversationId, id]));
    act(() =>
      api.emit({
        kind: 'message.finished',
        conversationId,
        messageId: id,
        message: row({ status: 'stopped', epoch: 1 }),
      }),
    );
    write('/stop');
    await list();
    press({});
    expect(await screen.findByText('Nothing runs here that could be stopped.')).toBeTruthy();
    expect(sent(api)).toEqual([]);
  });

  test('is sent as it is where no command begins so, or where Escape said so', async () => {
    const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
    for (const text of ['/etc/hosts is empty', '/xyzzy']) {
      write(text);
      // Until the list was fetched, nobody knows whether it is a command.
      await waitFor(() => {
        press({});
        expect(sent(api)).toContain(text);
      });
    }
    write('/help');
    await list();
    press({ key: 'Escape' });
    expect(screen.queryByRole('listbox')).toBeNull();
    press({});
    await waitFor(() => expect(sent(api)).toEqual(['/etc/hosts is empty', '/xyzzy', '/help']));
  });
});

describe('/model', () => {
  const settings = { provider: 'anthropic' as const, model: 'claude-sonnet-5-5' };
  const modelOf = (api: ReturnType<typeof createMemoryApi>) => api.conversations.get(conversationId)?.model;
  const open = async (given: object) => {
    const { api } = await openWith(row({ status: 'answered', answer: 'Noon.' }));
    api.settings = { settings: given, revision: 1 };
    return api;
  };
  const models = () => screen.findByRole('listbox', { name: 'Model of this conversation' });

  test('is written on by Tab; a part of a name finds models with their prices, Enter takes one, and nothing is sent', async () => {
    const api = await open(settings);
    write('/mod');
    await list();
    press({ key: 'Tab' });
    expect(composer().value).toBe('/model ');
    const all = within(await models()).getAllByRole('option');
    expect(all[0]?.textContent).toBe('Default (claude-sonnet-5-5)');
    expect(all.at(-1)?.textContent).toBe('Another model…');
    write('/model opus-5-5');
    await waitFor(() => expect(chosen()).toBe('claude-opus-5-5$4 in, $20 out'));
    press({});
    const opus = { provider: 'anthropic', model: 'claude-opus-5-5' };
    await waitFor(() => expect(modelOf(api)).toEqual(opus));
    expect(await screen.findByText('Model of this conversation: claude-opus-5-5')).toBeTruthy();
    expect(composer().value).toBe('');

    write('/model def');
    await models();
    press({});
    await waitFor(() => expect(modelOf(api)).toBeNull());
    expect(sent(api)).toEqual([]);
  });

  test('with a name that nobody knows leads to the dialog, and without a provider of one’s own to the settings', async () => {
    const api = await open(settings);
    write('/model xyzzy');
    await models();
    press({});
    expect(await screen.findByRole('dialog', { name: 'Model of this conversation' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));

    api.settings = { settings: {} as never, revision: 2 };
    write('/model opus');
    await waitFor(() => expect(chosen()).toBe('Model settings'));
    press({});
    expect(await screen.findByRole('heading', { level: 2, name: 'Model' })).toBeTruthy();
    expect(sent(api)).toEqual([]);
  });

  test('is not sent while the models are still read', async () => {
    const api = await open(settings);
    const read = Promise.withResolvers<typeof api.settings>();
    api.getSettings = () => read.promise as never;
    write('/model opus-5-5');
    await waitFor(() => expect(press({})).toBe(false));
    read.resolve(api.settings);
    await models();
    expect(sent(api)).toEqual([]);
  });
});
