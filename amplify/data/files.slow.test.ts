import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileUpload, maxAttachmentSize } from '../core/attachment.ts';
import { message } from '../core/message.ts';
import { presigned } from '../core/presigned.ts';
import { ownSnapshot, snapshotExport, snapshotImport } from '../core/snapshot.ts';
import { type Person, parsed, startWholeCloud, typeOf, type WholeCloud } from './whole-cloud-under-test.ts';

let whole: WholeCloud;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  whole = await startWholeCloud();
  ann = await whole.signUpPerson('ann@example.com');
  bob = await whole.signUpPerson('bob@example.com');
  // A synthesis takes its time on a busy machine.
}, 300_000);
afterAll(() => whole?.close());

const sha256Of = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function placeFor(person: Person, name: string, bytes: string, change: object = {}) {
  const query =
    'mutation ($name: String!, $type: String!, $size: Int!, $sha256: String!) { uploadFile(name: $name, type: $type, size: $size, sha256: $sha256) }';
  const size = Buffer.byteLength(bytes);
  return whole.ask(person, query, { name, type: 'text/plain', size, sha256: sha256Of(bytes), ...change });
}

/** What fetch may not set itself: the length is what the bytes are. */
const sendable = ({ 'content-length': _, ...headers }: Record<string, string>) => headers;

async function upload(person: Person, name: string, bytes: string) {
  const { file, upload: place } = fileUpload.parse(
    parsed((await placeFor(person, name, bytes)).data?.uploadFile),
  );
  const put = await fetch(place.url, { method: 'PUT', headers: sendable(place.headers), body: bytes });
  expect(put.status).toBe(200);
  return file;
}

async function send(person: Person, attachments: unknown, conversationId?: string) {
  const place = { conversationId: conversationId ?? v7(), id: v7() };
  if (!conversationId) {
    const create = `mutation ($id: String!) { createConversation(id: $id, title: "") { owner kind conversationId messageId body } }`;
    expect(typeOf(await whole.ask(person, create, { id: place.conversationId }))).toBe('no error');
  }
  const query =
    'mutation ($conversationId: String!, $id: String!, $attachments: AWSJSON) { sendMessage(conversationId: $conversationId, id: $id, text: "Read this", attachments: $attachments) }';
  const answer = await whole.ask(person, query, { ...place, attachments: JSON.stringify(attachments) });
  return { ...place, answer };
}

const inMessage = (field: string) =>
  `mutation ($conversationId: String!, $messageId: String!, $id: String!) { ${field}(conversationId: $conversationId, messageId: $messageId, id: $id) }`;

describe('A file', () => {
  test('is uploaded, sent, read by its owner as a download, and deleted', async () => {
    const file = await upload(ann, '보고서.txt', 'the report');
    const { conversationId, id: messageId, answer } = await send(ann, [file]);
    expect(message.parse(parsed(answer.data?.sendMessage)).attachments).toEqual([file]);
    const place = { conversationId, messageId, id: file.id };
    const { url } = presigned.parse(
      parsed((await whole.ask(ann, inMessage('downloadFile'), place)).data?.downloadFile),
    );
    const read = await fetch(url);
    expect(await read.text()).toBe('the report');
    expect(read.headers.get('content-type')).toBe('application/octet-stream');
    expect(read.headers.get('content-disposition')).toMatch(/^attachment; .*%EB%B3%B4/);

    for (const field of ['downloadFile', 'deleteFile']) {
      expect((await whole.ask(bob, inMessage(field), place)).errors?.[0]?.message).toMatch(
        /^file\.not_found/,
      );
    }
    const gone = await whole.ask(ann, inMessage('deleteFile'), place);
    expect(message.parse(parsed(gone.data?.deleteFile)).attachments).toEqual([
      { ...file, deletedAt: expect.any(String) },
    ]);
    expect((await fetch(url)).status).toBe(403);
  });

  test('goes only where its URL was signed for: no other owner, length, type, bytes or mark', async () => {
    const answer = await placeFor(ann, 'a.txt', 'hello');
    const { file, upload: place } = fileUpload.parse(parsed(answer.data?.uploadFile));
    expect(new URL(place.url).pathname).toMatch(new RegExp(`/owners/${ann.sub}/files/${file.id}$`));
    const put = async (url: string, body: string, change: Record<string, string> = {}) =>
      (await fetch(url, { method: 'PUT', headers: { ...sendable(place.headers), ...change }, body })).status;
    expect(await put(place.url.replace(ann.sub, bob.sub), 'hello')).toBe(403);
    expect(await put(place.url, 'hello, and a lot more')).toBe(403);
    expect(await put(place.url, 'hello', { 'content-type': 'text/html' })).toBe(403);
    expect(await put(place.url, 'hello', { 'x-amz-tagging': 'state=sent' })).toBe(403);
    expect(await put(place.url, 'HELLO')).toBe(400);
    expect(await put(place.url, 'hello')).toBe(200);
  });

  test('that is too large gets no place', async () => {
    const answer = await placeFor(ann, 'a.bin', '', { size: maxAttachmentSize + 1 });
    expect(answer.errors?.[0]?.message).toMatch(/^attachment\.too_large/);
  });

  test('of another can’t be sent, nor one that was never uploaded', async () => {
    const file = await upload(ann, 'a.txt', 'mine');
    for (const attachments of [
      [file],
      [{ ...file, id: v7() }],
      [{ ...file, id: `../../${ann.sub}/files/${file.id}` }],
    ]) {
      const { answer } = await send(bob, attachments);
      expect(answer.errors?.[0]?.message).toMatch(/^attachment\.(missing|invalid)/);
    }
  });
});

