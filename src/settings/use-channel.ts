import { useCallback, useEffect, useState } from 'react';
import type { ChannelView } from '../../amplify/core/channel/channel-view.ts';
import { useChat, useWorkspace } from '../shell/workspace-context.tsx';

/** A channel as it is now, read again whenever it is linked or unlinked anywhere. Null while it is read for the first time. */
export function useChannel(name: string): {
  channel: ChannelView | 'failed' | null;
  read(): Promise<void>;
} {
  const { api } = useWorkspace();
  const changes = useChat((state) => state.channelsTick);
  const [channel, setChannel] = useState<ChannelView | 'failed' | null>(null);
  const read = useCallback(
    () =>
      api.getChannels().then(
        (channels) => setChannel(channels.find((each) => each.channel === name) ?? 'failed'),
        () => setChannel((before) => before ?? 'failed'),
      ),
    [api, name],
  );
  useEffect(() => void read(), [read, changes]);
  return { channel, read };
}
