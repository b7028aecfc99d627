/**
 * A saved state as a file: a tar laid out as OpenClaw's own folder, compressed with zstd (what this app exports) or with
 * gzip (`openclaw backup create`, `tar -z`). What can be told from its first bytes is told here; the rest, from its
 * contents, when a task unpacks it (container/bridge/snapshot).
 */

/** Largest one, bytes: a task's own and one that is brought. */
export const maxSnapshotSize = 512 * 1024 * 1024;

export const compressions = ['zstd', 'gzip'] as const;
export type Compression = (typeof compressions)[number];
const marks: Readonly<Record<Compression, readonly number[]>> = {
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
  gzip: [0x1f, 0x8b],
};

/** How a file that begins so is compressed; null when in neither way. */
export function compressionOf(begin: Uint8Array): Compression | null {
  return compressions.find((name) => marks[name].every((byte, at) => begin[at] === byte)) ?? null;
}

/** Bytes of a tar's header. */
export const tarBlock = 512;

/** Is this a tar's first header? Its checksum says so, in every dialect. */
export function isTarHeader(begin: Uint8Array): boolean {
  if (begin.length < tarBlock) return false;
  const header = begin.subarray(0, tarBlock);
  const stored = String.fromCharCode(...header.subarray(148, 156));
  const given = /^\s*([0-7]+)[\s\0]*$/.exec(stored)?.[1];
  // The checksum's own field counts as eight spaces.
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return given !== undefined && Number.parseInt(given, 8) === sum;
}
