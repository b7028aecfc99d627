import { z } from 'zod';
import type { WakePhase } from '../../../amplify/core/agent.ts';
import {
  type Attachment,
  type FileUpload,
  fileUpload,
  type NewFile,
} from '../../../amplify/core/attachment.ts';
import { type DeliverResult, deliverResult } from '../../../amplify/core/channel/deliver-result.ts';
import type { ErrorCode } from '../../../amplify/core/error.ts';
import type { Event } from '../../../amplify/core/event.ts';
import type { Approval, Message, ToolCard } from '../../../amplify/core/message.ts';
import {
  type NotYet,
  notYet,
  type PastTurn,
  type PullResult,
  pastTurn,
  pullResult,
  type SnapshotPointer,
  type SnapshotUpload,
  snapshotUpload,
  type TaskFileDownload,
  type TaskGrant,
  taskFileDownload,
  taskGrant,
} from '../../../amplify/core/task-grant.ts';
import type { CallField } from './graphql.ts';

/** Tokens of one turn. */
export type Usage = NonNullable<Message['usage']>;

export interface MessageKey {
  readonly conversationId: string;
  readonly id: string;
  readonly attempt: number;
}

export interface Checkpoint {
  readonly seq?: number;
  readonly answer?: string;
  readonly tools?: readonly ToolCard[];
  /** null: nothing waits any more. */
  readonly approval?: Approval | null;
  readonly toolsRan?: true;
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
  report(report: AgentReport): Promise<void>;
  pull(sleepsAt: string | undefined): Promise<PullResult>;
  /** Tells whether a tool has run in this attempt until the claim; afterwards only this task can mark that. */
  claim(key: MessageKey): Promise<{ toolsRan: boolean }>;
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
  release(input: {
    wakeSeq: number;
    snapshot?: SnapshotPointer;
    error?: AgentReport['error'];
  }): Promise<void>;
}

export type PulledMessage = Message & {
  epoch?: number | null | undefined;
  toolsRan?: boolean | null | undefined;
  claims?: number | null | undefined;
};

/** Events go to the owner's pages as the field's result: what is not selected here, they do not get. */
const eventFields = '{ owner kind conversationId messageId body }';

/** AWSJSON arrives as a string, once or (from a resolver that made it a string itself) twice encoded. */
const json = z.unknown().transform((value) => {
  let result = value;
  for (let depth = 0; typeof result === 'string' && depth < 2; depth++) result = JSON.parse(result);
  return result;
});

/** What `message.started` tells the task beside the pages. */
const claimed = z.object({ toolsRan: z.boolean() });

const reservation = z.object({ day: z.iso.date() });

/** An absent argument leaves a value as it is, null takes it away. */
const awsJson = (value: unknown) => (value === undefined || value === null ? value : JSON.stringify(value));

