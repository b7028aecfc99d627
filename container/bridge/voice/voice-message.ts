import {
  maxTranscriptLength,
  spokenText,
  type Transcript,
  type TranscriptFault,
} from '../../../amplify/core/transcript.ts';
import type { PulledMessage, Usage } from '../appsync/backend.ts';
import type { Log } from '../log.ts';
import type { Spending } from '../model/spending.ts';
import { CallFailed } from '../model/upstream.ts';
import type { ModelGrant } from '../openclaw/configuration.ts';
import { type Recording, transcribe } from './transcribe.ts';

/** Has what was spoken in a message written down before OpenClaw gets it. */
export interface VoiceMessages {
  /** Gives what OpenClaw is told of it besides its files; empty where nothing was spoken. Fails no turn. */
  hear(spoken: {
    message: Pick<PulledMessage, 'id' | 'conversationId' | 'transcript'>;
    recordings: readonly Recording[];
    /** Stores what was understood, for people and for another try. */
    keep(transcript: Transcript): Promise<void>;
    used(usage: Usage): void;
  }): Promise<string>;
}

const unheard: Record<TranscriptFault, string> = {
  unsupported: 'The model provider in use can’t turn voice into text.',
  spending: 'The spending limit does not allow turning it into text.',
  failed: 'It could not be turned into text.',
};

/** `model` and `spending`: null where nothing may be called; every turn then fails before this is asked. */
export function voiceMessages(ports: {
  model: ModelGrant | null;
  spending: Spending | undefined;
  log: Log;
  signal: AbortSignal;
}): VoiceMessages {
  const { model, spending, log, signal } = ports;

  const understand = async ({
    message,
    recordings,
    used,
  }: Parameters<VoiceMessages['hear']>[0]): Promise<Transcript> => {
    if (!model?.transcriber || !spending) return { fault: 'unsupported' };
    const { conversationId } = message;
    const texts: string[] = [];
    try {
      for (const recording of recordings) {
        const call = {
          model,
          transcriber: model.transcriber,
          spending,
          recording,
          conversationId,
          used,
          signal,
        };
        texts.push(await transcribe(call));
      }
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      log('warn', 'voice.not_heard', { messageId: message.id, code: error.code, detail: error.detail });
      return { fault: error.code.startsWith('spending.') ? 'spending' : 'failed' };
    }
    return { text: texts.join('\n\n').slice(0, maxTranscriptLength) };
  };

  return {
    hear: async (spoken) => {
      if (spoken.recordings.length === 0) return '';
      const { transcript } = spoken.message;
      const known = spokenText(transcript);
      const heard = known ? { text: known } : await understand(spoken);
      if (!known) await spoken.keep(heard);
      if (!('text' in heard)) return `[Voice message] ${unheard[heard.fault]}`;
      return heard.text
        ? `[Voice message, written down by a machine]\n${heard.text}`
        : '[Voice message] Nothing was said.';
    },
  };
}
