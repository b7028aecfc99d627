import type { Api } from 'grammy/web';
import { ChannelFault } from '../../core/channel/channel-ports.ts';
import { calling } from './client.ts';

/** For one file's way through the network, milliseconds. */
const patience = 20_000;

/** Fetches a file that somebody sent to the bot. Its address holds the token: no error and no log names it. */
export async function downloadFile(api: Api, ref: string, maxBytes: number): Promise<Uint8Array> {
  const { file_path: path, file_size: size = 0 } = await calling(() => api.getFile(ref));
  if (size > maxBytes) throw tooLarge();
  // A Bot API server that was started with --local gives a path on its own disk.
  if (!path || !/^[\w./-]+$/.test(path) || path.startsWith('/'))
    throw new ChannelFault('refused', 'getFile: gives no path that could be fetched');
  const address = `${api.options?.apiRoot ?? ''}/file/bot${api.token}/${path}`;
  try {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(patience) });
    if (!response.ok) {
      await response.body?.cancel();
      // A path lives for an hour: one that is not known is a fault of the file server's.
      throw new ChannelFault('unreachable', `file: ${response.status}`);
    }
    return await readAtMost(response, maxBytes);
  } catch (error) {
    if (error instanceof ChannelFault) throw error;
    throw new ChannelFault('unreachable', `file: ${error instanceof Error ? error.name : 'not reached'}`);
  }
}

const tooLarge = () => new ChannelFault('refused', 'file: larger than what is taken');

async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    size += next.value.length;
    if (size > maxBytes) {
      await reader?.cancel();
      throw tooLarge();
    }
    chunks.push(next.value);
  }
  return Buffer.concat(chunks, size);
}
