import type { StoredMessage } from '../message-row.ts';
import type { FileFetcher } from '../ports.ts';

/** Does a channel still keep files of the message? The agent waits for them. */
export const isArriving = ({ attachments }: Pick<StoredMessage, 'attachments'>): boolean =>
  attachments.some(({ arriving, deletedAt }) => arriving && !deletedAt);

/** Has the files fetched that a channel still keeps; does nothing for any other message. Throws RemoteError. */
export async function fetchFiles(ports: { fetcher: FileFetcher }, row: StoredMessage): Promise<void> {
  if (isArriving(row)) await ports.fetcher.fetch(row.owner, row);
}
