/**
 * The tar format, as far as a snapshot needs it: files, folders and symbolic links. Written is POSIX ustar with pax
 * headers for what ustar cannot hold; read are GNU's long names too, since people bring archives of their own. What else
 * an archive holds is refused; hard links are told of, for the reader to refuse or leave out.
 */
export interface TarEntry {
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Relative, with `/`. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Bytes of content; 0 for folders and links. */
  readonly size: number;
  /** A link's text. */
  readonly target?: string;
}

export class TarError extends Error {
  constructor(message: string) {
    super(`The archive is unreadable: ${message}`);
    this.name = 'TarError';
  }
}

const block = 512;
const typeFlags = { file: '0', directory: '5', symlink: '2', hardlink: '1' } as const;
const paxFlag = 'x';
/** What holds for the whole archive, and means nothing here. */
const globalPaxFlag = 'g';
/** GNU's: the next entry's name, and its link's text. */
const gnuFlags: Readonly<Record<string, 'path' | 'linkpath'>> = { L: 'path', K: 'linkpath' };
/** A pax header holds two names; this is far more than any file system allows. */
const maxPaxSize = 64 * 1024;

const padding = (size: number) => (block - (size % block)) % block;
const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;

function rawHeader(entry: {
  path: string;
  mode: number;
  size: number;
  mtime: number;
  flag: string;
  target: string;
}): Buffer {
  const header = Buffer.alloc(block);
  header.write(entry.path, 0, 100);
  header.write(octal(entry.mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(entry.size, 12), 124);
  header.write(octal(Math.max(0, Math.floor(entry.mtime)), 12), 136);
  header.write(' '.repeat(8), 148);
  header.write(entry.flag, 156);
  header.write(entry.target, 157, 100);
  header.write('ustar\u000000', 257, 'latin1');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function paxRecord(name: string, value: string): string {
  const body = ` ${name}=${value}\n`;
  let length = Buffer.byteLength(body);
  length += String(length + String(length).length).length;
  return `${length}${body}`;
}

/** One entry's header, with a pax header before it where a name is long or not plain ASCII. */
export function tarHeader(entry: TarEntry): Buffer {
  const target = entry.target ?? '';
  const fits = (name: string) => /^[\x20-\x7e]*$/.test(name) && name.length <= 100;
  const pax =
    (fits(entry.path) ? '' : paxRecord('path', entry.path)) +
    (fits(target) ? '' : paxRecord('linkpath', target));
  const header = rawHeader({
    path: fits(entry.path) ? entry.path : 'long',
    mode: entry.mode & 0o777,
    size: entry.size,
    mtime: entry.mtime,
    flag: typeFlags[entry.type],
    target: fits(target) ? target : 'long',
  });
  if (!pax) return header;
  const body = Buffer.from(pax);
  const paxHeader = rawHeader({
    path: 'pax',
    mode: 0o600,
    size: body.length,
    mtime: 0,
    flag: paxFlag,
    target: '',
  });
  return Buffer.concat([paxHeader, body, Buffer.alloc(padding(body.length)), header]);
}

/** What follows a file's content. */
export const tarPadding = (size: number): Buffer => Buffer.alloc(padding(size));
/** What ends an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * block);

/** Gives bytes in wanted portions out of chunks of any size. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Up to `size` bytes, at least one. Throws when the archive ends before. */
  async some(size: number): Promise<Buffer> {
    if (this.#held.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) throw new TarError('it ends too early');
      this.#held = Buffer.from(value);
      return this.some(size);
    }
    const part = this.#held.subarray(0, size);
    this.#held = this.#held.subarray(part.length);
    return part;
  }

  async exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = size; missing > 0; ) {
      const part = await this.some(missing);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Whether nothing but zeros is left: many programs fill their last record with them. */
  async isOver(): Promise<boolean> {
    for (;;) {
      if (this.#held.some((byte) => byte !== 0)) return false;
      const { done, value } = await this.#chunks.next();
      if (done) return true;
      this.#held = Buffer.from(value);
    }
  }
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}

/** ustar cuts a long name in two; GNU keeps other things in the second field. */
function ustarPath(header: Buffer): string {
  const prefix = text(header, 257, 6) === 'ustar' ? text(header, 345, 155) : '';
  return (prefix && `${prefix}/`) + text(header, 0, 100);
}

function number(header: Buffer, start: number, length: number): number {
  const value = text(header, start, length).trim();
  if (!/^[0-7]+$/.test(value)) throw new TarError('a header holds no number where one must be');
  return Number.parseInt(value, 8);
}

function checkSum(header: Buffer): void {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  if (sum !== number(header, 148, 8)) throw new TarError('a header has a wrong checksum');
}

function readPax(body: Buffer): Record<string, string> {
  const result: Record<string, string> = {};
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.subarray(at, space).toString());
    if (space < 0 || !Number.isInteger(length) || length < 5 || at + length > body.length)
      throw new TarError('a pax header is malformed');
    const record = body.subarray(space + 1, at + length - 1).toString();
    const equals = record.indexOf('=');
    result[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return result;
}

/**
 * Reads an archive entry by entry. `visit` gets an entry and its content, which it must read to the end or leave
 * untouched. Throws TarError for what is damaged or no file, folder or link.
 */
export async function readTar(
  stream: AsyncIterable<Uint8Array>,
  visit: (entry: TarEntry, content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const source = new Source(stream);
  let pax: Record<string, string> = {};
  for (;;) {
    const header = await source.exactly(block);
    if (header.every((byte) => byte === 0)) {
      if (!(await source.exactly(block)).every((byte) => byte === 0))
        throw new TarError('it has no proper end');
      if (!(await source.isOver())) throw new TarError('something follows its end');
      return;
    }
    checkSum(header);
    const size = number(header, 124, 12);
    // Of old programs, a plain file has no flag.
    const flag = text(header, 156, 1) || typeFlags.file;
    const gnuName = gnuFlags[flag];
    if (flag === paxFlag || flag === globalPaxFlag || gnuName) {
      if (size > maxPaxSize) throw new TarError('a pax header is too large');
      const body = await source.exactly(size);
      await source.exactly(padding(size));
      if (flag === paxFlag) pax = { ...pax, ...readPax(body) };
      if (gnuName) pax = { ...pax, [gnuName]: text(body, 0, size) };
      continue;
    }
    const type = (Object.keys(typeFlags) as (keyof typeof typeFlags)[]).find(
      (key) => typeFlags[key] === flag,
    );
    if (!type) throw new TarError(`an entry of type ${JSON.stringify(flag)} is not allowed`);
    if (type !== 'file' && size !== 0) throw new TarError('a folder or link has content');
    const path = pax.path ?? ustarPath(header);
    const target = pax.linkpath ?? text(header, 157, 100);
    let left = size;
    const content = async function* () {
      while (left > 0) {
        const part = await source.some(left);
        left -= part.length;
        yield part;
      }
    };
    const entry: TarEntry = {
      type,
      path,
      mode: number(header, 100, 8),
      // OpenClaw's own backup leaves it blank for folders.
      mtime: text(header, 136, 12) === '' ? 0 : number(header, 136, 12),
      size,
      ...(type === 'symlink' ? { target } : {}),
    };
    await visit(entry, content());
    while (left > 0) left -= (await source.some(left)).length;
    await source.exactly(padding(size));
    pax = {};
  }
}
