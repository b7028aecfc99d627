import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that were written and flushed. */
export interface Blob {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
}

/** Files of bytes that never change. A blob counts once a row of the database names it; any other is left over. */
export class Blobs {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = join(directory, 'blobs');
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
  }

  /** Writes the pieces one after another under a new name; they are on disk when it resolves. */
  async write(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Blob> {
    const name = randomUUID();
    const path = join(this.#directory, name);
    const file = await open(path, 'wx', 0o600);
    const md5 = createHash('md5');
    let size = 0;
    try {
      for await (const piece of pieces) {
        md5.update(piece);
        await file.writeFile(piece);
        size += piece.length;
      }
      await file.sync();
      await file.close();
    } catch (error) {
      await file.close().catch(() => {});
      rmSync(path, { force: true });
      throw error;
    }
    return { name, size, md5: md5.digest('hex') };
  }

  /** Bytes `first` to `last`, both included. Undefined when the blob is gone. */
  async read(name: string, first: number, last: number): Promise<Buffer | undefined> {
    let file: FileHandle;
    try {
      file = await open(join(this.#directory, name), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const bytes = Buffer.alloc(Math.max(0, last - first + 1));
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, first + done);
        if (bytesRead === 0) throw new Error(`blob ${name} is shorter than its row says`);
        done += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  remove(name: string): void {
    rmSync(join(this.#directory, name), { force: true });
  }

  /** Removes what a kill left between the writing of a file and of its row. */
  removeAllBut(kept: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#directory)) if (!kept.has(name)) this.remove(name);
  }
}
