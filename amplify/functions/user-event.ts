import * as z from 'zod';
import { AppError } from '../core/error.ts';
import { ownerHash } from './log.ts';

/** The part of AppSync's resolver event that a user's field needs. The owner is the signed-in user, never an argument. */
const userEvent = z.object({
  identity: z.object({ sub: z.string().min(1) }),
  arguments: z.record(z.string(), z.unknown()),
});

/** The owner and the checked arguments. Throws `unauthorized` without a signed-in user, `internal` for other arguments. */
export function readUserEvent<Shape extends z.ZodType>(
  event: unknown,
  shape: Shape,
): { owner: string } & z.output<Shape> {
  const parsed = userEvent.safeParse(event);
  if (!parsed.success) throw new AppError('unauthorized', { detail: 'no signed-in user' });
  const given = shape.safeParse(parsed.data.arguments);
  if (!given.success)
    throw new AppError('internal', { detail: 'the arguments are not what the schema says' });
  return { ...(given.data as object), owner: parsed.data.identity.sub } as {
    owner: string;
  } & z.output<Shape>;
}

/** Who and what an event is about, for the log. */
export function aboutUserEvent(event: unknown): Record<string, unknown> {
  const parsed = userEvent.safeParse(event);
  if (!parsed.success) return {};
  const { id } = parsed.data.arguments;
  return {
    owner: ownerHash(parsed.data.identity.sub),
    messageId: typeof id === 'string' ? id.slice(0, 36) : undefined,
  };
}
