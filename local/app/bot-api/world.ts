import type { InlineKeyboardMarkup, MessageEntity } from 'grammy/types';
import type { StoredFile } from './stored-file.ts';

/** Somebody with a Telegram account. */
export interface Person {
  readonly id: number;
  readonly first_name: string;
  readonly username?: string;
  readonly language_code?: string;
}

export interface Chat {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup';
  readonly title?: string;
  readonly is_forum?: boolean;
}

export interface ChatMessage {
  readonly message_id: number;
  readonly chat: Chat;
  /** null: the bot. */
  readonly from: Person | null;
  readonly date: number;
  readonly thread?: number;
  text: string;
  entities: readonly MessageEntity[];
  keyboard?: InlineKeyboardMarkup['inline_keyboard'] | undefined;
  readonly replyTo?: number | undefined;
  readonly file?: StoredFile;
  /** The album that it is a part of. */
  readonly mediaGroup?: string | undefined;
  edits: number;
}

export interface Draft {
  readonly chat: number;
  readonly thread?: number | undefined;
  readonly id: number;
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly canStop: boolean;
  /** Milliseconds since 1970: a draft lives half a minute. */
  readonly expiresAt: number;
}

export interface BotProfile {
  readonly id: number;
  readonly username: string;
  readonly first_name: string;
  readonly token: string;
}

export const draftLifeMs = 30_000;

/** The chats of one bot, as Telegram's servers know them. */
export class World {
  readonly bot: BotProfile;
  readonly now: () => number;
  readonly messages: ChatMessage[] = [];
  readonly actions: { chat: number; thread?: number | undefined; action: string; at: number }[] = [];
  readonly toasts: { press: string; text: string; alert: boolean }[] = [];
  readonly files = new Map<string, StoredFile>();
  /** Chats in which the bot may write, by id; in a private one after the person wrote first. */
  readonly chats = new Map<number, Chat>();
  readonly blocked = new Set<number>();
  readonly presses = new Map<string, { at: number; answered: boolean }>();
  /** Whether private chats have topics (a setting of the bot at BotFather). */
  topics = false;
  #drafts = new Map<string, Draft>();
  readonly #watchers = new Set<() => void>();
  #lastId = 0;

  constructor(bot: BotProfile, now: () => number) {
    this.bot = bot;
    this.now = now;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Drafts that are still shown. */
  drafts(): readonly Draft[] {
    return [...this.#drafts.values()].filter((draft) => draft.expiresAt > this.now());
  }
  showDraft(draft: Draft): void {
    this.#drafts.set(`${draft.chat} ${draft.id}`, draft);
    this.changed();
  }
  hideDrafts(chat: number, thread: number | undefined): void {
    for (const [key, draft] of this.#drafts)
      if (draft.chat === chat && draft.thread === thread) this.#drafts.delete(key);
  }

  find(chat: number, id: number): ChatMessage | undefined {
    return this.messages.find((each) => each.chat.id === chat && each.message_id === id);
  }
  /** What a chat shows, oldest first. */
  of(chat: number): readonly ChatMessage[] {
    return this.messages.filter((each) => each.chat.id === chat);
  }

  /** Calls after each change until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
