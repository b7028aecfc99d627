import type { Eraser } from '../core/erasure.ts';
import { invokeLater } from './invoke-later.ts';

/** Has the function that erases called. */
export const lambdaEraser = (functionName: string): Eraser => {
  const invoke = invokeLater(functionName);
  return { erase: ({ owner, conversationId }) => invoke({ owner, conversationId }) };
};
