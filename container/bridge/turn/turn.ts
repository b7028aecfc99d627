import type { MessageKey, Outcome, PulledMessage, Usage } from '../appsync/backend.ts';
import { Bounced } from '../appsync/error.ts';
import { MediaLines } from '../files/media-lines.ts';
import { describeError } from '../log.ts';
import { type ModelFailure, RetryBudget } from '../model/failure.ts';
import type { ModelTurn } from '../model/proxy.ts';
import { addUsage } from '../model/spending.ts';
import type { TurnModel } from '../model/turn-model.ts';
import { laneModel } from '../openclaw/configuration.ts';
import type { GatewayEvent } from '../openclaw/gateway-client.ts';
import { untilAnswered } from '../retry.ts';
import { limitAnswer } from './answer-limit.ts';
import { TurnApprovals } from './approvals.ts';
import { textOf } from './chat-text.ts';
import { conclude, measured, type TurnEnd } from './conclude.ts';
import { turnKey } from './plan.ts';
import { TurnReporter } from './reporter.ts';
import { scheduleNote } from './schedule-note.ts';
import { SignOfLife } from './sign-of-life.ts';
import { Thinking } from './thinking.ts';
import { ToolCards } from './tool-cards.ts';
import { type EndCause, sessionKeyOf, type TurnPorts, type TurnResult } from './turn-ports.ts';

/** OpenClaw confirms an abort in some 40 ms; a turn does not wait longer than this for it. */
const abortGrace = 5_000;
const reportGrace = 3_000;

/** Answers one message: from the claim that was made for it to its commit. */
export class Turn implements ModelTurn {
  readonly message: PulledMessage;
  readonly key: MessageKey;
  readonly #ports: TurnPorts;
  readonly #cards = new ToolCards();
  readonly #media = new MediaLines();
  readonly #thinking = new Thinking();
  readonly #reporter: TurnReporter;
  readonly #budget: RetryBudget;
  readonly #approvals: TurnApprovals;
  readonly #sign: SignOfLife;
  readonly #end = Promise.withResolvers<TurnEnd>();
  #text = '';
  #cause: EndCause | undefined;
  #failure: ModelFailure | undefined;
  #usage: Usage | undefined;
  #mark: Promise<void> | undefined;
  #toolsRan = false;

