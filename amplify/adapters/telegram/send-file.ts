import { type Api, InputFile } from 'grammy/web';
import { cleanName, isPicture } from '../../core/attachment.ts';
import { ChannelFault, type OutgoingFile } from '../../core/channel/channel-ports.ts';
import { calling } from './client.ts';

/** A larger picture goes as a document, bytes. https://core.telegram.org/bots/api#sending-files */
const maxPhotoSize = 10 * 1024 * 1024;
const maxCaption = 1024;

type Place = { readonly message_thread_id?: number };
type More = Place & Parameters<Api['sendPhoto']>[2];

/**
 * Sends a file: a picture that Telegram shows as a photo with its name below, everything else as a document, whose name
 * is shown anyhow. A GIF moves as a document only. Gives the message's id.
 */
export async function sendFile(api: Api, chat: number, file: OutgoingFile, more: More): Promise<number> {
  // In quotes, because grammY writes the name into a header as it is: what they may not hold is in no clean name.
  const input = () => new InputFile(file.bytes, `"${cleanName(file.name)}"`);
  const isPhoto = isPicture(file.type) && file.type !== 'image/gif' && file.bytes.length <= maxPhotoSize;
  if (isPhoto) {
    try {
      const caption = file.name.slice(0, maxCaption);
      return (await calling(() => api.sendPhoto(chat, input(), { ...more, caption }))).message_id;
    } catch (error) {
      // Too long and thin, or not what its name says: it can still be saved.
      if (!(error instanceof ChannelFault) || error.kind !== 'refused' || !isOfPicture(error)) throw error;
    }
  }
  return (await calling(() => api.sendDocument(chat, input(), more))).message_id;
}

const isOfPicture = ({ message }: ChannelFault): boolean => /PHOTO|IMAGE|photo/.test(message);
