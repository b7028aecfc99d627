import { ChannelFault } from '../../core/channel/channel-ports.ts';
import type { ChannelUpdate } from '../../core/channel/channel-update.ts';
import { type Place, placeKey } from '../../core/channel/place.ts';
import { channelContract } from '../contracts/channel.ts';
import { memoryChannel } from './channel.ts';

channelContract('memory', async () => {
  const { channel, messages, drafts, faults, files } = memoryChannel('pigeon');
  const at = (chat: string, isPrivate: boolean): Place => ({ channel: 'pigeon', chat, isPrivate });
  const here = at('loft', true);
  const sender = { id: '1', name: 'Ann', language: 'en' as const };
  let sequence = 0;
  let updates: ChannelUpdate[] = [];
  let last: readonly ChannelUpdate[] = [];
  const happens = (what: object) => {
    sequence += 1;
    updates.push({ sequence, sender, place: here, ...what } as ChannelUpdate);
  };
  return {
    channel,
    places: [here, at('square', false)],
    secret: 'no key at all',
    shown: (place) =>
      messages
        .filter((each) => each.place === placeKey(place))
        .map(({ text, buttons }) => ({ text, buttons: buttons.map(({ data }) => data) })),
    drafts: (place) => [drafts.get(placeKey(place)) ?? []].flat(),
    fail: (kind) =>
      void faults.push(new ChannelFault(kind, 'no', { retryAfterMs: kind === 'busy' ? 1_000 : 0 })),
    wait: () => {},
    keep: (bytes) => {
      files.set('kept', bytes);
      return 'kept';
    },
    say: (text) => {
      const [, name, argument = ''] = /^\/(\w+) ?(.*)$/.exec(text) ?? [];
      happens(
        name
          ? { kind: 'command', sentAt: sequence, name, argument }
          : { kind: 'message', sentAt: sequence, text, reference: String(sequence) },
      );
    },
    press: (data) => happens({ kind: 'press', data, reference: 'press' }),
    read: async () => {
      last = updates;
      updates = [];
      return last;
    },
    readAgain: async () => last,
    reply: async (reply) => {
      if (reply.kind === 'text') await channel.post(reply.place, reply.markdown);
    },
    close: async () => {},
  };
});