  constructor(message: PulledMessage, ports: TurnPorts) {
    this.message = message;
    this.#ports = ports;
    this.key = { conversationId: message.conversationId, id: message.id, attempt: message.attempt };
    this.#budget = new RetryBudget(ports.retryLimits);
    this.#reporter = new TurnReporter({
      key: this.key,
      epoch: ports.epoch,
      backend: ports.backend,
      log: ports.log,
      tools: () => this.#cards.all(),
      thought: () => this.#thinking.thought,
      onBounce: () => this.#bounced(),
    });
    this.#sign = new SignOfLife(
      () => this.#cards.isRunning || this.#approvals.isWaiting,
      () => void this.abort('stuck'),
    );
    this.#approvals = new TurnApprovals({
      gateway: ports.gateway,
      sessionKey: this.sessionKey,
      messageId: this.key.id,
      log: ports.log,
      keep: async (approval) => {
        await this.#durably(() => ports.backend.checkpoint(this.key, { approval }));
        this.#reporter.approval(approval);
      },
    });
  }

  get sessionKey(): string {
    return sessionKeyOf(this.key.conversationId);
  }

  get ended(): boolean {
    return this.#cause !== undefined;
  }

  async run(): Promise<TurnResult> {
    const { gateway, proxy, lanes, files, voice, model } = this.#ports;
    if (!model?.price) {
      const code = model ? 'model.no_price' : 'model.not_configured';
      return this.#commit({ status: 'failed', error: { code } });
    }
    const lane = lanes.acquire(this.key.conversationId);
    proxy.attach(lane, this);
    const off = gateway.onEvent((event) => this.#take(event));
    this.#sign.heard();
    void gateway.closed.then(() => this.#end.resolve({ kind: 'lost' }));
    try {
      const [told] = await Promise.all([
        files.handIn(this.message),
        gateway.request('sessions.patch', { key: this.sessionKey, model: laneModel(lane, model.name) }),
      ]);
      const spoken = await voice.hear({
        message: this.message,
        recordings: told.recordings,
        keep: (transcript) => this.#durably(() => this.#ports.backend.checkpoint(this.key, { transcript })),
        used: (usage) => this.used(usage),
      });
      if (this.ended) {
        this.#end.resolve({ kind: 'aborted' });
      } else {
        await gateway.request('chat.send', {
          sessionKey: this.sessionKey,
          message: [told.text, spoken, scheduleNote(this.message)].filter(Boolean).join('\n\n'),
          ...(told.pictures.length > 0 && { attachments: told.pictures }),
          // Else OpenClaw takes “stop”, “/reset” or a pasted “/exec …” for orders to itself, and answers none of them.
          suppressCommandInterpretation: true,
          idempotencyKey: turnKey(this.key),
        });
      }
    } catch (error) {
      this.#end.resolve({ kind: 'error', detail: describeError(error) });
    }
    const end = await this.#end.promise;
    off();
    this.#sign.stop();
    proxy.detach(lane);
    lanes.release(lane);
    return this.#conclude(end);
  }

  /** Ends the turn early. The first cause counts. */
  async abort(cause: EndCause): Promise<void> {
    if (this.#cause) return;
    this.#cause = cause;
    const late = setTimeout(() => {
      // One that does not even hear that would keep its conversation for ever.
      if (cause === 'stuck') this.#ports.onStuck();
      this.#end.resolve({ kind: 'aborted' });
    }, abortGrace);
    void this.#end.promise.then(() => clearTimeout(late));
    try {
      await this.#ports.gateway.request('chat.abort', { sessionKey: this.sessionKey });
    } catch {
      // Not started yet, or the gateway is gone: the timer ends it.
    }
    if (cause === 'user' || cause === 'leaving' || cause === 'stuck') return;
    this.#end.resolve({ kind: 'aborted' });
  }

  /** Passes the user's decision on. */
  decide(approvalId: string, decision: 'allow-once' | 'deny'): Promise<void> {
    return this.#approvals.decide(approvalId, decision);
  }

  // ---- what the model proxy tells (ModelTurn) ------------------------------------------------

  beforeTool(): Promise<void> {
    this.#mark ??= this.#durably(() => this.#ports.backend.checkpoint(this.key, { toolsRan: true })).then(
      () => {
        this.#toolsRan = true;
      },
    );
    return this.#mark;
  }

  get conversationId(): string {
    return this.key.conversationId;
  }

  get model(): TurnModel {
    const { model } = this.#ports;
    if (!model) throw new Error('a turn without a model calls none');
    return model;
  }

  used(usage: Usage): void {
    this.#usage = addUsage(this.#usage, usage);
  }

  succeeded(text: string): void {
    this.#media.add(text);
    this.#failure = undefined;
    this.#budget.succeeded();
  }

  failed(failure: ModelFailure): void {
    if (this.#cause) return;
    this.#failure = failure;
    this.#ports.log('warn', 'turn.model_failed', { messageId: this.key.id, code: failure.code });
    if (this.#budget.failed(failure, Date.now()) === 'give-up') void this.abort('model');
    else this.#reporter.progress('model-retrying');
  }

  // ---- what the gateway tells ------------------------------------------------------------------

  #take({ event, payload }: GatewayEvent): void {
    this.#approvals.take({ event, payload });
    if (payload?.runId !== turnKey(this.key)) return;
    this.#sign.heard();
    if (event === 'chat') this.#takeChat(payload);
    else if (event === 'agent' && payload.stream === 'thinking') {
      this.#thinking.take(String(payload.data?.text ?? ''), Date.now());
      this.#reporter.thinking();
    } else if (event === 'agent' && payload.stream === 'tool') {
      this.#thinking.end();
      const card = this.#cards.take(payload.data, this.#text.length, new Date());
      if (card) this.#reporter.tool(card);
    }
  }

  #takeChat(payload: GatewayEvent['payload']): void {
    const text = textOf(payload.message);
    if (text !== undefined) this.#text = limitAnswer(text);
    if (payload.state === 'status') {
      this.#reporter.progress(payload.phase === 'starting_model' ? 'model-starting' : 'preparing');
    } else if (payload.state === 'delta') {
      this.#thinking.end();
      this.#reporter.text(this.#text);
    } else if (payload.state === 'final') {
      this.#end.resolve({ kind: 'final', text: this.#text });
    } else if (payload.state === 'aborted') {
      this.#end.resolve({ kind: 'aborted' });
    } else if (payload.state === 'error') {
      this.#end.resolve({ kind: 'error', detail: String(payload.errorMessage ?? payload.errorKind ?? '') });
    }
  }

  // ---- the end -----------------------------------------------------------------------------------

  async #conclude(end: TurnEnd): Promise<TurnResult> {
    await this.#reporter.stop(reportGrace);
    // A mark on its way counts as made: the tool call may have been passed on by the time we would know.
    const toolsRan = this.#toolsRan || this.#mark !== undefined;
    this.#cards.endRunning(new Date());
    const outcome = conclude({
      end,
      cause: this.#cause,
      failure: this.#failure,
      toolsRan,
      hasFiles: this.#media.paths.length > 0,
    });
    return typeof outcome === 'string' ? outcome : this.#commit(outcome);
  }

  async #commit(outcome: Pick<Outcome, 'status' | 'error'>): Promise<TurnResult> {
    const { model, files: ways, log } = this.#ports;
    const made = outcome.status === 'answered' ? this.#media.paths : [];
    const files = made.length > 0 ? await ways.handOut(this.key, made) : [];
    try {
      await this.#durably(() =>
        this.#ports.backend.commit(this.key, {
          ...outcome,
          seq: this.#reporter.seq,
          answer: this.#text,
          tools: this.#cards.all(),
          files,
          ...(this.#usage ? { usage: this.#usage } : {}),
          ...(model && { model: model.name }),
          thought: this.#thinking.thought,
        }),
      );
    } catch (error) {
      if (error instanceof Bounced) return 'dropped';
      throw error;
    }
    log('info', 'turn.committed', {
      messageId: this.key.id,
      attempt: this.key.attempt,
      status: outcome.status,
      code: outcome.error?.code,
      detail: outcome.error?.detail,
      ...measured(this.message, outcome.status),
    });
    return 'committed';
  }

  /** A write that must arrive: tried until it is answered, or the bridge may not write any more. */
  async #durably(write: () => Promise<void>): Promise<void> {
    try {
      await untilAnswered(write, this.#ports.signal);
    } catch (error) {
      if (error instanceof Bounced) this.#bounced();
      throw error;
    }
  }

  #bounced(): void {
    this.#ports.onBounce(this.key);
    void this.abort('bounced');
  }
}
