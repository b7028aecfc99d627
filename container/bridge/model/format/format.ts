import type { TaskGrant } from '../../../../amplify/core/task-grant.ts';
import type { Json, ToldTokens } from '../tokens.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiResponses } from './openai-responses.ts';

export type ModelApi = NonNullable<TaskGrant['model']>['api'];

/** What one event of a stream, or a whole answer, says. */
export interface Reading {
  /** A tool call begins or goes on here. */
  readonly tool: boolean;
  /** The API calls this the answer's end. */
  readonly finished?: boolean;
  readonly tokens?: ToldTokens;
  /** What it adds to the text for people. */
  readonly text?: string;
  /** All of it that the model wrote. */
  readonly written?: unknown;
  /** What the API calls an error. */
  readonly error?: unknown;
}

/** One API dialect: where it is called and what its answers say. */
export interface ModelFormat {
  /** The only path that OpenClaw may call. */
  readonly localPath: string;
  /** Where the provider answers below its base URL. */
  readonly path: string;
  /** The request's fields that limit the answer's length, and the one that is set where none is. */
  readonly limits: readonly [string, ...string[]];
  /** `before`: what the stream's earlier events have told. */
  readEvent(event: Json, before: ToldTokens | undefined): Reading;
  readWhole(answer: Json): Reading;
}

export const formats: Readonly<Record<ModelApi, ModelFormat>> = {
  'anthropic-messages': anthropicMessages,
  'openai-completions': openaiCompletions,
  'openai-responses': openaiResponses,
};
