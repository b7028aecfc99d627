import * as z from 'zod';
import { presigned } from './presigned.ts';

/** Files that one message, or one answer, may carry. */
export const maxAttachments = 10;
/** Largest file that is taken, bytes. */
export const maxAttachmentSize = 25 * 1024 * 1024;
/** Longest name that is kept, UTF-16 units. */
export const maxNameLength = 120;

/** Why a file that the agent handed over is not there. */
export const missedReasons = ['too_large', 'too_many', 'failed'] as const;
export type MissedReason = (typeof missedReasons)[number];

/** A file of an owner: what goes with a message, or what the agent made. Its bytes lie under `fileKey` of its id. */
export const attachment = z.object({
  id: z.uuid(),
  name: z.string().min(1).max(maxNameLength),
  /** Media type without parameters. */
  type: z.string(),
  size: z.number().int().nonnegative().max(maxAttachmentSize),
  /** When its owner deleted it: it is still named where it was used, but there are no bytes any more. */
  deletedAt: z.iso.datetime().nullish(),
  /** Somebody spoke it as their message: it is written down for the agent. */
  voice: z.boolean().nullish(),
  /** A channel still keeps it: there are no bytes yet, and `size` is what the channel said (0: nothing). */
  arriving: z.boolean().nullish(),
  /** The agent handed it over, but it was not kept: there are no bytes, and `size` is 0. */
  missed: z.enum(missedReasons).nullish(),
});
export type Attachment = z.infer<typeof attachment>;

/** What is told of a file before it is uploaded: an upload of other bytes is refused. */
export const newFile = attachment.pick({ name: true, type: true, size: true }).extend({
  /** Of the bytes, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type NewFile = z.infer<typeof newFile>;

/** Where a new file may be put for a few minutes; the signature binds its key, length, type and checksum. */
export const fileUpload = z.object({ file: attachment, upload: presigned });
export type FileUpload = z.infer<typeof fileUpload>;

/** Where a file lies. Made from the owner that the caller's identity gives: no argument names another's. */
export const fileKey = (owner: string, id: string): string => `owners/${owner}/files/${id}`;

/** The tag of an upload that no message names yet: the bucket's own rule deletes what keeps it (storage/closing.ts). */
export const unsentTag = { key: 'state', value: 'unsent' } as const;

/** Types of pictures that pages show and models look at. SVG is none of them: it can hold scripts. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
export const isPicture = (type: string): boolean => (pictureTypes as readonly string[]).includes(type);

/** A media type as it is stored: in lower case without parameters; `application/octet-stream` for anything else. */
export function cleanType(type: string): string {
  const bare = type.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,99}$/.test(bare) ? bare : 'application/octet-stream';
}

/** What no name of a file may hold: controls, those of direction too (they can turn its ending around), and separators of paths. */
const unwanted = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200B\uFEFF/\\:*?"<>|]/gu;

/** A name that is safe to show and to store under: no path, nothing hidden, its ending kept. Never empty. */
export function cleanName(name: string): string {
  const plain = name.toWellFormed().normalize('NFC').replace(unwanted, '_').replace(/\s+/gu, ' ');
  const shown = plain.trim().replace(/^[.\s]+/u, '');
  if (shown === '') return 'file';
  if (shown.length <= maxNameLength) return shown;
  const ending = /\.[^.\s]{1,16}$/u.exec(shown)?.[0] ?? '';
  let start = '';
  for (const { segment } of new Intl.Segmenter().segment(shown)) {
    if (start.length + segment.length + ending.length > maxNameLength) break;
    start += segment;
  }
  return start + ending;
}
