import { expect, test, vi } from 'vitest';
import type { Attachment, FileUpload } from '../../../amplify/core/attachment.ts';
import type { PulledMessage } from '../appsync/backend.ts';
import { turnFiles } from './turn-files.ts';
import { FileTooLarge } from './workspace-files.ts';

const id = '01938000-0000-7000-8000-000000000001';
const fileId = (n: number) => `01938000-0000-7000-8000-00000000010${n}`;
const file = (n: number, name: string, size = 3): Attachment => ({
  id: fileId(n),
  name,
  type: 'text/plain',
  size,
});
const messageWith = (attachments: Attachment[]) =>
  ({ id, conversationId: id, text: 'Look', attachments }) as PulledMessage;

/** A workspace in memory, and a backend whose URLs are data. */
function make(stored: Record<string, string> = {}) {
  const written = new Map<string, string>();
  const backend = {
    downloadFiles: async () =>
      Object.entries(stored).map(([each, bytes]) => ({
        id: each,
        download: { url: `data:text/plain,${bytes}`, headers: {} },
      })),
    uploadFile: vi.fn(async (): Promise<FileUpload> => {
      throw new Error('no more');
    }),
  };
  const files = turnFiles({
    backend,
    workspace: {
      put: async (path, bytes) => void written.set(path, Buffer.from(bytes).toString()),
      get: async (path) => {
        if (path === 'large.zip') throw new FileTooLarge('larger than 26214400 bytes');
        if (path === 'gone.txt') throw new Error('ENOENT');
        return Buffer.from(path);
      },
    },
    root: '/work',
    log: () => {},
  });
  return { files, written, backend };
}

test('two files of one name both arrive', async () => {
  const { files, written } = make({ [fileId(1)]: 'one', [fileId(2)]: 'two' });
  const { text } = await files.handIn(messageWith([file(1, 'a.txt'), file(2, 'A.txt')]));
  expect([...written]).toEqual([
    [`inbox/${id}/a.txt`, 'one'],
    [`inbox/${id}/A-2.txt`, 'two'],
  ]);
  expect(text).toContain(`- inbox/${id}/A-2.txt (text/plain, 3 bytes)`);
});

test('a message without files is told as it is', async () => {
  expect(await make().files.handIn(messageWith([]))).toEqual({ text: 'Look', pictures: [], recordings: [] });
});

test('a file that is missing, deleted or not what it was is said to be so, and the rest arrives', async () => {
  const { files, written } = make({ [fileId(1)]: 'one', [fileId(3)]: 'longer' });
  const deleted = { ...file(2, 'b.txt'), deletedAt: '2026-01-01T00:00:00.000Z' };
  const { text } = await files.handIn(messageWith([file(1, 'a.txt'), deleted, file(3, 'c.txt')]));
  expect(text).toContain('- b.txt: could not be read (it was deleted)');
  expect(text).toContain('- c.txt: could not be read (it is missing)');
  expect([...written.values()]).toEqual(['one']);
});

test('what the agent names is looked for in the workspace only, each file once', async () => {
  const { files, backend } = make();
  const named = ['./a.txt', '/work/a.txt', 'file:///work/a.txt', '../b.txt', '/etc/passwd', '.'];
  expect(await files.handOut({ conversationId: id, id, attempt: 1 }, named)).toMatchObject([
    { name: 'a.txt', missed: 'failed' },
  ]);
  expect(backend.uploadFile).toHaveBeenCalledTimes(1);
});

test('what the agent made and nobody gets is named with its reason: too large, too many, or lost on the way', async () => {
  const { files, backend } = make();
  backend.uploadFile.mockImplementation(async () => ({
    file: file(1, 'kept.txt'),
    upload: { url: 'https://storage.test/never', headers: {} },
  }));
  const put = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async () => new Response(null, { status: 200 }));
  const named = ['large.zip', 'gone.txt', ...Array.from({ length: 11 }, (_each, at) => `${at}.txt`)];
  const made = await files.handOut({ conversationId: id, id, attempt: 1 }, named);
  put.mockRestore();
  expect(made.slice(0, 2)).toMatchObject([
    { name: 'large.zip', type: 'application/zip', size: 0, missed: 'too_large' },
    { name: 'gone.txt', missed: 'failed' },
  ]);
  expect(made.slice(2).map(({ missed }) => missed)).toEqual([
    ...Array(8).fill(undefined),
    ...Array(3).fill('too_many'),
  ]);
});
