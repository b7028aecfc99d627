import type * as z from 'zod';
import type { Flood } from './flood.ts';
import { badRequest } from './refusal.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { World } from './world.ts';

export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Call {
  readonly world: World;
  readonly flood: Flood;
  readonly queue: UpdateQueue;
  /** The files of a multipart call, by field. */
  readonly uploads: ReadonlyMap<string, Upload>;
}

/** A method: its parameters, of which others are refused, unlike Telegram does, and what it does. */
export function define<Shape extends z.ZodType>(
  shape: Shape,
  run: (input: z.output<Shape>, call: Call) => unknown,
) {
  return (input: unknown, call: Call) => {
    const parsed = shape.safeParse(input);
    if (parsed.success) return run(parsed.data, call);
    const [issue] = parsed.error.issues;
    throw badRequest(`${issue?.path.join('.') || 'parameters'}: ${issue?.message}`);
  };
}
