// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { createMemoryApi } from '../api/memory-api.ts';
import { composer, conversationId, openPage, openWith, press, row, write } from '../shell/app-under-test.tsx';

const chip = (name: string) => screen.findByRole('button', { name: `Model of this conversation: ${name}` });
const dialog = () => screen.findByRole('dialog', { name: 'Model of this conversation' });
const sonnet = { provider: 'anthropic' as const, model: 'claude-sonnet-5-5' };

async function openDialog(settings: object = sonnet) {
  const page = await openWith(row({ status: 'answered', answer: 'Noon.', model: 'claude-sonnet-5-5' }));
  page.api.settings = { settings, revision: 1 };
  fireEvent.click(await chip('Default'));
  return { ...page, box: await dialog() };
}

describe('a conversation’s own model', () => {
  test('is chosen among the provider’s with their prices, and taken back', async () => {
    const { api, box } = await openDialog();
    expect((await within(box).findByLabelText<HTMLInputElement>(/^Default/)).checked).toBe(true);
    expect(within(box).queryByLabelText('claude-sonnet-5-5')).toBeNull();
    fireEvent.click(within(box).getByLabelText('claude-opus-5-5 $4 in, $20 out'));
    fireEvent.click(within(box).getByRole('button', { name: 'Save' }));
    await chip('claude-opus-5-5');
    const opus = { provider: 'anthropic', model: 'claude-opus-5-5' };
    expect(api.conversations.get(conversationId)?.model).toEqual(opus);
    fireEvent.click(await chip('claude-opus-5-5'));
    fireEvent.click(await within(await dialog()).findByLabelText('Default (claude-sonnet-5-5)'));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await chip('Default');
    expect(api.conversations.get(conversationId)?.model).toBeNull();
  });

  test('that has no known price needs one', async () => {
    const { api, box } = await openDialog();
    fireEvent.click(await within(box).findByLabelText('Another model'));
    const save = () => fireEvent.click(within(box).getByRole('button', { name: 'Save' }));
    save();
    expect(within(box).getByText('Enter the name of a model of this provider.')).toBeTruthy();
    fireEvent.change(within(box).getByLabelText('Model name'), { target: { value: ' claude-next ' } });
    save();
    expect(within(box).getByText(/^Enter the price of this model/)).toBeTruthy();
    fireEvent.change(within(box).getByLabelText('Input'), { target: { value: '3' } });
    fireEvent.change(within(box).getByLabelText('Output'), { target: { value: '0,5' } });
    save();
    await chip('claude-next');
    expect(api.conversations.get(conversationId)?.model).toEqual({
      provider: 'anthropic',
      model: 'claude-next',
      price: { input: 3, output: 0.5 },
    });
  });

  test('is not to be had beside the deployment’s: a way to the settings is', async () => {
    const { box } = await openDialog({});
    expect((await within(box).findByRole('link', { name: 'Model settings' })).getAttribute('href')).toBe(
      '#/settings/model',
    );
  });

  test('can be there from the first message on', async () => {
    const api = createMemoryApi();
    api.settings = { settings: sonnet, revision: 1 };
    openPage(api);
    fireEvent.click(await chip('Default'));
    fireEvent.click(await within(await dialog()).findByLabelText(/^claude-opus-5-5 /));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await chip('claude-opus-5-5');
    write('Hello');
    press({});
    await waitFor(() => expect([...api.conversations.values()][0]?.model?.model).toBe('claude-opus-5-5'));
    await chip('claude-opus-5-5');
  });

  test('is reached by /model', async () => {
    openPage(createMemoryApi());
    write('/mod');
    await screen.findByRole('option', { name: /^\/model/ });
    press({});
    expect(await dialog()).toBeTruthy();
    expect(composer().value).toBe('');
  });
});
