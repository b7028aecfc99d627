/**
 * What the use cases need from outside. Each is implemented in amplify/adapters, once on AWS and once in
 * memory, and held to its suite in adapters/contracts. Reads are consistent unless said otherwise.
 */

import type { UsageWindow } from './allowance.ts';
import type { Attachment, NewFile } from './attachment.ts';
import type { Capacity } from './capacity.ts';
import type { Conversation, OwnModel } from './conversation.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import type { Event } from './event.ts';
import type { Lease, LeaseError } from './lease.ts';
import type { Approval, MessageStatus } from './message.ts';
import type { MessageKey, StoredMessage } from './message-row.ts';
import type { LogEntry } from './metric.ts';
import type { Presigned } from './presigned.ts';
import type { StoredSettings } from './settings.ts';
import type { Compression } from './state-file.ts';
import type { SnapshotPointer, SnapshotUpload } from './task-grant.ts';
import type { TaskSize } from './task-size.ts';
import type { MonthUsage } from './usage.ts';

/** Milliseconds since 1970. */
export type Clock = () => number;

/** A short name for an owner that tells nobody who it is: the first 12 hex digits of its SHA-256. */
export type OwnerHash = (owner: string) => string;

/** One JSON-able entry a line; never texts or keys. */
export type Log = (entry: LogEntry) => void;

export interface LeaseStore {
  get(owner: string): Promise<Lease | null>;
  /**
   * Rings: `wakeSeq + 1` and the key into `pending`, in one update that makes the row when there is none. Whoever
   * rings wants the agent awake: `sleepRequested` and `unusedWakes` go.
   * Gives the row after it. Throws `message.queue_full` when `limit` others wait already; the row is then unchanged.
   */
  ring(owner: string, key: string, limit: number): Promise<Lease>;
  /** The owner's row, made as core/lease.ts emptyLease where there is none. */
  open(owner: string): Promise<Lease>;
  /**
   * Takes keys out of `pending`, if nobody rang since `wakeSeq` (who rang may have put one of them there anew).
   * Gives the row after it; null when somebody rang or there is no row.
   */
  drop(owner: string, keys: readonly string[], wakeSeq: number): Promise<Lease | null>;
  /**
   * Moves the row from `before` to `after`, if nobody changed the lease since `before` was read (and, where
   * `after` is free, nobody rang). Leaves `pending`, `wakeSeq`, `wakeMs` and the snapshots as they are.
   * Gives the row after it; null when somebody was faster.
   */
  move(before: Lease, after: Lease): Promise<Lease | null>;
  /**
   * Names other snapshots, the first the one that the next task begins with, if the row is free and nobody changed it
   * since `before` was read. `epoch`: one that a new snapshot takes for itself, so that no task's is called like it.
   * Gives the row after it; null when somebody was faster.
   */
  point(before: Lease, snapshots: readonly SnapshotPointer[], epoch?: number): Promise<Lease | null>;
  /**
   * Leaves of the row nothing but its counters, under an epoch that no task has: whoever held it can write nothing any
   * more. Gives false when somebody changed the lease, or rang, since `before` was read.
   */
  clear(before: Lease): Promise<boolean>;
  /** Owners whose lease ran out before `now` (index: may lag), oldest first. */
  expired(now: number, limit: number): Promise<readonly string[]>;
}

export type PutResult = { stored: true } | { stored: false; existing: StoredMessage };

export interface MessageStore {
  get(owner: string, key: MessageKey): Promise<StoredMessage | null>;
  /** Stores a message if its key is free. */
  put(message: StoredMessage): Promise<PutResult>;
  /**
   * A final message of this attempt → `queued`, attempt + 1, without what the attempt left, for the model that its
   * conversation has by now. null when it is not that.
   */
  requeue(
    owner: string,
    key: MessageKey,
    attempt: number,
    ownModel: OwnModel | null,
  ): Promise<StoredMessage | null>;
  /** Ends a message that is not final, keeping what it has of an answer. null when it was final or of another attempt. */
  finish(
    owner: string,
    key: MessageKey,
    end: {
      attempt: number;
      status: MessageStatus;
      error: LeaseError;
      finishedAt: string;
    },
  ): Promise<StoredMessage | null>;
  /**
   * Changes what files go with a message, if nobody changed that since `row` was read; where more of it joins, only if
   * no task has taken it. Gives the row after it; null when that is not so, or the message is gone.
   */
  setFiles(row: StoredMessage, change: FilesChange): Promise<StoredMessage | null>;
  /** Notes that a file of the message was deleted. null when the message does not name it any more. */
  forgetFile(row: StoredMessage, fileId: string, at: string): Promise<StoredMessage | null>;
  /**
   * Ends a queued message as `stopped`; asks the task that holds one in work to stop it. Gives the row after it;
   * null when it was final or is not there.
   */
  stop(owner: string, key: MessageKey, finishedAt: string): Promise<StoredMessage | null>;
  /** Notes a user's decision about the approval that waits. null when another one waits, or none, or it was decided otherwise. */
  decide(
    owner: string,
    key: MessageKey,
    approval: { id: string; decision: NonNullable<Approval['decision']> },
  ): Promise<StoredMessage | null>;
  /** Those of the keys that exist, with what a decision needs. */
  states(owner: string, keys: readonly MessageKey[]): Promise<readonly MessageState[]>;
  /** The newest messages of a conversation, newest first. */
  newest(owner: string, conversationId: string, limit: number): Promise<readonly StoredMessage[]>;
  /** Removes messages that are final; one that is gone is no error, one that is not final stays. */
  remove(owner: string, keys: readonly MessageKey[]): Promise<void>;
  /** Messages that are not final and were accepted before a time (index: may lag), oldest first. */
  unanswered(acceptedBefore: string, limit: number): Promise<readonly (MessageKey & { owner: string })[]>;
}

