/** What goes between the tools' shell and the bridge, each after one byte of its kind and four of its length. */
export const frameKinds = ['run', 'input', 'inputEnd', 'signal', 'output', 'error', 'exit'] as const;
export type FrameKind = (typeof frameKinds)[number];

export interface Frame {
  readonly kind: FrameKind;
  readonly body: Buffer;
}

const headerSize = 5;
/** A command and its environment; the kernel takes no longer ones. Output comes in pieces of a pipe's size. */
const maxBody = 4 * 1024 * 1024;

export function encodeFrame(kind: FrameKind, body: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(headerSize);
  header.writeUInt8(frameKinds.indexOf(kind));
  header.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([header, bytes]);
}

/** Gives whole frames out of chunks of any size. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0);

  /** The frames that are whole with this chunk. Throws for what is no frame. */
  read(chunk: Uint8Array): Frame[] {
    this.#held = Buffer.concat([this.#held, chunk]);
    const frames: Frame[] = [];
    while (this.#held.length >= headerSize) {
      const kind = frameKinds[this.#held.readUInt8()];
      const length = this.#held.readUInt32BE(1);
      if (!kind || length > maxBody) throw new Error('not a frame');
      if (this.#held.length < headerSize + length) break;
      frames.push({ kind, body: this.#held.subarray(headerSize, headerSize + length) });
      this.#held = this.#held.subarray(headerSize + length);
    }
    return frames;
  }
}
