import type { Clock } from '../ports.ts';
import type { LinkStore } from './channel-ports.ts';

/** A code is good for this long, milliseconds. */
export const codeMs = 10 * 60_000;
/** Codes that one unknown person may try before nothing is answered any more… */
export const maxTries = 5;
/** …and for how long a stranger is remembered, milliseconds. */
export const strangerMs = 24 * 60 * 60_000;

export interface CodePorts {
  links: LinkStore;
  now: Clock;
  /** SHA-256, hex: a code is kept by it only. */
  hash: (text: string) => string;
  /** 128 random bits as base64url. */
  randomCode: () => string;
}

/** Makes a code that links a person of the channel with the owner, once. It is shown to the owner and stored nowhere. */
export async function makeCode(
  ports: CodePorts,
  input: { owner: string; channel: string },
): Promise<{ code: string; expiresAt: string }> {
  const code = ports.randomCode();
  const expiresAt = ports.now() + codeMs;
  await ports.links.putCode(input.channel, ports.hash(code), input.owner, expiresAt);
  return { code, expiresAt: new Date(expiresAt).toISOString() };
}
