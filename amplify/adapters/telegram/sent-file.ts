import type { Message } from 'grammy/types';
import { cleanName, cleanType } from '../../core/attachment.ts';
import type { SentFile } from '../../core/channel/channel-update.ts';

/** Larger files Telegram hands to no bot. https://core.telegram.org/bots/api#getfile */
export const maxFetchMegabytes = 20;

interface Kept {
  readonly file_id: string;
  readonly file_size?: number;
  readonly mime_type?: string;
  readonly file_name?: string;
}

/** The file of a message, the largest of a photo's sizes; undefined when it has none that an agent could read. */
export function sentFileOf(message: Message): SentFile | undefined {
  const { photo, animation, document, video, video_note, voice, audio, sticker } = message;
  const named = (kind: string, ending: string) => `${kind}-${timeOf(message)}.${ending}`;
  const largest = photo?.toSorted((a, b) => a.width * a.height - b.width * b.height).at(-1);
  if (largest) return sentFile(largest, named('photo', 'jpg'), 'image/jpeg');
  // An animation comes as a document too.
  if (animation) return sentFile(animation, named('animation', 'mp4'), 'video/mp4');
  if (document) return sentFile(document, named('file', 'bin'), 'application/octet-stream');
  if (voice) return { ...sentFile(voice, named('voice', 'ogg'), 'audio/ogg'), isVoice: true };
  if (audio) return sentFile(audio, named('audio', 'mp3'), 'audio/mpeg');
  if (video) return sentFile(video, named('video', 'mp4'), 'video/mp4');
  if (video_note) return sentFile(video_note, named('video', 'mp4'), 'video/mp4');
  const isStill = sticker && !sticker.is_animated && !sticker.is_video;
  return isStill ? sentFile(sticker, named('sticker', 'webp'), 'image/webp') : undefined;
}

const sentFile = (
  { file_id, file_size, mime_type, file_name }: Kept,
  name: string,
  type: string,
): SentFile => ({
  ref: file_id,
  name: cleanName(file_name ?? name),
  type: cleanType(mime_type ?? type),
  size: file_size ?? 0,
});

/** 20260501-090000, UTC: two files of one kind are told apart in a list. */
const timeOf = ({ date }: Message): string =>
  new Date(date * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
