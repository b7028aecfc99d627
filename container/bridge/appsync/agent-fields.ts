import { z } from 'zod';
import { fileUpload } from '../../../amplify/core/attachment.ts';
import { deliverResult } from '../../../amplify/core/channel/deliver-result.ts';
import {
  deletedConversations,
  notYet,
  pastTurn,
  pullResult,
  snapshotUpload,
  taskFileDownload,
  taskGrant,
} from '../../../amplify/core/task-grant.ts';
import type { Backend } from './backend.ts';
import type { CallField } from './graphql.ts';

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

/** The task's fields as functions, over a way to call one. */
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
    deletedConversations: async () => {
      const all: string[] = [];
      for (let nextToken: string | null | undefined = null; ; ) {
        const page: z.output<typeof deletedConversations> = deletedConversations.parse(
          json.parse(
            await call(
              'agentDeletedConversations',
              'mutation ($nextToken: String) { agentDeletedConversations(nextToken: $nextToken) }',
              { nextToken },
            ),
          ),
        );
        all.push(...page.ids);
        nextToken = page.nextToken;
        if (!nextToken) return all;
      }
    },
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
    claim: async (key, files) => {
      const event = await call(
        'agentClaim',
        `mutation ($conversationId: String!, $id: String!, $attempt: Int!, $files: Int) {
           agentClaim(conversationId: $conversationId, id: $id, attempt: $attempt, files: $files) ${eventFields} }`,
        { ...key, ...(files && { files }) },
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
    checkpoint: async (key, { seq, answer, tools, approval, toolsRan, thought, transcript }) => {
      await call(
        'agentCheckpoint',
        `mutation ($conversationId: String!, $id: String!, $attempt: Int!, $seq: Int, $answer: String,
                   $tools: AWSJSON, $approval: AWSJSON, $toolsRan: Boolean, $thinking: String, $thinkingMs: Int,
                   $transcript: AWSJSON) {
           agentCheckpoint(conversationId: $conversationId, id: $id, attempt: $attempt, seq: $seq, answer: $answer,
                           tools: $tools, approval: $approval, toolsRan: $toolsRan,
                           thinking: $thinking, thinkingMs: $thinkingMs, transcript: $transcript) }`,
        {
          ...{ ...key, seq, answer, tools: awsJson(tools), approval: awsJson(approval), toolsRan },
          ...{ thinking: thought?.text, thinkingMs: thought?.ms, transcript: awsJson(transcript) },
        },
      );
    },
    commit: async (key, { status, seq, answer, tools, files, error, usage, model, thought }) => {
      await call(
        'agentCommit',
        `mutation ($conversationId: String!, $id: String!, $attempt: Int!, $status: String!, $seq: Int!, $answer: String!,
                   $tools: AWSJSON!, $files: AWSJSON, $error: AWSJSON, $usage: AWSJSON, $model: String,
                   $thinking: String, $thinkingMs: Int) {
           agentCommit(conversationId: $conversationId, id: $id, attempt: $attempt, status: $status, seq: $seq,
                       answer: $answer, tools: $tools, files: $files, error: $error, usage: $usage, model: $model,
                       thinking: $thinking, thinkingMs: $thinkingMs) ${eventFields} }`,
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
          thinking: thought?.text,
          thinkingMs: thought?.ms,
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
                   $inputTokens: Int!, $outputTokens: Int!, $cachedTokens: Int!, $workedMs: Int) {
           agentSettleSpending(id: $id, day: $day, amount: $amount, cost: $cost, conversationId: $conversationId,
                               inputTokens: $inputTokens, outputTokens: $outputTokens, cachedTokens: $cachedTokens, workedMs: $workedMs) }`,
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
    release: async ({ wakeSeq, snapshot, error, sleepsAt }) => {
      await call(
        'agentRelease',
        `mutation ($wakeSeq: Int!, $snapshot: AWSJSON, $error: AWSJSON, $sleepsAt: AWSDateTime) {
           agentRelease(wakeSeq: $wakeSeq, snapshot: $snapshot, error: $error, sleepsAt: $sleepsAt) ${eventFields} }`,
        { wakeSeq, snapshot: awsJson(snapshot), error: awsJson(error), sleepsAt },
      );
    },
  };
}
