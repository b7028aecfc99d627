import type { ChannelLink, LinkStore } from '../../core/channel/channel-ports.ts';

/** Links of channels in memory. */
export function memoryLinks(): LinkStore & { rows: Map<string, ChannelLink> } {
  /** By channel and user. */
  const rows = new Map<string, ChannelLink>();
  const codes = new Map<string, { owner: string; expiresAt: number }>();
  const strangers = new Map<string, number>();
  const nameOf = ({ channel, userId }: Pick<ChannelLink, 'channel' | 'userId'>) => `${channel} ${userId}`;
  const find = (channel: string, owner: string) =>
    [...rows.values()].find((row) => row.channel === channel && row.owner === owner);
  return {
    rows,
    putCode: async (channel, hash, owner, expiresAt) => {
      codes.set(`${channel} ${hash}`, { owner, expiresAt });
    },
    linkByCode: async (hash, now, person) => {
      const code = codes.get(`${person.channel} ${hash}`);
      if (!code || code.expiresAt <= now) return null;
      codes.delete(`${person.channel} ${hash}`);
      const before = find(person.channel, code.owner);
      if (before) rows.delete(nameOf(before));
      const link = { ...person, owner: code.owner };
      rows.set(nameOf(link), link);
      return link;
    },
    ofUser: async (channel, userId) => rows.get(nameOf({ channel, userId })) ?? null,
    ofOwner: async (channel, owner) => find(channel, owner) ?? null,
    unlink: async (channel, owner) => {
      const link = find(channel, owner);
      if (link) rows.delete(nameOf(link));
      return link ?? null;
    },
    setActive: async (channel, userId, isActive) => {
      const link = rows.get(nameOf({ channel, userId }));
      if (!link) return null;
      const after = { ...link, isActive };
      rows.set(nameOf(link), after);
      return after;
    },
    countStranger: async (channel, userId, what) => {
      const key = `${channel} ${userId} ${what}`;
      const count = (strangers.get(key) ?? 0) + 1;
      strangers.set(key, count);
      return count;
    },
  };
}
