import type { Courier } from '../core/ports.ts';
import { invokeLater } from './invoke-later.ts';

/** Has the function that delivers called. */
export const lambdaCourier = (functionName: string): Courier => {
  const invoke = invokeLater(functionName);
  return { send: (owner, { conversationId, id }) => invoke({ owner, conversationId, id }) };
};
