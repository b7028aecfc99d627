import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../core/message-id.ts';
import type { FileStore, FileUrls, SnapshotFiles, SnapshotImports, SnapshotUrls } from '../../core/ports.ts';
import type { Presigned } from '../../core/presigned.ts';
import { isTarHeader } from '../../core/state-file.ts';
import { snapshotKey } from '../../core/use-cases/upload-snapshot.ts';

export interface StorageUnderTest {
  owner: string;
  files: FileStore;
  fileUrls: FileUrls;
  snapshotUrls: SnapshotUrls;
  snapshotFiles: SnapshotFiles;
  imports: SnapshotImports;
  /** Uses a URL as whoever holds it would. Gives the status. */
  put: (to: Presigned, bytes: Uint8Array<ArrayBuffer>) => Promise<number>;
  /** What a URL gives; null when nothing is there. */
  get: (from: Presigned) => Promise<Uint8Array | null>;
  /** Is it marked to be deleted, should nobody keep it? */
  isMarked: (key: string) => Promise<boolean>;
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const some = () => new Uint8Array(randomBytes(1000));

/** What owners' files, snapshots and imports do wherever they are stored. */
export function storageContract(name: string, make: () => Promise<StorageUnderTest>): void {
  describe(`storage: ${name}`, () => {
    let world: StorageUnderTest;
    let owner: string;
    beforeEach(async () => {
      world = await make();
      owner = world.owner;
    });
    const announce = (bytes: Uint8Array) => ({ id: newId(), size: bytes.length, sha256: hash(bytes) });

    describe('a file', () => {
      const file = (bytes: Uint8Array) => ({ ...announce(bytes), name: '보고서.txt', type: 'text/plain' });

      test('is found as it was announced, read by its URL, and by nobody else’s id', async () => {
        const bytes = some();
        const given = file(bytes);
        expect(await world.files.find(owner, given.id)).toBeNull();
        expect(await world.put(await world.fileUrls.upload(owner, given, { unsent: true }), bytes)).toBe(200);
        expect(await world.files.find(owner, given.id)).toEqual({ type: 'text/plain', size: 1000 });
        expect(await world.files.find('somebody-else', given.id)).toBeNull();
        expect(await world.get(await world.fileUrls.download(owner, given))).toEqual(bytes);
      });

      test('of other bytes than were announced is not taken', async () => {
        const given = file(some());
        const place = await world.fileUrls.upload(owner, given, { unsent: true });
        expect(await world.put(place, some())).toBeGreaterThanOrEqual(400);
        expect(await world.put(place, some().slice(1))).toBeGreaterThanOrEqual(400);
        expect(await world.files.find(owner, given.id)).toBeNull();
      });

      test('is marked until it is kept, and an agent’s file never', async () => {
        for (const unsent of [true, false]) {
          const bytes = some();
          const given = file(bytes);
          const key = `owners/${owner}/files/${given.id}`;
          await world.put(await world.fileUrls.upload(owner, given, { unsent }), bytes);
          expect(await world.isMarked(key)).toBe(unsent);
          await world.files.keep(owner, given.id);
          expect(await world.isMarked(key)).toBe(false);
        }
      });

      test('is gone once it is removed, and removing it again is no error', async () => {
        const bytes = some();
        const given = file(bytes);
        await world.put(await world.fileUrls.upload(owner, given, { unsent: false }), bytes);
        await world.files.remove(owner, [given.id, newId()]);
        expect(await world.files.find(owner, given.id)).toBeNull();
        expect(await world.get(await world.fileUrls.download(owner, given))).toBeNull();
        await world.files.remove(owner, [given.id]);
        await world.files.remove(owner, []);
      });
    });

    describe('a snapshot', () => {
      const save = async (seq: number, bytes: Uint8Array<ArrayBuffer>) => {
        const key = snapshotKey(owner, 7, seq);
        const place = await world.snapshotUrls.upload({ key, size: bytes.length, sha256: hash(bytes) });
        expect(await world.put(place, bytes)).toBe(200);
        return key;
      };

      test('is read as it was saved, and only what was announced is taken', async () => {
        const bytes = some();
        const key = await save(1, bytes);
        expect(await world.get(await world.snapshotUrls.download(key, 'agent.tar.zst'))).toEqual(bytes);
        const place = await world.snapshotUrls.upload({ key, size: bytes.length, sha256: hash(bytes) });
        expect(await world.put(place, some())).toBeGreaterThanOrEqual(400);
        expect(await world.get(await world.snapshotUrls.download(key))).toEqual(bytes);
      });

      test('is listed under its owner until it is removed', async () => {
        const keys = [await save(2, some()), await save(3, some())];
        expect(await world.snapshotFiles.list(owner)).toEqual(expect.arrayContaining(keys));
        expect(await world.snapshotFiles.list('somebody-else')).toEqual([]);
        await world.snapshotFiles.remove([keys[0] as string]);
        await world.snapshotFiles.remove([keys[0] as string]);
        const left = await world.snapshotFiles.list(owner);
        expect(left).not.toContain(keys[0]);
        expect(left).toContain(keys[1]);
      });
    });

    describe('an import', () => {
      /** The first header of a tar, and a lot that hardly compresses. */
      const archive = (): Uint8Array<ArrayBuffer> => {
        const header = Buffer.alloc(512).fill(' ', 148, 156);
        header.write('000400\0 ', 148);
        return new Uint8Array(gzipSync(Buffer.concat([header, randomBytes(400_000)])));
      };
      const bring = async (bytes: Uint8Array<ArrayBuffer>) => {
        const given = announce(bytes);
        expect(await world.put(await world.imports.upload(owner, given), bytes)).toBe(200);
        return given;
      };

      test('is found with its size, checksum and beginning, by its owner only', async () => {
        const bytes = archive();
        const { id } = await bring(bytes);
        const found = await world.imports.find(owner, id);
        expect(found).toMatchObject({ size: bytes.length, sha256: hash(bytes), compression: 'gzip' });
        expect(isTarHeader(found?.begin ?? new Uint8Array())).toBe(true);
        expect(await world.imports.find('somebody-else', id)).toBeNull();
        expect(await world.imports.find(owner, newId())).toBeNull();
        const stored = await world.get(await world.snapshotUrls.download(found?.key ?? ''));
        expect(stored).toEqual(bytes);
      });

      test('that is no archive, or damaged, says so by what it begins with', async () => {
        const text = await bring(new TextEncoder().encode('nothing of the kind'));
        expect(await world.imports.find(owner, text.id)).toMatchObject({ compression: null });
        const damaged = archive();
        damaged.fill(0xff, 10, 200);
        const { id } = await bring(damaged);
        const found = await world.imports.find(owner, id);
        expect(found?.compression).toBe('gzip');
        expect(isTarHeader(found?.begin ?? new Uint8Array())).toBe(false);
      });

      test('is marked until it is kept', async () => {
        const { id } = await bring(archive());
        const key = (await world.imports.find(owner, id))?.key ?? '';
        expect(await world.isMarked(key)).toBe(true);
        await world.imports.keep(owner, id);
        expect(await world.isMarked(key)).toBe(false);
        expect(await world.imports.find(owner, id)).not.toBeNull();
      });
    });
  });
}
