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
