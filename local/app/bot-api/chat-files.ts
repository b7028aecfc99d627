import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isPicture } from '../../../amplify/core/attachment.ts';
import type { BotApi } from './bot-api.ts';
import type { Upload } from './method.ts';
import { pictureSize } from './picture-size.ts';
import { formOf, readBody, uploadOf } from './read-input.ts';
import { badRequest } from './refusal.ts';
import type { FileKind, NewFile } from './stored-file.ts';

/** Telegram puts so many files into one album. */
const maxAlbum = 10;
/** Longest text below files that a person without Telegram Premium writes, UTF-16 units. */
const maxCaption = 1024;

/** How a person at the chat page attaches a file. */
const ways = ['photo', 'document', 'voice'] as const;
type Way = (typeof ways)[number];

/** What the form of the chat page says, as a Telegram app would send it. Throws a Refusal. */
export async function readFiles(
  request: IncomingMessage,
): Promise<{ language: unknown; caption: string; files: readonly NewFile[] }> {
  const body = await readBody(request);
  const form = await formOf(request, body).catch(() => {
    throw badRequest('no form');
  });
  const caption = String(form.get('text') ?? '').trim();
  if (caption.length > maxCaption) throw badRequest('message caption is too long');
  const files: NewFile[] = [];
  for (const way of ways) {
    for (const each of form.getAll(way)) {
      if (typeof each === 'string') throw badRequest('no file');
      files.push(newFile(way, await uploadOf(each)));
    }
  }
  if (files.length === 0) throw badRequest('no file');
  return { language: form.get('language'), caption, files };
}

function newFile(way: Way, upload: Upload): NewFile {
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
  // Apps make a JPEG of every photo before they send it.
  if (way === 'photo' && !(pictureSize(upload.bytes) && startsWith(upload.bytes, 'ÿØ')))
    throw badRequest('a photo is a JPEG');
  if (way === 'voice' && !isOpus(upload.bytes)) throw badRequest('a voice message is OGG with Opus');
  return { kind: kindOf(way, upload.type), ...upload };
}

/** An app tells what it can play from what it can't. */
function kindOf(way: Way, type: string): FileKind {
  if (way !== 'document') return way;
  if (['audio/mpeg', 'audio/mp4', 'audio/x-m4a'].includes(type)) return 'audio';
  return type === 'video/mp4' ? 'video' : 'document';
}

const startsWith = (bytes: Uint8Array, tag: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + tag.length)).toString('latin1') === tag;

/** RFC 7845: the first page of 28 bytes holds the head of Opus alone. */
const isOpus = (bytes: Uint8Array): boolean => startsWith(bytes, 'OggS') && startsWith(bytes, 'OpusHead', 28);

/** In albums of one sort of file each, the caption with the first file. */
export function sayFiles(
  person: ReturnType<BotApi['person']>,
  caption: string,
  files: readonly NewFile[],
): void {
  let text = caption;
  for (const group of Object.values(Object.groupBy(files, ({ kind }) => kind))) {
    for (let at = 0; at < group.length; at += maxAlbum) {
      const album = group.slice(at, at + maxAlbum);
      const mediaGroup = album.length > 1 ? { mediaGroup: randomUUID() } : {};
      for (const file of album) {
        person.say(text, { file, ...mediaGroup });
        text = '';
      }
    }
  }
}

/** Kinds that the page shows or plays; the others are saved, never opened. */
const shownKinds: readonly FileKind[] = ['photo', 'voice', 'audio', 'video', 'video_note', 'animation'];

/** Gives a file of the chat to its page. */
export function giveFile(api: BotApi, id: string, response: ServerResponse): boolean {
  const file = api.world.files.get(id);
  if (!file) return false;
  const isShown = shownKinds.includes(file.kind) && (file.kind !== 'photo' || isPicture(file.mime_type));
  const name = encodeURIComponent(file.file_name).replaceAll("'", '%27');
  response
    .writeHead(200, {
      'content-type': isShown ? file.mime_type : 'application/octet-stream',
      'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      // Ids begin anew with the stand-in.
      'cache-control': 'no-store',
    })
    .end(file.bytes);
  return true;
}
