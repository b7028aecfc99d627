import type { Language } from '../language.ts';
import type { Approval } from '../message.ts';
import type { MessageKey } from '../message-row.ts';
import type { Delivery } from './delivery.ts';
import type { Place } from './place.ts';

/** A person of a channel and the owner whom they act for: one of each. */
export interface ChannelLink {
  channel: string;
  userId: string;
  owner: string;
  /** How the person is called there. */
  name: string;
  language: Language;
  linkedAt: string;
  /** The person can be written to. */
  isActive: boolean;
}

export interface LinkStore {
  /** Keeps a code by its hash until `expiresAt`, milliseconds since 1970. */
  putCode(channel: string, hash: string, owner: string, expiresAt: number): Promise<void>;
  ofUser(channel: string, userId: string): Promise<ChannelLink | null>;
  ofOwner(channel: string, owner: string): Promise<ChannelLink | null>;
  /**
   * Links a person with the owner who made the code, and takes the code, in one step. What either side was linked with
   * before is not any more. null, and nothing changes: the code never was, is taken, or has expired at `now`.
   */
  linkByCode(hash: string, now: number, person: Omit<ChannelLink, 'owner'>): Promise<ChannelLink | null>;
  /** Ends an owner's link. Gives what it was. */
  unlink(channel: string, owner: string): Promise<ChannelLink | null>;
  /** Notes whether the person can be written to. Gives the link; null when there is none. */
  setActive(channel: string, userId: string, isActive: boolean): Promise<ChannelLink | null>;
  /** Counts what somebody unknown did; gives how often since that was last forgotten, which is at `expiresAt`. */
  countStranger(channel: string, userId: string, what: 'word' | 'try', expiresAt: number): Promise<number>;
}

/** Which conversation a place writes in. */
export interface PlaceEntry {
  owner: string;
  conversationId: string;
  /** Sequence of the update that began it. */
  since: number;
  /** When that was taken, milliseconds since 1970. */
  at: number;
}

export interface PlaceStore {
  get(place: Place): Promise<PlaceEntry | null>;
  /** The place that writes in a conversation of the owner's (index: may lag); null when none does. */
  ofConversation(owner: string, conversationId: string): Promise<Place | null>;
  /**
   * Sets a place's conversation, if it has none of this owner, or the one that is `gone`, or one that began earlier
   * (`isNewer`). Gives the entry that stands then: of two that begin one at the same time, both get the same.
   */
  begin(
    place: Place,
    entry: PlaceEntry,
    over: { gone: string | null; isNewer: boolean },
  ): Promise<PlaceEntry>;
  remove(place: Place): Promise<void>;
}

/** The message that the parts of an album become. */
export interface AlbumEntry extends MessageKey {
  owner: string;
}

export interface AlbumStore {
  /** Notes which message an album becomes. Gives the entry that stands: the first one. `expiresAt`: milliseconds since 1970. */
  begin(place: Place, album: string, entry: AlbumEntry, expiresAt: number): Promise<AlbumEntry>;
}

/** The outbox. */
export interface DeliveryStore {
  get(owner: string, id: string): Promise<Delivery | null>;
  /** Opens a row unless there is one. `now`, milliseconds since 1970, decides when it is overdue. */
  open(row: Delivery, now: number): Promise<void>;
  /** Writes the row with its next revision, if nobody wrote since; gives it, or null. */
  save(row: Delivery, now: number): Promise<Delivery | null>;
  /** Removes rows by the ids of their messages; one that is gone is no error. */
  remove(owner: string, ids: readonly string[]): Promise<void>;
  /** Rows that were due before `now` (index: may lag), oldest first. */
  overdue(now: number, limit: number): Promise<readonly (MessageKey & { owner: string })[]>;
}

export type ButtonKind = 'stop' | 'retry' | 'allow' | 'deny';
/** `data`: at most 64 bytes; what the press brings back. */
export interface Button {
  kind: ButtonKind;
  label: string;
  data: string;
}

/** A piece of a final answer that is one message of the channel. Its content is the adapter's. */
export interface Part {
  readonly content: unknown;
}

/** What is known of a file before its bytes are read. */
export interface FileFacts {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** A file on its way to a channel. */
export interface OutgoingFile extends FileFacts {
  readonly bytes: Uint8Array;
}

/** What a channel can do with what the agent says. Every method may throw a ChannelFault. */
export interface Channel {
  readonly name: string;
  /** The least time between two calls at a place, and after how long typing and a draft must be shown again, milliseconds. */
  pace(place: Place): { everyMs: number; typingMs: number; draftMs: number };
  /** Whether `draft` works there; else the answer grows by `post` and `edit`. */
  hasDrafts(place: Place): boolean;
  typing(place: Place): Promise<void>;
  /** Shows the answer so far for a while. `id` names the draft: a number from the message's id. */
  draft(place: Place, id: number, markdown: string, canStop: boolean): Promise<void>;
  /** Posts a passing message. Gives its reference. */
  post(place: Place, markdown: string, buttons?: readonly Button[]): Promise<string>;
  /** Changes a message; the same content again is no fault, nor is a message that is gone. */
  edit(place: Place, ref: string, markdown: string, buttons?: readonly Button[]): Promise<void>;
  /** Removes a message; one that is gone is no fault. */
  remove(place: Place, ref: string): Promise<void>;
  /** A final answer in parts that fit. */
  split(markdown: string): readonly Part[];
  /** Sends a part as a message of its own. Gives its reference. */
  sendPart(
    place: Place,
    part: Part,
    more: { replyTo?: string | null | undefined; buttons?: readonly Button[] },
  ): Promise<string>;
  /** Puts files in the order and groups in which they go: each group is one call of `sendFiles`. None is lost, none twice. */
  groupFiles<File extends FileFacts>(files: readonly File[]): readonly (readonly File[])[];
  /**
   * Sends a group, all of it or nothing, as a message a file: to be seen, where the channel shows such pictures, else to
   * be saved. Gives their references in order. What is refused as a group may be taken one by one.
   */
  sendFiles(
    place: Place,
    files: readonly OutgoingFile[],
    more: { replyTo?: string | null | undefined },
  ): Promise<readonly string[]>;
  /** Fetches a file that somebody sent, by the channel's name of it. Refused beyond `maxBytes`. */
  fetchFile(ref: string, maxBytes: number): Promise<Uint8Array>;
  /** Makes an earlier message the part; the same again is no fault. False when that can't be. */
  editToPart(place: Place, ref: string, part: Part, buttons?: readonly Button[]): Promise<boolean>;
}

/** The channels that are set up, by name. null: not there, or without its key. */
export type Channels = (name: string) => Promise<Channel | null>;

/**
 * Why a channel did not do it. `busy`: not before `retryAfterMs`. `unreachable`: nobody knows whether it was done.
 * `closed`: the person does not want to be written to. `refused`: asking again will not help.
 */
export class ChannelFault extends Error {
  readonly kind: 'busy' | 'unreachable' | 'closed' | 'refused';
  readonly retryAfterMs: number;
  constructor(
    kind: ChannelFault['kind'],
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ChannelFault';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** The approval that waits for its user, if one does. */
export const waitingApproval = (approval: Approval | null | undefined): Approval | null =>
  approval && !approval.decision ? approval : null;
