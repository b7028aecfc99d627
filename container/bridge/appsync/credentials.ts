import { z } from 'zod';

const response = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  Expiration: z.iso.datetime({ offset: true }),
});

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Renewed this long before they expire, milliseconds. */
const renewAhead = 5 * 60_000;

/**
 * The task role's credentials from ECS's endpoint, kept until shortly before they expire.
 * Throws when the endpoint cannot be reached or gives something else; a later call asks again.
 */
export function taskCredentials(url: string, now: () => number = Date.now): () => Promise<Credentials> {
  let held: { credentials: Credentials; renewAt: number } | undefined;
  let asking: Promise<Credentials> | undefined;
  const ask = async (): Promise<Credentials> => {
    const reply = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (!reply.ok) throw new Error(`The task's credentials endpoint answered ${reply.status}`);
    const body = response.parse(await reply.json());
    const credentials = {
      accessKeyId: body.AccessKeyId,
      secretAccessKey: body.SecretAccessKey,
      sessionToken: body.Token,
    };
    const lifetime = Date.parse(body.Expiration) - now();
    held = { credentials, renewAt: now() + Math.max(lifetime - renewAhead, lifetime / 2) };
    return credentials;
  };
  return async () => {
    if (held && now() < held.renewAt) return held.credentials;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