export interface FilesChange {
  attachments: StoredMessage['attachments'];
  joining?: Required<Pick<StoredMessage, 'sources' | 'text' | 'joinsUntil'>>;
}

export type MessageState = MessageKey &
  Pick<StoredMessage, 'status' | 'attempt' | 'epoch' | 'toolsRan' | 'claims'>;

export interface ConversationStore {
  get(owner: string, id: string): Promise<Conversation | null>;
  /** Makes a conversation; gives the one that is there, unchanged, when the id is taken. */
  create(owner: string, conversation: Conversation): Promise<Conversation>;
  /** Ids of conversations in which a message was accepted since a time (index: may lag), the last active first. */
  active(owner: string, since: string, limit: number): Promise<readonly string[]>;
  /**
   * Notes that a message was accepted: `activeAt` (never backwards), and the title where it is still ''.
   * Gives the row after it; null when it is gone.
   */
  touch(owner: string, id: string, change: { activeAt: string; title: string }): Promise<Conversation | null>;
}

export interface TaskSession {
  taskId: string;
  owner: string;
  epoch: number;
  capacity: Capacity;
  startedAt: string;
  runningAt?: string | undefined;
  stoppedAt?: string | undefined;
  stopReason?: string | undefined;
  /** Highest `detail.version` of the task events seen. */
  version?: number | undefined;
}

export interface TaskSessionStore {
  get(taskId: string): Promise<TaskSession | null>;
  /** Records a session; the same one again changes nothing. `expiresAt`: seconds since 1970. */
  put(session: TaskSession, expiresAt: number): Promise<void>;
  /** Notes a task event, unless one of this version or a later one was noted. Gives false then. */
  note(
    taskId: string,
    change: {
      version: number;
      runningAt?: string | undefined;
      stoppedAt?: string | undefined;
      stopReason?: string | undefined;
    },
  ): Promise<boolean>;
}

export interface AllowanceStore {
  /**
   * Counts one use in every window of a day's row, or in none when one of them is used up. Gives those that are.
   * `expiresAt`: seconds since 1970.
   */
  take(
    place: { owner: string; day: string; expiresAt: number },
    windows: readonly UsageWindow[],
  ): Promise<readonly UsageWindow[]>;
  /** Takes one use back. */
  giveBack(
    place: { owner: string; day: string; expiresAt: number },
    windows: readonly UsageWindow[],
  ): Promise<void>;
}

export interface SettingsStore {
  /** An owner who saved none has `{}`. */
  get(owner: string): Promise<StoredSettings>;
  /** What admins have set for the whole deployment; `{}` where they have set nothing. */
  ofDeployment(): Promise<DeploymentSettings>;
}

export interface TaskBooking {
  taskId: string;
  /** When it began to be billed, milliseconds since 1970. */
  from: number;
  /** Until when it is to be booked. */
  until: number;
  secondUsd: number;
}

export interface UsageStore {
  /** What an owner has used in a month (2026-11), without its conversations. */
  get(owner: string, month: string): Promise<MonthUsage>;
  /** What the whole deployment has used in a month: `counted` alone, in the month and day by day. */
  ofDeployment(month: string): Promise<MonthUsage>;
  /**
   * Adds what a task cost since it was last booked, to the deployment's use as well. The same booking again, or an earlier
   * one, changes nothing.
   */
  bookTask(owner: string, booking: TaskBooking): Promise<void>;
}

export interface ParameterStore {
  /** A parameter's decrypted value; null when there is none. `name` begins after the deployment's prefix. */
  get(name: string): Promise<string | null>;
}

export interface SecretStore extends ParameterStore {
  /** Stores a value encrypted, instead of the one before. */
  put(name: string, value: string): Promise<void>;
  /** One that is gone is no error. */
  remove(name: string): Promise<void>;
}

