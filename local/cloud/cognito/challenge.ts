import { invalidParameter, notAuthorized } from './cognito-error.ts';
import { beginSession, type TokenReason } from './tokens.ts';
import type { Challenge, UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { User } from './users.ts';

export type Metadata = Readonly<Record<string, string>> | undefined;
/** AuthParameters or ChallengeResponses of a request. */
export type Parameters = Readonly<Record<string, string>>;

/** Throws InvalidParameterException where a parameter is missing. */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (!value) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

/** Keeps what a sign-in waits for; gives the token that the answer must carry. */
export function remember(pool: UserPool, client: ClientConfig, challenge: Challenge): string {
  return pool.challenges.put(challenge, pool.now() + client.challengeSeconds, pool.now());
}

/** What a token stands for. Throws NotAuthorizedException when it is unknown, used, too old or of another client. */
export function recall<K extends Challenge['kind']>(
  pool: UserPool,
  client: ClientConfig,
  token: string,
  kind: K,
): Extract<Challenge, { kind: K }> {
  const challenge = pool.challenges.take(token, pool.now());
  if (challenge?.kind !== kind || challenge.clientId !== client.id) {
    throw notAuthorized('Invalid session for the user, session is expired.');
  }
  return challenge as Extract<Challenge, { kind: K }>;
}

/** Ends a sign-in: the person has proved who they are. */
export async function finish(
  pool: UserPool,
  client: ClientConfig,
  user: User,
  reason: TokenReason,
  metadata: Metadata,
) {
  const AuthenticationResult = await beginSession(pool, client, user, reason, metadata);
  return { ChallengeParameters: {}, AuthenticationResult };
}
