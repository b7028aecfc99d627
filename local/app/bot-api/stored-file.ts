import { pictureSize } from './picture-size.ts';
import type { World } from './world.ts';

/** What a message calls a file. */
export const fileKinds = ['photo', 'document', 'voice', 'audio', 'video', 'video_note', 'animation'] as const;
export type FileKind = (typeof fileKinds)[number];

/** A file of a chat, kept in memory. */
export interface StoredFile {
  readonly kind: FileKind;
  readonly file_id: string;
  readonly file_unique_id: string;
  /** Below the address of the file server. */
  readonly file_path: string;
  /** Not of photos, voice and video notes: the API does not tell those. */
  readonly file_name: string;
  readonly mime_type: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A file that was just sent. */
export interface NewFile {
  readonly kind: FileKind;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Keeps a file; the bot reaches it by its ids. */
export function store(world: World, { kind, name, type, bytes }: NewFile): StoredFile {
  const number = world.files.size + 1;
  const ending = /\.\w+$/.exec(name)?.[0] ?? '';
  const file: StoredFile = {
    ...{ kind, file_id: `file-${number}`, file_unique_id: `unique${number}`, bytes },
    ...{ file_path: `${kind}s/file_${number}${ending}`, file_name: name, mime_type: type },
    ...(pictureSize(bytes) ?? { width: 90, height: 90 }),
  };
  world.files.set(file.file_id, file);
  return file;
}

/** A file as a message of the API shows it: only some kinds tell a name, and a photo has several sizes. */
export function shownFile(file: StoredFile): Record<string, unknown> {
  const { kind, file_id, file_unique_id, file_name, mime_type, width, height, bytes } = file;
  const base = { file_id, file_unique_id, file_size: bytes.length };
  if (kind === 'photo') {
    // The thumbnail's name leads nowhere: whoever wants to see anything takes the largest.
    const thumbnail = { file_id: `${file_id}-s`, file_unique_id: `${file_unique_id}s`, file_size: 100 };
    const isSmall = width <= 9 && height <= 9;
    return {
      photo: [...(isSmall ? [] : [{ ...thumbnail, width: 9, height: 9 }]), { ...base, width, height }],
    };
  }
  if (kind === 'voice') return { voice: { ...base, mime_type, duration: 1 } };
  if (kind === 'video_note') return { video_note: { ...base, length: 240, duration: 1 } };
  const named = { ...base, file_name, mime_type };
  const moving = { width, height, duration: 1 };
  if (kind === 'audio') return { audio: { ...named, duration: 1 } };
  if (kind === 'video') return { video: { ...named, ...moving } };
  if (kind === 'animation') return { animation: { ...named, ...moving }, document: named };
  return { document: named };
}
