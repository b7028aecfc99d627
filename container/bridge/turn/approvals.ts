import type { Approval } from '../../../amplify/core/message.ts';
import { describeError, type Log } from '../log.ts';
import type { GatewayClient, GatewayEvent } from '../openclaw/gateway-client.ts';

export interface ApprovalPorts {
  readonly gateway: Pick<GatewayClient, 'request'>;
  readonly sessionKey: string;
  readonly messageId: string;
  readonly log: Log;
  /** Makes durable what waits, and tells it; null: nothing does any more. */
  keep(approval: Approval | null): Promise<void>;
}

/** The command of one turn that waits for its user's word. */
export class TurnApprovals {
  readonly #ports: ApprovalPorts;
  #waiting: Approval | undefined;
  #kept: Promise<void> = Promise.resolve();

  constructor(ports: ApprovalPorts) {
    this.#ports = ports;
  }

  /** Is it the user's turn to say something? */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** What the gateway tells. */
  take({ event, payload }: GatewayEvent): void {
    if (event === 'exec.approval.requested' && payload.request?.sessionKey === this.#ports.sessionKey) {
      const { command, cwd } = payload.request;
      this.#waiting = {
        id: String(payload.id),
        command: String(command).slice(0, 4_000),
        ...(typeof cwd === 'string' ? { cwd } : {}),
        requestedAt: new Date(payload.createdAtMs).toISOString(),
      };
      void this.#keep();
    } else if (event === 'exec.approval.resolved' && payload.id === this.#waiting?.id) {
      // It expired, or OpenClaw withdrew it.
      this.#waiting = undefined;
      void this.#keep();
    }
  }

  /** Passes the user's decision on. A decision about another approval than the waiting one is an old one. */
  async decide(approvalId: string, decision: 'allow-once' | 'deny'): Promise<void> {
    if (this.#waiting?.id !== approvalId) return;
    this.#waiting = undefined;
    const { gateway, messageId, log } = this.#ports;
    try {
      await gateway.request('exec.approval.resolve', { id: approvalId, decision });
    } catch (error) {
      log('warn', 'approval.not_resolved', { messageId, error: describeError(error) });
    }
    await this.#keep();
  }

  /** Keeps what waits by then, after what was kept before: the next question may come with the answer to the last. */
  #keep(): Promise<void> {
    const { keep, messageId, log } = this.#ports;
    this.#kept = this.#kept.then(async () => {
      try {
        await keep(this.#waiting ?? null);
      } catch (error) {
        log('warn', 'approval.not_stored', { messageId, error: describeError(error) });
      }
    });
    return this.#kept;
  }
}
