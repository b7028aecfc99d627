import { checkAttributes } from './attributes.ts';
import { finish, type Metadata, type Parameters, recall, remember, required } from './challenge.ts';
import { invalidParameter, notAuthorized } from './cognito-error.ts';
import { checkPassword } from './password.ts';
import { createVerifier } from './srp.ts';
import type { UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { User } from './users.ts';

/** The challenge for someone who signed in with a password that an administrator set. */
export function askForNewPassword(pool: UserPool, client: ClientConfig, user: User) {
  if (user.modified + pool.config.temporaryPasswordDays * 86_400 <= pool.now()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
  const { sub: _, ...attributes } = user.attributes;
  const missing = [...pool.config.schema].filter(([name, { required: must }]) => must && !attributes[name]);
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: remember(pool, client, {
      kind: 'NEW_PASSWORD_REQUIRED',
      clientId: client.id,
      username: user.username,
    }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing.map(([name]) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(attributes),
    },
  };
}

/** Answers it: the user's own password, and attributes that were missing. */
export async function setNewPassword(
  pool: UserPool,
  client: ClientConfig,
  session: string | undefined,
  responses: Parameters,
  metadata: Metadata,
) {
  const password = required(responses, 'NEW_PASSWORD');
  checkPassword(pool.config.passwordPolicy, password);
  const prefix = 'userAttributes.';
  const given = Object.entries(responses)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, Value]) => ({ Name: name.slice(prefix.length), Value }));
  const { username } = recall(pool, client, session ?? '', 'NEW_PASSWORD_REQUIRED');
  const user = pool.users.find(username);
  if (user?.status !== 'FORCE_CHANGE_PASSWORD') throw notAuthorized('Invalid session for the user.');
  const changes = checkAttributes(pool.config.schema, client, given, user.attributes);
  if (changes.email !== undefined && changes.email !== user.attributes.email) {
    throw invalidParameter('Cannot modify an already provided email');
  }
  const confirmed: User = {
    ...user,
    status: 'CONFIRMED',
    attributes: { ...user.attributes, ...changes },
    password: createVerifier({ poolName: pool.config.name, username }, password),
    modified: pool.now(),
  };
  pool.users.save(confirmed);
  return finish(pool, client, confirmed, 'NewPasswordChallenge', metadata);
}
