import { beforeEach, describe, expect, test } from 'vitest';
import { memoryFileUrls } from '../../adapters/memory/files.ts';
import { type MemoryWorld, memoryWorld } from '../../adapters/memory/world.ts';
import { fileKey, maxAttachmentSize } from '../attachment.ts';
import { newId } from '../message-id.ts';
import { acceptMessage } from './accept-message.ts';
import { deleteFile, downloadFile } from './own-file.ts';
import { uploadFile } from './upload-file.ts';

const owner = 'ann';
const photo = { id: newId(), name: 'photo.png', type: 'image/png', size: 5 };
const made = { id: newId(), name: 'chart.png', type: 'image/png', size: 7 };
let world: MemoryWorld;
let ports: MemoryWorld['ports'] & { urls: typeof memoryFileUrls };
let key: { conversationId: string; id: string };

beforeEach(async () => {
  world = memoryWorld();
  ports = { ...world.ports, urls: memoryFileUrls };
  key = { conversationId: world.conversation(owner), id: newId(world.clock.now) };
  world.files.upload(owner, photo);
  world.files.upload(owner, made);
  await acceptMessage(world.ports, { owner, ...key, text: 'Look', attachments: [photo] });
  await world.commit(owner, key, { status: 'answered', answer: 'Nice', files: [made] });
});

describe('A place for a new file', () => {
  const sha256 = 'a'.repeat(64);

  test('has a new id below the owner, a clean name and type, and the mark of what is not sent', async () => {
    const given = { name: '../a.txt', type: 'Text/Plain; charset=x', size: 3, sha256 };
    const { file, upload } = await uploadFile(ports, owner, given);
    expect(file).toEqual({ id: expect.any(String), name: '_a.txt', type: 'text/plain', size: 3 });
    expect(new URL(upload.url).pathname).toBe(`/${fileKey(owner, file.id)}`);
    expect(upload.headers).toMatchObject({ 'content-length': '3', 'x-amz-tagging': 'state=unsent' });
  });

  test.each([
    [{ size: maxAttachmentSize + 1 }, 'attachment.too_large'],
    [{ size: -1 }, 'attachment.invalid'],
    [{ sha256: 'abc' }, 'attachment.invalid'],
  ])('is refused with %o', async (change, code) => {
    const given = { name: 'a.txt', type: 'text/plain', size: 3, sha256, ...change };
    await expect(uploadFile(ports, owner, given)).rejects.toMatchObject({ code });
  });
});

describe('A file', () => {
  test.each([photo, made])('of one’s own can be read: $name', async (file) => {
    const { url } = await downloadFile(ports, owner, key, file.id);
    expect(url).toBe(`https://bucket.test/owners/ann/files/${file.id}?get=${file.name}`);
  });

  test('that was never kept can’t be read', async () => {
    const lost = { ...made, id: newId(), size: 0, missed: 'too_large' as const };
    await world.commit(owner, key, { files: [lost] });
    await expect(downloadFile(ports, owner, key, lost.id)).rejects.toMatchObject({ code: 'file.not_found' });
  });

  test('is not there for anybody else, nor under another message, nor once its conversation is deleted', async () => {
    const notFound = { code: 'file.not_found' };
    await expect(downloadFile(ports, 'bob', key, photo.id)).rejects.toMatchObject(notFound);
    const other = { conversationId: world.conversation(owner), id: newId(world.clock.now) };
    await acceptMessage(world.ports, { owner, ...other, text: 'Hi' });
    await expect(downloadFile(ports, owner, other, photo.id)).rejects.toMatchObject(notFound);
    await expect(downloadFile(ports, owner, key, newId())).rejects.toMatchObject(notFound);
    world.conversations.remove(owner, key.conversationId);
    await expect(downloadFile(ports, owner, key, photo.id)).rejects.toMatchObject(notFound);
    await expect(deleteFile(ports, owner, key, photo.id)).rejects.toMatchObject(notFound);
  });

  test('that is deleted is gone from the bucket, and the message says when', async () => {
    const row = await deleteFile(ports, owner, key, made.id);
    const deletedAt = new Date(world.clock.now).toISOString();
    expect(row.files).toEqual([{ ...made, deletedAt }]);
    expect([...world.files.rows.keys()]).toEqual([fileKey(owner, photo.id)]);
    await expect(downloadFile(ports, owner, key, made.id)).rejects.toMatchObject({ code: 'file.not_found' });
    expect((await deleteFile(ports, owner, key, made.id)).files).toEqual([{ ...made, deletedAt }]);
  });

  test('can’t be deleted by anybody else', async () => {
    await expect(deleteFile(ports, 'bob', key, photo.id)).rejects.toMatchObject({ code: 'file.not_found' });
    expect(world.files.rows.size).toBe(2);
  });
});
