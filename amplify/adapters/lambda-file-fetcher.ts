import type { FileFetcher } from '../core/ports.ts';
import { invokeLater } from './invoke-later.ts';

/** Has the function that receives files called. */
export const lambdaFileFetcher = (functionName: string): FileFetcher => {
  const invoke = invokeLater(functionName);
  return {
    fetch: (owner, { conversationId, id }, fileId) =>
      invoke({ owner, conversationId, id, ...(fileId && { fileId }) }),
  };
};
