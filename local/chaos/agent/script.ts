import { z } from 'zod';

/**
 * What a message asks the scripted agent to do. `say`: that many words, so far apart (milliseconds).
 * `tool`: one use of a tool, which takes so long (milliseconds). Each step asks the model once.
 */
const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('say'), words: z.int().positive(), pause: z.int().nonnegative() }),
  z.strictObject({ do: z.literal('tool'), takes: z.int().nonnegative() }),
]);
export type Step = z.infer<typeof step>;

const start = 'script ';

/** The message text that carries a script. */
export const toText = (steps: readonly Step[]): string => start + JSON.stringify(steps);

/** The steps in a message's text. Throws for any other text. */
export function fromText(text: string): Step[] {
  if (!text.startsWith(start)) throw new Error(`not a script: ${text.slice(0, 80)}`);
  return z.array(step).parse(JSON.parse(text.slice(start.length)));
}
