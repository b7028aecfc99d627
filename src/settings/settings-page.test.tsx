// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createMemoryApi } from '../api/memory-api.ts';
import { openPage } from '../shell/app-under-test.tsx';

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

test('say what an hour costs at each size that the deployment offers, on the machines that are chosen', async () => {
  const api = createMemoryApi();
  api.deployment = { ...api.deployment, idleSeconds: 300 };
  openPage(api, { hash: '#/settings/general' });
  const size = await screen.findByLabelText<HTMLSelectElement>('Size');
  const shown = () => [...size.options].map(({ text }) => text);
  expect(shown()).toEqual([
    'As deployed (1 vCPU, 2 GB, $0.025 an hour)',
    '0.5 vCPU, 2 GB, $0.017 an hour',
    '1 vCPU, 2 GB, $0.025 an hour',
    '1 vCPU, 4 GB, $0.028 an hour',
    '2 vCPU, 4 GB, $0.045 an hour',
  ]);
  expect(screen.getByText('As deployed (5 min)')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Machines'), { target: { value: 'on-demand' } });
  expect(shown().at(-1)).toBe('2 vCPU, 4 GB, $0.084 an hour');
  fireEvent.change(size, { target: { value: '2048x4096' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(api.settings.settings).toMatchObject({ taskSize: '2048x4096' }));
});

test('limits of everybody are for admins, stay below the configuration’s, and say so when others changed them', async () => {
  const api = createMemoryApi();
  openPage(api, { hash: '#/settings/spending' });
  await screen.findByLabelText('Limit for a day, US dollars');
  expect(screen.queryByText('Everybody')).toBeNull();
  cleanup();
  api.isAdmin = true;
  openPage(api, { hash: '#/settings/spending' });
  const total = await screen.findByLabelText('All accounts together, a day, US dollars');
  const save = () => fireEvent.click(screen.getAllByRole('button', { name: 'Save' })[1] as HTMLElement);
  fireEvent.change(total, { target: { value: '21' } });
  save();
  expect(screen.getByText('This deployment allows $20.00 at most.')).toBeTruthy();
  fireEvent.change(total, { target: { value: '7.5' } });
  fireEvent.click(screen.getByLabelText('Stop all spending for everybody'));
  api.deploymentSettings = { settings: { dayCapCents: 100 }, revision: 3 };
  save();
  expect(await screen.findByText(/changed elsewhere/)).toBeTruthy();
  save();
  await waitFor(() =>
    expect(api.deploymentSettings).toMatchObject({
      settings: { dayCapCents: 100, totalDayCapCents: 750, spendingStopped: true },
      revision: 4,
    }),
  );
});

test('the API is asked for where a server may know two, and is tried and saved', async () => {
  const api = createMemoryApi();
  api.settings = { settings: { provider: 'anthropic', model: 'claude-sonnet-5-5' }, revision: 1 };
  openPage(api, { hash: '#/settings/model' });
  const provider = await screen.findByLabelText('Provider');
  expect(screen.queryByLabelText('API')).toBeNull();
  fireEvent.change(provider, { target: { value: 'openai-compatible' } });
  fireEvent.change(screen.getByLabelText('API'), { target: { value: 'openai-responses' } });
  fireEvent.change(screen.getByLabelText('Base URL'), { target: { value: 'https://models.test/v1' } });
  fireEvent.change(screen.getByLabelText('Input'), { target: { value: '1' } });
  fireEvent.change(screen.getByLabelText('Output'), { target: { value: '2' } });
  fireEvent.click(screen.getByRole('button', { name: 'Test' }));
  await waitFor(() => expect(api.calls.at(-1)).toMatchObject(['testModel', { api: 'openai-responses' }]));
  fireEvent.change(screen.getByLabelText('Thinking'), { target: { value: 'medium' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(api.settings.settings).toMatchObject({ api: 'openai-responses', thinking: 'medium' }),
  );
});

test('switch the language at once', async () => {
  openPage(createMemoryApi());
  fireEvent.click(screen.getByRole('link', { name: 'Settings' }));
  fireEvent.click(await screen.findByRole('button', { name: '한국어' }));
  expect(await screen.findByRole('heading', { name: '설정' })).toBeTruthy();
  expect(document.documentElement.lang).toBe('ko');
});