describe('A saved state', () => {
  // Nobody who has sent a message: their agents sleep.
  let eve: Person;
  let joe: Person;
  beforeAll(async () => {
    eve = await whole.signUpPerson('eve@example.com');
    joe = await whole.signUpPerson('joe@example.com');
  });
  const importing =
    'mutation ($size: Int!, $sha256: String!) { importSnapshot(size: $size, sha256: $sha256) }';
  const finishing = 'mutation ($id: String!) { finishImport(id: $id) }';
  const exporting = 'mutation ($id: String!) { exportSnapshot(id: $id) }';
  const codeOf = (answer: Awaited<ReturnType<typeof whole.ask>>) => answer.errors?.[0]?.message.split(':')[0];
  /** A tar of nothing but its first header. */
  const header = Buffer.alloc(1536).fill(' ', 148, 156);
  header.write('000400\0 ', 148);
  const archive = new Uint8Array(gzipSync(header));

  async function place(person: Person, bytes: Uint8Array) {
    const answer = await whole.ask(person, importing, { size: bytes.length, sha256: sha256Of(bytes) });
    return snapshotImport.parse(parsed(answer.data?.importSnapshot));
  }
  const put = async ({ url, headers }: { url: string; headers: Record<string, string> }, body: BodyInit) =>
    (await fetch(url, { method: 'PUT', headers: sendable(headers), body })).status;

  test('is imported from a file, becomes the next one, and is given out again as it came', async () => {
    const { id, upload } = await place(eve, archive);
    expect(new URL(upload.url).pathname).toContain(`/owners/${eve.sub}/snapshots/import-${id}`);
    expect(await put(upload, archive)).toBe(200);
    const done = ownSnapshot
      .array()
      .parse(parsed((await whole.ask(eve, finishing, { id })).data?.finishImport));
    expect(done).toMatchObject([{ size: archive.length, isNext: true, isImported: true }]);
    expect(parsed((await whole.ask(eve, finishing, { id })).data?.finishImport)).toEqual(done);
    const given = await whole.ask(eve, exporting, { id: done[0]?.id });
    const { name, download } = snapshotExport.parse(parsed(given.data?.exportSnapshot));
    expect(name).toMatch(/\.tar\.gz$/);
    expect(new Uint8Array(await (await fetch(download.url)).arrayBuffer())).toEqual(archive);
  });

  test('goes only where its URL was signed for: no other owner, no task’s snapshot, no other bytes', async () => {
    const { id, upload } = await place(eve, archive);
    const elsewhere = (from: string, to: string) => ({ ...upload, url: upload.url.replace(from, to) });
    expect(await put(elsewhere(eve.sub, joe.sub), archive)).toBe(403);
    expect(await put(elsewhere(`import-${id}`, '1-1.tar.zst'), archive)).toBe(403);
    expect(await put(upload, new Uint8Array([...archive, 0]))).toBe(403);
    const changed = archive.slice();
    changed[9] = 1;
    expect(await put(upload, changed)).toBe(400);
    const unmarked = { ...upload.headers, 'x-amz-tagging': 'state=sent' };
    expect(await put({ ...upload, headers: unmarked }, archive)).toBe(403);
  });

  test('that never arrived, is another’s, or is no archive becomes none', async () => {
    const { id } = await place(eve, archive);
    expect(codeOf(await whole.ask(eve, finishing, { id }))).toBe('snapshot.file_missing');
    const theirs = await place(joe, archive);
    expect(await put(theirs.upload, archive)).toBe(200);
    expect(codeOf(await whole.ask(eve, finishing, { id: theirs.id }))).toBe('snapshot.file_missing');
    const text = new TextEncoder().encode('not an archive');
    const wrong = await place(eve, text);
    expect(await put(wrong.upload, text)).toBe(200);
    expect(codeOf(await whole.ask(eve, finishing, { id: wrong.id }))).toBe('snapshot.file_invalid');
  });

  test('is not imported while the agent is awake', async () => {
    await send(joe, []);
    const asked = await whole.ask(joe, importing, { size: archive.length, sha256: sha256Of(archive) });
    expect(codeOf(asked)).toBe('snapshot.agent_awake');
  });
});