/** The fields as functions. */
export function agentFields(call: CallField): Backend {
  return {
    openSession: async () =>
      z
        .union([taskGrant, notYet])
        .parse(json.parse(await call('agentOpenSession', 'mutation { agentOpenSession }', {}))),
    recall: async (since) =>
      z.array(pastTurn).parse(
        json.parse(
          await call('agentRecall', 'mutation ($since: AWSDateTime) { agentRecall(since: $since) }', {
            since,
          }),
        ),
      ),
    report: async ({ phase, sleepsAt, error }) => {
      await call(
        'agentReport',
        `mutation ($phase: String, $sleepsAt: AWSDateTime, $error: AWSJSON) {
           agentReport(phase: $phase, sleepsAt: $sleepsAt, error: $error) ${eventFields} }`,
        { phase, sleepsAt, error: awsJson(error) },
      );
    },
    pull: async (sleepsAt) =>
      pullResult.parse(
        json.parse(
          await call('agentPull', 'mutation ($sleepsAt: AWSDateTime) { agentPull(sleepsAt: $sleepsAt) }', {
            sleepsAt,
          }),
        ),
      ),
    claim: async (key) => {
      const event = await call(
        'agentClaim',
        `mutation ($conversationId: String!, $id: String!, $attempt: Int!) {
           agentClaim(conversationId: $conversationId, id: $id, attempt: $attempt) ${eventFields} }`,
        { ...key },
      );
      return claimed.parse(json.parse(z.object({ body: z.unknown() }).parse(event).body));
    },
    publish: async (kind, { conversationId, id }, body) => {
      await call(
        'agentPublish',
        `mutation ($kind: String!, $conversationId: String!, $messageId: String!, $body: AWSJSON!) {
           agentPublish(kind: $kind, conversationId: $conversationId, messageId: $messageId, body: $body) ${eventFields} }`,
        { kind, conversationId, messageId: id, body: JSON.stringify(body) },
      );
    },
    checkpoint: async (key, { seq, answer, tools, approval, toolsRan }) => {
      await call(
        'agentCheckpoint',
        `mutation ($conversationId: String!, $id: String!, $attempt: Int!, $seq: Int, $answer: String,
                   $tools: AWSJSON, $approval: AWSJSON, $toolsRan: Boolean) {
           agentCheckpoint(conversationId: $conversationId, id: $id, attempt: $attempt, seq: $seq, answer: $answer,
                           tools: $tools, approval: $approval, toolsRan: $toolsRan) }`,
        { ...key, seq, answer, tools: awsJson(tools), approval: awsJson(approval), toolsRan },
      );
    },
    commit: async (key, { status, seq, answer, tools, files, error, usage, model }) => {
      await call(
        'agentCommit',
        `mutation ($conversationId: String!, $id: String!, $attempt: Int!, $status: String!, $seq: Int!, $answer: String!,
                   $tools: AWSJSON!, $files: AWSJSON, $error: AWSJSON, $usage: AWSJSON, $model: String) {
           agentCommit(conversationId: $conversationId, id: $id, attempt: $attempt, status: $status, seq: $seq,
                       answer: $answer, tools: $tools, files: $files, error: $error, usage: $usage, model: $model) ${eventFields} }`,
        {
          ...key,
          status,
          seq,
          answer,
          tools: JSON.stringify(tools),
          files: awsJson(files?.length ? files : undefined),
          error: awsJson(error),
          usage: awsJson(usage),
          model,
        },
      );
    },
    deliver: async ({ conversationId, id }) =>
      deliverResult.parse(
        json.parse(
          await call(
            'agentDeliver',
            'mutation ($conversationId: String!, $id: String!) { agentDeliver(conversationId: $conversationId, id: $id) }',
            { conversationId, id },
          ),
        ),
      ),
    downloadFiles: async ({ conversationId, id }) =>
      z
        .array(taskFileDownload)
        .parse(
          json.parse(
            await call(
              'agentDownloadFiles',
              'mutation ($conversationId: String!, $id: String!) { agentDownloadFiles(conversationId: $conversationId, id: $id) }',
              { conversationId, id },
            ),
          ),
        ),
    uploadFile: async (key, file) =>
      fileUpload.parse(
        json.parse(
          await call(
            'agentUploadFile',
            `mutation ($conversationId: String!, $id: String!, $attempt: Int!, $name: String!, $type: String!, $size: Int!, $sha256: String!) {
               agentUploadFile(conversationId: $conversationId, id: $id, attempt: $attempt, name: $name, type: $type, size: $size, sha256: $sha256) }`,
            { ...key, ...file },
          ),
        ),
      ),
    reserveSpending: async (given) =>
      reservation.parse(
        json.parse(
          await call(
            'agentReserveSpending',
            'mutation ($id: String!, $amount: Float!) { agentReserveSpending(id: $id, amount: $amount) }',
            given,
          ),
        ),
      ),
    settleSpending: async (given) => {
      await call(
        'agentSettleSpending',
        `mutation ($id: String!, $day: String!, $amount: Float!, $cost: Float!, $conversationId: String,
                   $inputTokens: Int!, $outputTokens: Int!, $cachedTokens: Int!) {
           agentSettleSpending(id: $id, day: $day, amount: $amount, cost: $cost, conversationId: $conversationId,
                               inputTokens: $inputTokens, outputTokens: $outputTokens, cachedTokens: $cachedTokens) }`,
        { ...given },
      );
    },
    uploadSnapshot: async ({ size, sha256, seq }) =>
      snapshotUpload.parse(
        json.parse(
          await call(
            'agentUploadSnapshot',
            'mutation ($size: Int!, $sha256: String!, $seq: Int!) { agentUploadSnapshot(size: $size, sha256: $sha256, seq: $seq) }',
            { size, sha256, seq },
          ),
        ),
      ),
    saveSnapshot: async (pointer) => {
      await call(
        'agentSaveSnapshot',
        'mutation ($snapshot: AWSJSON!) { agentSaveSnapshot(snapshot: $snapshot) }',
        {
          snapshot: JSON.stringify(pointer),
        },
      );
    },
    release: async ({ wakeSeq, snapshot, error }) => {
      await call(
        'agentRelease',
        `mutation ($wakeSeq: Int!, $snapshot: AWSJSON, $error: AWSJSON) {
           agentRelease(wakeSeq: $wakeSeq, snapshot: $snapshot, error: $error) ${eventFields} }`,
        { wakeSeq, snapshot: awsJson(snapshot), error: awsJson(error) },
      );
    },
  };
}