/** Asks a model's address once; never throws. */
export type ModelCaller = (call: {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}) => Promise<
  | { outcome: 'answered'; status: number; text: string }
  | { outcome: 'unreachable' | 'timeout'; detail: string }
>;

export interface RunTaskRequest {
  capacity: Capacity;
  /** At most 64 ASCII characters: the same token gives the same task. */
  clientToken: string;
  /** At most 36 characters of [A-Za-z0-9_-]: for a person who looks at the cluster. */
  startedBy: string;
  size: TaskSize;
}

export type RunTaskResult =
  | { outcome: 'started'; taskId: string }
  | { outcome: 'no-capacity'; reason: string }
  /** Any other refusal, or no answer after the client's own retries. */
  | { outcome: 'failed'; reason: string };

export interface TaskInfo {
  taskId: string;
  /** As ECS says it, e.g. PENDING. */
  lastStatus: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  size?: TaskSize | undefined;
}

export interface TaskRunner {
  run(request: RunTaskRequest): Promise<RunTaskResult>;
  /** Stops a task; one that is gone is no error. */
  stop(taskId: string, reason: string): Promise<void>;
  /** Every task of ours that has not stopped. */
  list(): Promise<readonly TaskInfo[]>;
}

export interface EventPublisher {
  /** Tells an owner's pages and task. Throws RemoteError. */
  publish(owner: string, event: Event): Promise<void>;
}

/**
 * Asks for what became of a message to be brought to its owner, to the channel by which it came or to browsers, and does
 * not wait for that.
 */
export interface Courier {
  /** Throws RemoteError. */
  send(owner: string, key: MessageKey): Promise<void>;
}

export interface SnapshotUrls {
  /** `name`: under which a browser keeps it. */
  download(key: string, name?: string): Promise<{ url: string; headers: Record<string, string> }>;
  /** Binds key, length and SHA-256 (hex). */
  upload(file: { key: string; size: number; sha256: string }): Promise<SnapshotUpload['upload']>;
}

export interface StoredImport {
  key: string;
  size: number;
  sha256: string;
  /** null when it is compressed in no way that a task reads. */
  compression: Compression | null;
  /** The first 512 bytes of what is compressed in it, or fewer. */
  begin: Uint8Array;
}

/** Files that owners bring as saved states: beside the tasks' own snapshots, under names that no task uses. */
export interface SnapshotImports {
  /** Binds key, length and SHA-256 (hex). What is put there is deleted after a day or two unless it is kept. */
  upload(owner: string, file: { id: string; size: number; sha256: string }): Promise<Presigned>;
  /** What lies there, as storage has it; null when nothing does. */
  find(owner: string, id: string): Promise<StoredImport | null>;
  /** It is not deleted any more as one that became nothing. */
  keep(owner: string, id: string): Promise<void>;
}

export interface SnapshotFiles {
  /** Keys of an owner's snapshots, a thousand at most. */
  list(owner: string): Promise<readonly string[]>;
  /** Deletes files; one that is gone is no error. */
  remove(keys: readonly string[]): Promise<void>;
}

/** Files of owners (attachment.ts), each under an id that is used once. */
export interface FileStore {
  /** What lies there; null when nothing does. */
  find(owner: string, id: string): Promise<Pick<Attachment, 'type' | 'size'> | null>;
  /** Takes the mark of an upload away: it is not deleted any more as one that was never sent. */
  keep(owner: string, id: string): Promise<void>;
  /** Deletes files; one that is gone is no error. */
  remove(owner: string, ids: readonly string[]): Promise<void>;
}

/** The same files, read and written by functions. */
export interface FileBytes {
  /** A file's bytes; null when there are none. */
  read(owner: string, file: Attachment): Promise<Uint8Array | null>;
  /** Writes a file that a message names already; the same again changes nothing. */
  write(owner: string, file: Pick<Attachment, 'id' | 'name' | 'type'>, bytes: Uint8Array): Promise<void>;
}

/** Has files of a message fetched that a channel keeps, and does not wait for that. */
export interface FileFetcher {
  /** `fileId`: only this one. Throws RemoteError. */
  fetch(owner: string, key: MessageKey, fileId?: string): Promise<void>;
}

export interface FileUrls {
  /** Binds key, length, type and SHA-256. One that is `unsent` is deleted after a day or two unless it is kept. */
  upload(owner: string, file: NewFile & { id: string }, options: { unsent: boolean }): Promise<Presigned>;
  /** Of what is never shown in place: always a download, under the file's name. */
  download(owner: string, file: Attachment): Promise<Presigned>;
}

/** A remote said no (`reached`: the same call will be refused again) or was not reached (it may succeed later). */
export class RemoteError extends Error {
  readonly reached: boolean;
  constructor(message: string, options: { reached: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'RemoteError';
    this.reached = options.reached;
  }
}
