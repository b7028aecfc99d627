import type { Update } from 'grammy/types';
import { memoryWorld } from '../../../amplify/adapters/memory/world.ts';
import { telegramChannel } from '../../../amplify/adapters/telegram/channel.ts';
import { telegramApi } from '../../../amplify/adapters/telegram/client.ts';
import { allowedUpdates, readUpdate } from '../../../amplify/adapters/telegram/read-update.ts';
import { webhookReply } from '../../../amplify/adapters/telegram/webhook-reply.ts';
import { type DeliverPorts, deliver, deliverSoon } from '../../../amplify/core/channel/deliver.ts';
import { makeCode } from '../../../amplify/core/channel/link-codes.ts';
import { type ReceivePorts, receiveFiles } from '../../../amplify/core/channel/receive-files.ts';
import { takeUpdate } from '../../../amplify/core/channel/take-update.ts';
import type { MessageKey } from '../../../amplify/core/message-row.ts';
import { type BotApi, type Pages, startBotApi } from './bot-api.ts';
import type { Person } from './world.ts';

export const bot = {
  id: 7000000001,
  username: 'claw_test_bot',
  first_name: 'Claw',
  token: `7000000001:${'A'.repeat(35)}`,
};
export const ann: Person = { id: 4711, first_name: 'Ann', username: 'ann', language_code: 'en' };
export const minsu: Person = { id: 4712, first_name: '민수', language_code: 'ko' };

/**
 * For tests: the app's side of Telegram over HTTP with the stand-in, on rows in memory, with one clock for both. Updates
 * are taken by hand (`take`), so that they can be repeated, reordered and run side by side.
 */
export async function telegramUnderTest(pages?: (api: BotApi) => Pages) {
  const world = memoryWorld(Date.parse('2026-05-01T09:00:00.000Z'));
  const api: BotApi = await startBotApi({ bot, now: () => world.clock.now, ...(pages && { pages }) });
  const channel = telegramChannel(telegramApi({ token: bot.token, apiRoot: api.url }));
  const ports: DeliverPorts = {
    ...world.ports,
    bytes: world.files.bytes,
    channels: async (name) => (name === 'telegram' ? channel : null),
    // Nobody waits in a test: the clock goes on instead.
    pause: async (ms) => {
      world.clock.now += ms;
    },
  };
  const { channels, pause } = ports;
  const receivePorts: ReceivePorts = { ...world.ports, channels, pause, bytes: world.files.bytes };
  let offset = 0;

  /** The updates that have come since. */
  const updates = async (): Promise<Update[]> => {
    const found = (await api.queue.poll({
      offset,
      limit: 100,
      timeout: 0,
      allowed_updates: allowedUpdates,
    })) as unknown as Update[];
    offset = (found.at(-1)?.update_id ?? offset - 1) + 1;
    return found;
  };
  /** As the webhook does with an authentic one; its reply is carried out as Telegram does. */
  const take = async (update: Update): Promise<void> => {
    const read = readUpdate(update, bot);
    if (!read) return;
    const reply = webhookReply(await takeUpdate(world.ports, read));
    if (!reply) return;
    const { method, ...input } = reply;
    const response = await fetch(`${api.url}/bot${bot.token}/${String(method)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`The reply was refused: ${await response.text()}`);
  };
  const takeAll = async (): Promise<void> => {
    for (const update of await updates()) await take(update);
  };

  return {
    world,
    api,
    channel,
    ports,
    updates,
    take,
    takeAll,
    deliver: (owner: string, key: MessageKey) => deliver(ports, { owner, ...key }),
    deliverSoon: (owner: string, key: MessageKey) => deliverSoon(ports, { owner, ...key }),
    receivePorts,
    /** Fetches what was asked for, as the function does that receives files. */
    async receive(change: Partial<ReceivePorts> = {}): Promise<void> {
      for (const { id, ...asked } of world.fetches.splice(0)) {
        const row = [...world.messages.rows.values()].find((each) => each.id === id);
        if (row) await receiveFiles({ ...receivePorts, ...change }, { ...row, ...asked });
      }
    },
    /** Links a person with an owner as people do. */
    async link(who: Person, owner: string): Promise<void> {
      const codes = { ...world.ports, randomCode: () => `code-of-${owner}` };
      const { code } = await makeCode(codes, { owner, channel: 'telegram' });
      api.person(who).say(`/start ${code}`);
      await takeAll();
    },
    /** What a chat shows of the bot, oldest first. */
    said: (chat: number) => api.world.of(chat).filter(({ from }) => from === null),
    /** The owner's messages, oldest first. */
    messages: (owner: string) =>
      [...world.messages.rows.values()]
        .filter((row) => row.owner === owner)
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

export type TelegramUnderTest = Awaited<ReturnType<typeof telegramUnderTest>>;
