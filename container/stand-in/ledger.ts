import { randomUUID } from 'node:crypto';
import { type Attachment, fileKey } from '../../amplify/core/attachment.ts';
import type { OwnModel } from '../../amplify/core/conversation.ts';
import { event } from '../../amplify/core/event.ts';
import { isFinal, type Message, message as messageShape, toolCard } from '../../amplify/core/message.ts';
import { type SnapshotPointer, snapshotPointer, type TaskGrant } from '../../amplify/core/task-grant.ts';

export type MessageRow = Message & {
  toolsRan?: boolean;
  claims?: number;
  ownModel?: OwnModel;
  thinking?: string | null;
};

export interface Told {
  readonly at: number;
  readonly kind: string;
  readonly messageId?: string | undefined;
  readonly body: Record<string, unknown>;
}

class FieldError extends Error {
  readonly errorType: string;
  constructor(errorType: string, message = errorType) {
    super(message);
    this.errorType = errorType;
  }
}

const bounce = () =>
  new FieldError('DynamoDB:ConditionalCheckFailedException', 'The conditional request failed');
const json = (value: unknown): unknown =>
  value === undefined || value === null ? value : JSON.parse(String(value));

/** The rows of one owner, with the conditions of docs/architecture.md. Every event is checked against core/event.ts. */
export class StandInLedger {
  readonly rows = new Map<string, MessageRow>();
  readonly told: Told[] = [];
  readonly reports: Record<string, unknown>[] = [];
  readonly uploads = new Map<string, { size: number; checksum: string }>();
  /** In order: every call of a field, for tests of what came before what. */
  readonly calls: {
    readonly field: string;
    readonly at: number;
    readonly arguments: Record<string, unknown>;
  }[] = [];
  epoch = 1;
  wakeSeq = 0;
  released = false;
  /** Another task has taken the lease: every write of this one bounces. */
  stolen = false;
  /** Conversations that their owner deleted. */
  readonly deleted = new Set<string>();
  sleepRequested = false;
  /** Called once, before the next release is looked at. */
  beforeRelease: (() => void) | undefined;
  /** Newest first. */
  snapshots: SnapshotPointer[] = [];
  idleSeconds: number;
  /** How many more times a session is not there yet. */
  sessionMissing = 0;
  #moment = 0;
  #listeners = new Set<() => void>();
  #model: TaskGrant['model'];
  /** Settled model calls, and the refusal of the next reservations. */
  readonly spending = { held: new Map<string, number>(), spent: 0, refusal: undefined as string | undefined };
  #ports: { urlOf: (key: string) => string; onRing: () => void };

  constructor(
    model: TaskGrant['model'],
    idleSeconds: number,
    ports: { urlOf: (key: string) => string; onRing: () => void },
  ) {
    this.#model = model;
    this.idleSeconds = idleSeconds;
    this.#ports = ports;
  }

  /** A message as sendMessage would store it. Gives its id. */
  send(
    conversationId: string,
    text: string,
    attachments: readonly Attachment[] = [],
    ownModel?: OwnModel,
  ): string {
    const id = randomUUID();
    this.rows.set(id, {
      ...messageShape.parse({
        conversationId,
        id,
        text,
        attachments,
        status: 'queued',
        attempt: 1,
        acceptedAt: this.#nextMoment(),
      }),
      ...(ownModel && { ownModel }),
    });
    this.ring();
    return id;
  }

  /** Two messages of one millisecond keep their order. */
  #nextMoment(): string {
    this.#moment = Math.max(Date.now(), this.#moment + 1);
    return new Date(this.#moment).toISOString();
  }

  ring(): void {
    this.wakeSeq++;
    this.#ports.onRing();
  }

  stop(id: string): void {
    const row = this.row(id);
    row.stopRequested = true;
    this.ring();
  }

  decide(id: string, decision: 'allow-once' | 'deny'): void {
    const row = this.row(id);
    if (!row.approval) throw new Error('no approval waits');
    row.approval = { ...row.approval, decision };
    this.ring();
  }

  row(id: string): MessageRow {
    const row = this.rows.get(id);
    if (!row) throw new Error(`no message ${id}`);
    return row;
  }

