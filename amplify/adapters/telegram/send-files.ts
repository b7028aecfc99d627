import { type Api, InputFile } from 'grammy/web';
import { cleanName, isPicture } from '../../core/attachment.ts';
import { ChannelFault, type FileFacts, type OutgoingFile } from '../../core/channel/channel-ports.ts';
import { calling } from './client.ts';

/** A larger picture goes as a document, bytes. https://core.telegram.org/bots/api#sending-files */
const maxPhotoSize = 10 * 1024 * 1024;
const maxCaption = 1024;
/** An album has two to ten files of one sort. https://core.telegram.org/bots/api#sendmediagroup */
const maxAlbum = 10;
/** What one call carries at most, bytes: it has to arrive before the function's time is up. */
const maxAlbumSize = 20 * 1024 * 1024;

type More = { readonly message_thread_id?: number } & Parameters<Api['sendPhoto']>[2];

/** A GIF moves as a document only. */
const isPhoto = ({ type, size }: FileFacts): boolean =>
  isPicture(type) && type !== 'image/gif' && size <= maxPhotoSize;

/** Pictures first, then everything else, each in albums as large as Telegram takes them. */
export function groupFiles<File extends FileFacts>(files: readonly File[]): readonly (readonly File[])[] {
  const albums: File[][] = [];
  for (const sort of [files.filter(isPhoto), files.filter((file) => !isPhoto(file))]) {
    let album: File[] = [];
    for (const file of sort) {
      if (album.length === maxAlbum || sizeOf(album) + file.size > maxAlbumSize) album = [];
      if (album.length === 0) albums.push(album);
      album.push(file);
    }
  }
  return albums;
}

const sizeOf = (files: readonly FileFacts[]): number => files.reduce((sum, { size }) => sum + size, 0);

const captionOf = ({ name }: FileFacts): string => name.slice(0, maxCaption);
// In quotes, because grammY writes the name into a header as it is: what they may not hold is in no clean name.
const inputOf = ({ name, bytes }: OutgoingFile) => new InputFile(bytes, `"${cleanName(name)}"`);

/** Sends a group as an album, or one file as it is. Gives the messages' ids in order. */
export async function sendFiles(
  api: Api,
  chat: number,
  files: readonly OutgoingFile[],
  more: More,
): Promise<readonly number[]> {
  const [first, ...others] = files;
  if (!first) return [];
  if (others.length === 0) return [await sendFile(api, chat, first, more)];
  const media = files.every(isPhoto)
    ? files.map((file) => ({ type: 'photo' as const, media: inputOf(file), caption: captionOf(file) }))
    : files.map((file) => ({ type: 'document' as const, media: inputOf(file) }));
  const sent = await calling(() => api.sendMediaGroup(chat, media, more));
  return sent.map(({ message_id }) => message_id);
}

/** A picture that Telegram shows goes as a photo with its name below, everything else as a document, whose name is shown anyhow. */
async function sendFile(api: Api, chat: number, file: OutgoingFile, more: More): Promise<number> {
  if (isPhoto(file)) {
    try {
      const caption = captionOf(file);
      return (await calling(() => api.sendPhoto(chat, inputOf(file), { ...more, caption }))).message_id;
    } catch (error) {
      // Too long and thin, or not what its name says: it can still be saved.
      if (!(error instanceof ChannelFault) || error.kind !== 'refused' || !isOfPicture(error)) throw error;
    }
  }
  return (await calling(() => api.sendDocument(chat, inputOf(file), more))).message_id;
}

const isOfPicture = ({ message }: ChannelFault): boolean => /PHOTO|IMAGE|photo/.test(message);
