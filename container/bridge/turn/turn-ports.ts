import type { Backend, MessageKey } from '../appsync/backend.ts';
import type { TurnFiles } from '../files/turn-files.ts';
import type { Log } from '../log.ts';
import type { RetryLimits } from '../model/failure.ts';
import type { Lanes } from '../model/lanes.ts';
import type { ModelProxy } from '../model/proxy.ts';
import type { TurnModel } from '../model/turn-model.ts';
import type { GatewayClient } from '../openclaw/gateway-client.ts';
import type { VoiceMessages } from '../voice/voice-message.ts';

/** OpenClaw's session of a conversation. */
export const sessionKeyOf = (conversationId: string): string => `agent:main:${conversationId}`;

export interface TurnPorts {
  readonly gateway: GatewayClient;
  readonly backend: Backend;
  readonly proxy: ModelProxy;
  readonly lanes: Lanes;
  readonly files: TurnFiles;
  readonly voice: VoiceMessages;
  readonly log: Log;
  readonly epoch: number;
  /** What answers; null when no model is configured. */
  readonly model: TurnModel | null;
  readonly retryLimits?: RetryLimits;
  /** Aborted when the bridge may write nothing more. */
  readonly signal: AbortSignal;
  /** The message's row has gone on without this turn. */
  readonly onBounce: (key: MessageKey) => void;
  /** OpenClaw has not been heard of, and does not take an abort: nothing more comes of it. */
  readonly onStuck: () => void;
}

/** Why a turn was ended from outside. */
export type EndCause = 'user' | 'model' | 'leaving' | 'stuck' | 'bounced';

/**
 * committed: the message is final. left: it stays in work, for the next task. again: OpenClaw died before any tool
 * ran; it may run once more. dropped: the row belongs to somebody else now.
 */
export type TurnResult = 'committed' | 'left' | 'again' | 'dropped';
