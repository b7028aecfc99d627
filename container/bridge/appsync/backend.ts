import type { WakePhase } from '../../../amplify/core/agent.ts';
import type { Attachment, FileUpload, NewFile } from '../../../amplify/core/attachment.ts';
import type { DeliverResult } from '../../../amplify/core/channel/deliver-result.ts';
import type { OwnModel } from '../../../amplify/core/conversation.ts';
import type { ErrorCode } from '../../../amplify/core/error.ts';
import type { Event } from '../../../amplify/core/event.ts';
import type { Approval, Message, ToolCard } from '../../../amplify/core/message.ts';
import type {
  NotYet,
  PastTurn,
  PullResult,
  SnapshotPointer,
  SnapshotUpload,
  TaskFileDownload,
  TaskGrant,
} from '../../../amplify/core/task-grant.ts';
import type { Transcript } from '../../../amplify/core/transcript.ts';

/** Tokens of one turn. */
export type Usage = NonNullable<Message['usage']>;

export interface MessageKey {
  readonly conversationId: string;
  readonly id: string;
  readonly attempt: number;
}

/** What the model thought before it answered, as far as it showed that and it is kept. */
export interface Thought {
  readonly text: string;
  /** How long it thought. */
  readonly ms: number;
}

export interface Checkpoint {
  readonly seq?: number;
  readonly answer?: string;
  readonly tools?: readonly ToolCard[];
  /** null: nothing waits any more. */
  readonly approval?: Approval | null;
  readonly toolsRan?: true;
  readonly thought?: Thought | undefined;
  /** What was understood of the message's voice. */
  readonly transcript?: Transcript | undefined;
}

export interface Outcome {
  readonly status: 'answered' | 'failed' | 'stopped' | 'interrupted';
  readonly seq: number;
  readonly answer: string;
  readonly tools: readonly ToolCard[];
  readonly files?: readonly Attachment[];
  readonly error?: { readonly code: ErrorCode; readonly detail?: string };
  readonly usage?: Usage;
  readonly model?: string;
  readonly thought?: Thought | undefined;
}

export interface SettledCall {
  readonly id: string;
  /** Of the reservation. */
  readonly day: string;
  readonly amount: number;
  /** What it came to, micros. */
  readonly cost: number;
  /** Absent for a call that belongs to no conversation. */
  readonly conversationId?: string | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** How long messages were in work since the call before it was settled. */
  readonly workedMs: number;
}

export interface AgentReport {
  readonly phase?: WakePhase;
  readonly sleepsAt?: string | null;
  readonly error?: { readonly code: ErrorCode; readonly detail?: string };
}

/** The task's fields of the app (amplify/data/resource.ts). Every call may throw Refused, Bounced or Unreachable. */
export interface Backend {
  /** A successor gets NotYet until its turn. */
  openSession(): Promise<TaskGrant | NotYet>;
  /** Turns that became final since a time (ISO 8601), in their order; without it of all times. */
  recall(since: string | undefined): Promise<readonly PastTurn[]>;
  /** Ids of conversations that the owner deleted, within the last year at least. */
  deletedConversations(): Promise<readonly string[]>;
  report(report: AgentReport): Promise<void>;
  pull(sleepsAt: string | undefined): Promise<PullResult>;
  /**
   * Tells whether a tool has run in this attempt until the claim; afterwards only this task can mark that. `files`: how
   * many were seen with it; bounces when there are more by now.
   */
  claim(key: MessageKey, files?: number): Promise<{ toolsRan: boolean }>;
  publish(
    kind: Event['kind'],
    place: Pick<MessageKey, 'conversationId' | 'id'>,
    body: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  checkpoint(key: MessageKey, checkpoint: Checkpoint): Promise<void>;
  commit(key: MessageKey, outcome: Outcome): Promise<void>;
  /** Has a message that came by a channel brought there as far as it is stored. */
  deliver(place: Pick<MessageKey, 'conversationId' | 'id'>): Promise<DeliverResult>;
  /** Where the files that were sent with a message can be read. */
  downloadFiles(place: Pick<MessageKey, 'conversationId' | 'id'>): Promise<TaskFileDownload[]>;
  /** Where to put a file for the answer. */
  uploadFile(key: MessageKey, file: NewFile): Promise<FileUpload>;
  /**
   * Reserves what a model call may cost at most, micros; the same id again is the same reservation. Gives its day.
   * Refused with `spending.…` when the owner may not spend that much now.
   */
  reserveSpending(call: { id: string; amount: number }): Promise<{ day: string }>;
  /** Counts what the call cost instead of its reservation. A reservation that is settled already stays as it is. */
  settleSpending(call: SettledCall): Promise<void>;
  uploadSnapshot(file: { size: number; sha256: string; seq: number }): Promise<SnapshotUpload>;
  saveSnapshot(pointer: SnapshotPointer): Promise<void>;
  /** `sleepsAt`: when this task would have left because nothing happens; a successor leaves then. */
  release(input: {
    wakeSeq: number;
    snapshot?: SnapshotPointer;
    error?: AgentReport['error'];
    sleepsAt?: string;
  }): Promise<void>;
}

export type PulledMessage = Message & {
  epoch?: number | null | undefined;
  toolsRan?: boolean | null | undefined;
  claims?: number | null | undefined;
  ownModel?: OwnModel | null | undefined;
  /** For how long more of it may still come, milliseconds. */
  joinsInMs?: number | null | undefined;
};
