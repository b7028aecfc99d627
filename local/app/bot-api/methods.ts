import { botMethods } from './bot-methods.ts';
import { chatMethods } from './chat-methods.ts';
import type { Call } from './method.ts';
import { Refusal } from './refusal.ts';

const byName = new Map(
  Object.entries({ ...chatMethods, ...botMethods }).map(([name, run]) => [name.toLowerCase(), run]),
);

/** Runs a method by its name in any case. Throws a Refusal. */
export async function runMethod(name: string, input: unknown, call: Call): Promise<unknown> {
  const run = byName.get(name.toLowerCase());
  if (!run) throw new Refusal(404, 'Not Found: method not found');
  return run(input, call);
}
