import type { Language } from '../language.ts';
import type { Place } from './place.ts';

/** Who did something on a channel. `id` is the channel's own and never changes. */
export interface Sender {
  readonly id: string;
  readonly name: string;
  readonly language: Language;
}

interface FromSender {
  /** Grows with each update of the channel; the same number again is the same update. */
  readonly sequence: number;
  readonly sender: Sender;
  readonly place: Place;
}

/** A file that somebody sent; the channel keeps its bytes. */
export interface SentFile {
  /** The channel's name of it. */
  readonly ref: string;
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** Bytes; 0 where the channel does not say. */
  readonly size: number;
  /** Somebody spoke it as their message. */
  readonly isVoice?: true | undefined;
}

/** What happened on a channel, as its adapter reads it. Everything that the app has no use for is not made into one. */
export type ChannelUpdate =
  | (FromSender & {
      readonly kind: 'message';
      /** When it was written, milliseconds since 1970. */
      readonly sentAt: number;
      /** May be empty where a file goes with it. */
      readonly text: string;
      readonly file?: SentFile | undefined;
      /** What the channel calls the album that the file is a part of: each part is an update. */
      readonly album?: string | undefined;
      /** What is quoted, answered or passed on: words of others, or of before. */
      readonly quote?: string | undefined;
      /** The channel's name of the message: what an answer refers to. */
      readonly reference: string;
    })
  | (FromSender & {
      readonly kind: 'command';
      readonly sentAt: number;
      readonly name: string;
      readonly argument: string;
    })
  /** Something that the app does not take yet. */
  | (FromSender & { readonly kind: 'unsupported'; readonly what: string })
  /** A file that the channel hands to nobody like us: larger than so many megabytes. */
  | (FromSender & { readonly kind: 'too-large'; readonly name: string; readonly megabytes: number })
  /** A button, with what it was made with. `reference` is what the answer to the press names. */
  | (FromSender & { readonly kind: 'press'; readonly data: string; readonly reference: string })
  /** The channel's own Stop beside a draft. */
  | { readonly kind: 'halt'; readonly sender: string; readonly place: Place; readonly draft: number }
  /** Whether a person can be written to. */
  | {
      readonly kind: 'reach';
      readonly sender: string;
      readonly channel: string;
      readonly isReachable: boolean;
    };

/** What is said at once. `silent`: nothing. `typing`: an answer will come. `toast`: a short word on a press. */
export type ChannelReply =
  | { readonly kind: 'silent' }
  | { readonly kind: 'typing'; readonly place: Place }
  | { readonly kind: 'text'; readonly place: Place; readonly markdown: string }
  | { readonly kind: 'toast'; readonly reference: string; readonly text: string };

export const silent: ChannelReply = { kind: 'silent' };

export const textReply = (place: Place, markdown: string): ChannelReply => ({
  kind: 'text',
  place,
  markdown,
});
