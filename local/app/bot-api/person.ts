import { randomUUID } from 'node:crypto';
import { shown } from './shown.ts';
import { type NewFile, store } from './stored-file.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Chat, ChatMessage, Person, World } from './world.ts';

interface Saying {
  readonly chat?: Chat;
  readonly thread?: number;
  readonly replyTo?: number;
  readonly file?: NewFile;
  readonly mediaGroup?: string;
}

/** What a person does in a Telegram app. */
export class PersonAtApp {
  readonly who: Person;
  readonly #world: World;
  readonly #queue: UpdateQueue;

  constructor(who: Person, world: World, queue: UpdateQueue) {
    this.who = who;
    this.#world = world;
    this.#queue = queue;
  }

  /** The chat with the bot; its id is the person's. */
  get privateChat(): Chat {
    const known = this.#world.chats.get(this.who.id);
    return known ?? { id: this.who.id, type: 'private' };
  }

  /** Writes a message. Gives it, and the id of the update that tells of it. */
  say(text: string, more: Saying = {}): { message: ChatMessage; update: number | undefined } {
    const chat = more.chat ?? this.privateChat;
    this.#world.chats.set(chat.id, chat);
    const file = more.file && store(this.#world, more.file);
    const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
    const message: ChatMessage = {
      message_id: this.#world.nextId(),
      chat,
      from: this.who,
      date: Math.floor(this.#world.now() / 1000),
      ...(more.thread === undefined ? {} : { thread: more.thread }),
      ...(more.replyTo === undefined ? {} : { replyTo: more.replyTo }),
      ...(file ? { file } : {}),
      ...(more.mediaGroup ? { mediaGroup: more.mediaGroup } : {}),
      text,
      entities: [
        ...(command ? [{ type: 'bot_command' as const, offset: 0, length: command.length }] : []),
        ...[...text.matchAll(/(?<=^|\s)@\w+/g)].map((found) => ({
          type: 'mention' as const,
          offset: found.index,
          length: found[0].length,
        })),
      ],
      edits: 0,
    };
    this.#world.messages.push(message);
    this.#world.changed();
    return { message, update: this.#queue.add('message', shown(this.#world, message)) };
  }

  /** Presses the button with this text under a message. Gives the press's id. Throws when it is not there. */
  press(message: ChatMessage, label: string): string {
    const button = message.keyboard?.flat().find((each) => each.text === label);
    if (!button || !('callback_data' in button)) throw new Error(`There is no button ${label}`);
    const id = randomUUID();
    this.#world.presses.set(id, { at: this.#world.now(), answered: false });
    this.#queue.add('callback_query', {
      id,
      from: { is_bot: false, ...this.who },
      message: shown(this.#world, message),
      chat_instance: String(message.chat.id),
      data: button.callback_data,
    });
    return id;
  }

  /** Presses the Stop that Telegram shows beside a draft. Throws when there is none. */
  stopDraft(): void {
    const draft = this.#world.drafts().find((each) => each.chat === this.who.id && each.canStop);
    if (!draft) throw new Error('No draft can be stopped');
    this.#queue.add('stopped_message_generation', {
      chat: this.privateChat,
      draft_id: draft.id,
      ...(draft.thread === undefined ? {} : { message_thread_id: draft.thread }),
    });
  }

  /** Blocks the bot, or takes that back. */
  block(isBlocked: boolean): void {
    if (isBlocked) this.#world.blocked.add(this.who.id);
    else this.#world.blocked.delete(this.who.id);
    const member = (status: string) => ({ user: { id: this.#world.bot.id, is_bot: true }, status });
    this.#queue.add('my_chat_member', {
      chat: this.privateChat,
      from: { is_bot: false, ...this.who },
      date: Math.floor(this.#world.now() / 1000),
      old_chat_member: member(isBlocked ? 'member' : 'kicked'),
      new_chat_member: member(isBlocked ? 'kicked' : 'member'),
    });
    this.#world.changed();
  }
}
