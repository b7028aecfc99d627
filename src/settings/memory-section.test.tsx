// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../amplify/core/error.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import { openPage } from '../shell/app-under-test.tsx';

afterEach(() => void vi.unstubAllGlobals());

const saved = [
  { id: '3-2', savedAt: '2026-11-23T10:05:00.000Z', size: 1_440_000, isNext: true, isImported: false },
  { id: '3-1', savedAt: '2026-11-22T10:05:00.000Z', size: 127_400, isNext: false, isImported: false },
];

/** The section of an owner whose agent is in this state. */
async function openSection(state: 'asleep' | 'awake', snapshots = saved) {
  const api = createMemoryApi();
  Object.assign(api, { snapshots, agent: { state, revision: 1 } });
  openPage(api, { hash: '#/settings/memory' });
  await screen.findByText(/Five states are kept/);
  return api;
}
const rows = async () =>
  (await screen.findAllByRole('listitem')).filter((row) => row.className === 'snapshot');
const texts = async () => (await rows()).map((row) => row.textContent);

test('an older state is restored after a question, and shown as the one that is used next', async () => {
  await openSection('asleep');
  expect((await texts())[0]).toMatch(/1.4 MB.*Used next/);
  fireEvent.click(within((await rows())[1] as HTMLElement).getByRole('button', { name: /^Restore/ }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('Conversations stay as they are');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Restore' }));
  await waitFor(async () => expect((await texts())[0]).toMatch(/127 kB.*Used next/));
});

test('while the agent is awake nothing can be restored, and it says why', async () => {
  const api = await openSection('awake');
  const button = within((await rows())[1] as HTMLElement).getByRole('button', { name: /^Restore/ });
  await waitFor(() => expect(button).toHaveProperty('disabled', true));
  expect(screen.getByText(/put the agent to sleep first/)).toBeTruthy();
  expect(api.calls.map(([field]) => field)).not.toContain('restoreSnapshot');
});

test('what went wrong is told, and nothing changes', async () => {
  const api = await openSection('asleep');
  api.failures.set('restoreSnapshot', new AppError('snapshot.agent_awake'));
  fireEvent.click(within((await rows())[1] as HTMLElement).getByRole('button', { name: /^Restore/ }));
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Restore' }));
  expect(await screen.findByText(/Put it to sleep first, then restore/)).toBeTruthy();
  expect((await texts())[0]).toMatch(/1.4 MB.*Used next/);
});

test('a newcomer reads that nothing is saved yet', async () => {
  await openSection('asleep', []);
  expect(await screen.findByText(/Nothing is saved yet/)).toBeTruthy();
});

/** Chooses a file as a person does. */
async function choose(name: string, bytes: Uint8Array<ArrayBuffer>) {
  const input = await waitFor(() => document.querySelector('.state-import input') as HTMLInputElement);
  fireEvent.change(input, { target: { files: [new File([bytes], name)] } });
}
/** Storage that has three quarters of what is put, until `onload`. */
function stubUpload() {
  const request = {
    status: 200,
    upload: { onprogress: (_event: object) => {} },
    onload: () => {},
    open() {},
    setRequestHeader() {},
    abort() {},
    send: () => request.upload.onprogress({ loaded: 3, total: 4 }),
  };
  vi.stubGlobal('XMLHttpRequest', function XMLHttpRequest() {
    return request;
  });
  return request;
}
const zstd = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]);

test('a file is imported after a question; how far it is and a way back are shown', async () => {
  const api = await openSection('asleep');
  const request = stubUpload();
  await choose('old-agent.tar.zst', zstd);
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('old-agent.tar.zst');
  expect(dialog.textContent).toContain('The present state stays in the list');
  expect(api.calls.map(([field]) => field)).not.toContain('importSnapshot');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Import' }));
  expect(await screen.findByText('Uploading: 75%')).toBeTruthy();
  expect(screen.getByRole('progressbar', { name: 'Import of old-agent.tar.zst' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Cancel' })).toBeTruthy();
  request.onload();
  await waitFor(async () => expect((await texts())[0]).toMatch(/7 bytes.*Imported.*Used next/));
  expect((await texts())[1]).not.toMatch(/Used next/);
  expect(await screen.findByText(/begins with it when it wakes next/)).toBeTruthy();
});

test('what is no state says so and changes nothing', async () => {
  const api = await openSection('asleep');
  await choose('holiday.zip', Uint8Array.from([0x50, 0x4b, 3, 4]));
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Import' }));
  expect(await screen.findByText(/not a saved state of an agent/)).toBeTruthy();
  expect(await screen.findByRole('button', { name: /Import a file/ })).toBeTruthy();
  expect(api.calls.map(([field]) => field)).not.toContain('importSnapshot');
});

test('a newcomer can import before anything was saved', async () => {
  await openSection('asleep', []);
  expect(await screen.findByRole('button', { name: /Import a file/ })).toHaveProperty('disabled', false);
});

test('nothing is imported while the agent is awake', async () => {
  await openSection('awake');
  const button = await screen.findByRole('button', { name: /Import a file/ });
  await waitFor(() => expect(button).toHaveProperty('disabled', true));
});
