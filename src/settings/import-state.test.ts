import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { maxSnapshotSize } from '../../amplify/core/state-file.ts';
import { createMemoryApi } from '../api/memory-api.ts';
import type { Put } from '../attachments/upload.ts';
import { type ImportProgress, importState } from './import-state.ts';

const bytes = new Uint8Array(9 * 1024 * 1024).fill(7);
bytes.set([0x28, 0xb5, 0x2f, 0xfd]);
const file = new Blob([bytes]);
const large = Object.defineProperty(new Blob([]), 'size', { value: maxSnapshotSize + 1 });
const never: Put = () => expect.unreachable();

test('a file is read piece by piece, put where the backend says, and then finished', async () => {
  const api = createMemoryApi();
  const told: ImportProgress[] = [];
  const put: Put = async (to, blob, tell) => {
    expect(to.url).toMatch(/^http/);
    expect(blob).toBe(file);
    tell(1);
  };
  const list = await importState(
    api,
    file,
    (progress) => told.push(progress),
    new AbortController().signal,
    put,
  );
  expect(list).toMatchObject([{ size: file.size, isNext: true, isImported: true }]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(api.calls).toEqual([
    ['importSnapshot', { size: file.size, sha256 }],
    ['finishImport', expect.any(String)],
  ]);
  expect(told.map(({ step, share }) => `${step} ${share.toFixed(2)}`)).toEqual([
    'reading 0.44',
    'reading 0.89',
    'reading 1.00',
    'uploading 1.00',
  ]);
});

test.each([
  ['no archive', new Blob(['PK\u0003\u0004 and so on']), 'snapshot.file_invalid'],
  ['empty', new Blob([]), 'snapshot.file_invalid'],
  ['too large', large, 'snapshot.file_too_large'],
])('a file that is %s is refused before anything is asked', async (_, bad, code) => {
  const api = createMemoryApi();
  const work = importState(api, bad, () => {}, new AbortController().signal, never);
  await expect(work).rejects.toMatchObject({ code });
  expect(api.calls).toEqual([]);
});

test('an import that was taken back while it is read or uploaded changes nothing', async () => {
  const api = createMemoryApi();
  const early = new AbortController();
  const reading = importState(api, file, () => early.abort(), early.signal, never);
  await expect(reading).rejects.toThrow();
  expect(api.calls).toEqual([]);

  const late = new AbortController();
  const uploading = importState(
    api,
    file,
    () => {},
    late.signal,
    async () => late.abort(),
  );
  await expect(uploading).rejects.toThrow();
  expect(api.calls.map(([field]) => field)).toEqual(['importSnapshot']);
});
