export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** How large a PNG, JPEG, GIF or WebP (lossy, lossless, extended) is, from its head; null for anything else. */
export function pictureSize(bytes: Uint8Array): PictureSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number, length: number) => Buffer.from(bytes.subarray(at, at + length)).toString('latin1');
  try {
    if (tag(1, 3) === 'PNG') return { width: view.getUint32(16), height: view.getUint32(20) };
    if (tag(0, 4) === 'GIF8') return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    if (tag(0, 4) === 'RIFF' && tag(8, 4) === 'WEBP') return webpSize(view, tag(12, 4));
    return view.getUint16(0) === 0xffd8 ? jpegSize(view) : null;
  } catch {
    // Cut off before it says.
    return null;
  }
}

function webpSize(view: DataView, format: string): PictureSize | null {
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (format === 'VP8X') return { width: uint24(24) + 1, height: uint24(27) + 1 };
  if (format === 'VP8 ')
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (format !== 'VP8L') return null;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

/** The first frame's marker holds it. */
function jpegSize(view: DataView): PictureSize | null {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker < 0xff01) return null;
  }
}
