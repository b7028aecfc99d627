import type { ToolCard } from '../../../amplify/core/message.ts';

/** Longest input or output on a card, UTF-16 units. */
const maxText = 4_000;
const maxTitle = 200;
/** Cards of one answer that are kept: a row holds 400 KB. Later uses still run, but leave no card. */
const maxCards = 40;
/** Input and output of all kept cards together, UTF-16 units; of older ones beyond it only a beginning is kept. */
const maxTextOfAll = 24_000;
const maxTextOfOld = 200;

interface ToolEvent {
  readonly phase: string;
  readonly name?: string;
  readonly toolCallId?: string;
  readonly args?: unknown;
  readonly meta?: string;
  readonly isError?: boolean;
  readonly result?: unknown;
}

const cut = (text: string, limit: number) => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);

const contentText = (result: unknown): string => {
  const content = (result as { content?: { type: string; text?: string }[] } | undefined)?.content;
  if (!Array.isArray(content)) return typeof result === 'string' ? result : '';
  return content.map((part) => part.text ?? `[${part.type}]`).join('\n');
};

/** One line that says what the tool does: its command or path, else what OpenClaw calls it. */
function titleOf(name: string, args: Record<string, unknown>, meta: string | undefined): string {
  const subject = args.command ?? args.path ?? args.file_path ?? args.query ?? args.url ?? meta;
  const text = typeof subject === 'string' && subject.trim() ? subject : name;
  return cut(text.trim().split('\n')[0] ?? name, maxTitle);
}

const shorten = (card: ToolCard): ToolCard => ({
  ...card,
  ...(card.input === undefined ? {} : { input: cut(card.input, maxTextOfOld) }),
  ...(card.output === undefined ? {} : { output: cut(card.output, maxTextOfOld) }),
});

/** A turn's uses of tools, from the gateway's `agent` events of the stream `tool`. */
export class ToolCards {
  readonly #cards = new Map<string, ToolCard>();

  /** All cards as they are stored, oldest first: the newest whole, older ones shortened when they are many. */
  all(): ToolCard[] {
    let left = maxTextOfAll;
    const newestFirst = [...this.#cards.values()].reverse().map((card) => {
      left -= (card.input?.length ?? 0) + (card.output?.length ?? 0);
      return left >= 0 ? card : shorten(card);
    });
    return newestFirst.reverse();
  }

  /** Takes one event; gives the card that changed. `at` is the answer's length so far. */
  take(data: ToolEvent, at: number, now: Date): ToolCard | undefined {
    const id = data.toolCallId;
    if (!id) return undefined;
    const held = this.#cards.get(id);
    if (data.phase === 'start' && !held) {
      if (this.#cards.size >= maxCards) return undefined;
      const args = (data.args ?? {}) as Record<string, unknown>;
      const name = data.name ?? 'tool';
      return this.#keep({
        id,
        name,
        title: titleOf(name, args, data.meta),
        status: 'running',
        input: cut(typeof args.command === 'string' ? args.command : JSON.stringify(args), maxText),
        at,
        startedAt: now.toISOString(),
      });
    }
    if (data.phase === 'result' && held?.status === 'running') {
      return this.#keep({
        ...held,
        status: data.isError ? 'failed' : 'done',
        output: cut(contentText(data.result), maxText),
        finishedAt: now.toISOString(),
      });
    }
    return undefined;
  }

  /** Does a tool run at present? */
  get isRunning(): boolean {
    return [...this.#cards.values()].some(({ status }) => status === 'running');
  }

  /** Marks what still runs as failed: the turn was cut off. */
  endRunning(now: Date): void {
    for (const card of this.#cards.values()) {
      if (card.status === 'running') this.#keep({ ...card, status: 'failed', finishedAt: now.toISOString() });
    }
  }

  #keep(card: ToolCard): ToolCard {
    this.#cards.set(card.id, card);
    return card;
  }
}