  /** A new task takes over, as after a loss. */
  nextTask(): void {
    this.epoch++;
    this.released = false;
  }

  /** Resolves with the first value that is not falsy, looked at after every call. Rejects after `ms`. */
  until<T>(look: () => T | undefined | false | null, what: string, ms = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#listeners.delete(check);
      };
      const check = () => {
        const value = look();
        if (!value) return;
        end();
        resolve(value);
      };
      const timer = setTimeout(() => {
        end();
        reject(
          new Error(
            `never seen: ${what}. Last calls: ${this.calls
              .slice(-8)
              .map((call) => call.field)
              .join(', ')}`,
          ),
        );
      }, ms);
      this.#listeners.add(check);
      check();
    });
  }

  finished(id: string, ms?: number): Promise<MessageRow> {
    return this.until(() => isFinal(this.row(id).status) && this.row(id), `the end of message ${id}`, ms);
  }

  call(field: string, args: Record<string, unknown>): unknown {
    this.calls.push({ field, at: Date.now(), arguments: args });
    try {
      return this.#call(field, args);
    } finally {
      for (const listener of [...this.#listeners]) listener();
    }
  }

  #call(field: string, args: Record<string, unknown>): unknown {
    if (this.stolen) throw bounce();
    switch (field) {
      case 'agentOpenSession':
        if (this.sessionMissing-- > 0) throw new FieldError('unauthorized');
        return JSON.stringify({
          epoch: this.epoch,
          idleSeconds: this.idleSeconds,
          // The models of tests answer on this machine.
          model: this.#model && { ...this.#model, reach: 'any' },
          snapshots: this.snapshots.map((pointer) => ({
            pointer,
            download: { url: this.#ports.urlOf(pointer.key), headers: {} },
          })),
        } satisfies TaskGrant);
      case 'agentRecall':
        return JSON.stringify(
          [...this.rows.values()]
            .filter(
              ({ status, finishedAt }) =>
                status === 'answered' && (finishedAt ?? '') >= String(args.since ?? ''),
            )
            .map(({ conversationId, id, attempt, text, answer, acceptedAt, finishedAt }) => ({
              ...{ conversationId, id, attempt, text, answer, acceptedAt, finishedAt },
            })),
        );
      case 'agentDeletedConversations':
        return JSON.stringify({ ids: [...this.deleted], nextToken: null });
      case 'agentReport':
        this.reports.push({ ...args, error: json(args.error) });
        return this.#tell({
          kind: 'agent.changed',
          body: { agent: { state: 'awake', revision: this.reports.length } },
        });
      case 'agentPull':
        if (this.released) throw bounce();
        return JSON.stringify({
          epoch: this.epoch,
          wakeSeq: this.wakeSeq,
          leaseExpiresAt: Date.now() + 120_000,
          sleepRequested: this.sleepRequested,
          messages: [...this.rows.values()].filter((row) => !isFinal(row.status)),
        });
      case 'agentClaim': {
        const row = this.row(String(args.id));
        const takeable =
          row.status === 'queued' || (row.status === 'working' && (row.epoch ?? 0) <= this.epoch);
        if (row.attempt !== args.attempt || !takeable) throw bounce();
        Object.assign(row, {
          status: 'working',
          epoch: this.epoch,
          startedAt: new Date().toISOString(),
          seq: 0,
          approval: null,
          claims: (row.claims ?? 0) + 1,
        });
        return this.#tell({
          kind: 'message.started',
          row,
          body: { epoch: this.epoch, attempt: row.attempt, toolsRan: row.toolsRan ?? false },
        });
      }
      case 'agentPublish': {
        const row = this.row(String(args.messageId));
        return this.#tell({ kind: String(args.kind), row, body: json(args.body) as Record<string, unknown> });
      }
      case 'agentCheckpoint': {
        const row = this.#held(args);
        for (const name of ['seq', 'answer', 'toolsRan', 'thinking', 'thinkingMs'] as const)
          if (args[name] !== undefined) Object.assign(row, { [name]: args[name] });
        if (args.tools !== undefined) row.tools = toolCard.array().parse(json(args.tools));
        if ('approval' in args) row.approval = json(args.approval) as MessageRow['approval'];
        return true;
      }
      case 'agentCommit': {
        const row = this.#held(args);
        Object.assign(row, {
          status: args.status,
          seq: args.seq,
          answer: args.answer,
          tools: json(args.tools),
          files: json(args.files) ?? [],
          error: json(args.error) ?? null,
          usage: json(args.usage) ?? null,
          model: args.model ?? null,
          thinking: args.thinking ?? null,
          thinkingMs: args.thinkingMs ?? null,
          approval: null,
          finishedAt: new Date().toISOString(),
        });
        return this.#tell({ kind: 'message.finished', row, body: { message: messageShape.parse(row) } });
      }
      case 'agentDownloadFiles': {
        const { attachments } = this.row(String(args.id));
        return JSON.stringify(
          attachments.map(({ id }) => ({
            id,
            download: { url: this.#ports.urlOf(fileKey('o', id)), headers: {} },
          })),
        );
      }
      case 'agentUploadFile': {
        this.#held(args);
        const { name, type, size } = args;
        const file = { id: randomUUID(), name, type, size };
        const checksum = Buffer.from(String(args.sha256), 'hex').toString('base64');
        this.uploads.set(fileKey('o', file.id), { size: Number(size), checksum });
        const headers = { 'x-amz-checksum-sha256': checksum, 'content-length': String(size) };
        return JSON.stringify({ file, upload: { url: this.#ports.urlOf(fileKey('o', file.id)), headers } });
      }
      case 'agentUploadSnapshot': {
        const key = `owners/o/snapshots/${this.epoch}-${args.seq}.tar.zst`;
        const checksum = Buffer.from(String(args.sha256), 'hex').toString('base64');
        this.uploads.set(key, { size: Number(args.size), checksum });
        return JSON.stringify({
          key,
          upload: {
            url: this.#ports.urlOf(key),
            headers: { 'x-amz-checksum-sha256': checksum, 'content-length': String(args.size) },
          },
        });
      }
      case 'agentReserveSpending':
        if (this.spending.refusal) throw new FieldError(this.spending.refusal);
        this.spending.held.set(String(args.id), Number(args.amount));
        return JSON.stringify({ day: new Date().toISOString().slice(0, 10) });
      case 'agentSettleSpending':
        if (this.spending.held.delete(String(args.id))) this.spending.spent += Number(args.cost);
        return true;
      case 'agentSaveSnapshot':
        this.#point(json(args.snapshot));
        return true;
      case 'agentRelease':
        this.beforeRelease?.();
        this.beforeRelease = undefined;
        if (
          this.released ||
          args.wakeSeq !== this.wakeSeq ||
          [...this.rows.values()].some((row) => !isFinal(row.status))
        )
          throw bounce();
        if (args.snapshot) this.#point(json(args.snapshot));
        this.released = true;
        return this.#tell({ kind: 'agent.changed', body: { agent: { state: 'asleep', revision: 1_000 } } });
      default:
        throw new FieldError('UnknownField', field);
    }
  }

  #point(value: unknown): void {
    const pointer = snapshotPointer.parse(value);
    if (pointer.epoch !== this.epoch) throw bounce();
    this.snapshots = [pointer, ...this.snapshots.filter(({ key }) => key !== pointer.key)].slice(0, 3);
  }

  #held(args: Record<string, unknown>): MessageRow {
    const row = this.row(String(args.id));
    if (row.status !== 'working' || row.attempt !== args.attempt || row.epoch !== this.epoch) throw bounce();
    return row;
  }

  #tell(input: { kind: string; row?: MessageRow; body: Record<string, unknown> }): unknown {
    const place = input.row ? { conversationId: input.row.conversationId, messageId: input.row.id } : {};
    // Throws for anything that the web app would have to drop.
    event.parse({ ...input.body, kind: input.kind, ...place });
    this.told.push({ at: Date.now(), kind: input.kind, messageId: input.row?.id, body: input.body });
    return { owner: 'o', kind: input.kind, ...place, body: JSON.stringify(input.body) };
  }
}
