import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../service.ts';
import { type Attributes, checkAttributes, isEmail } from './attributes.ts';
import { deliveryTo, mailCode } from './code-mail.ts';
import {
  attributeList,
  clientMetadata,
  codeExpired,
  invalidParameter,
  notAuthorized,
  parse,
  userNotFound,
} from './cognito-error.ts';
import type { ClientOperation } from './operation.ts';
import { checkPassword } from './password.ts';
import { createVerifier } from './srp.ts';
import type { UserPool } from './user-pool.ts';
import type { User } from './users.ts';

const signUpInput = z.object({
  Username: z.string().min(1).max(128),
  Password: z.string().min(1).max(256),
  UserAttributes: attributeList.default([]),
  ValidationData: attributeList.optional(),
  ClientMetadata: clientMetadata,
});

/**
 * The name and attributes of a new user: where people sign in by e-mail, the address is an attribute and the
 * name a UUID. Throws when the name has the wrong form or is taken.
 */
export function newIdentity(
  pool: UserPool,
  name: string,
  given: Attributes,
): Pick<User, 'username' | 'attributes'> {
  const sub = randomUUID();
  if (!pool.config.emailIsUsername) {
    if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u.test(name))
      throw invalidParameter('Username has characters that are not allowed.');
    if (pool.users.taken(name)) throw new AwsError('UsernameExistsException', 'User already exists');
    return { username: pool.config.caseSensitive ? name : name.toLowerCase(), attributes: { ...given, sub } };
  }
  if (!isEmail(name)) throw invalidParameter('Username should be an email.');
  if (given.email !== undefined && given.email.toLowerCase() !== name.toLowerCase()) {
    throw invalidParameter('Attribute value for email must match username.');
  }
  if (pool.users.taken(name)) throw emailTaken();
  return { username: sub, attributes: { ...given, email: given.email ?? name, sub } };
}

const emailTaken = () =>
  new AwsError('UsernameExistsException', 'An account with the given email already exists.');

const signUp: ClientOperation = async (pool, client, body) => {
  const input = parse(signUpInput, body);
  if (pool.config.adminOnly) throw notAuthorized('SignUp is not permitted for this user pool');
  checkPassword(pool.config.passwordPolicy, input.Password);
  const implied =
    pool.config.emailIsUsername && !input.UserAttributes.some(({ Name }) => Name === 'email')
      ? [{ Name: 'email', Value: input.Username }]
      : [];
  if (pool.config.emailIsUsername && !isEmail(input.Username))
    throw invalidParameter('Username should be an email.');
  const given = checkAttributes(pool.config.schema, client, [...input.UserAttributes, ...implied]);
  const identity = newIdentity(pool, input.Username, given);
  const answer = await pool.triggers.call('PreSignUp', {
    source: 'PreSignUp_SignUp',
    clientId: client.id,
    user: { username: identity.username, attributes: given },
    request: {
      validationData: input.ValidationData
        ? Object.fromEntries(input.ValidationData.map(({ Name, Value }) => [Name, Value]))
        : null,
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    ...(input.ClientMetadata ? { clientMetadata: input.ClientMetadata } : {}),
  });
  // The trigger took its time: someone else may have come with the same name.
  if (pool.users.taken(input.Username)) throw emailTaken();
  const verified = answer.autoVerifyEmail === true && identity.attributes.email !== undefined;
  const user: User = {
    ...newUser(pool, identity, input.Password),
    status: answer.autoConfirmUser === true ? 'CONFIRMED' : 'UNCONFIRMED',
    attributes: { ...identity.attributes, email_verified: String(verified) },
  };
  pool.users.save(user);
  if (user.status === 'CONFIRMED') await confirmed(pool, client.id, user, input.ClientMetadata);
  const { email } = user.attributes;
  const mailed =
    user.status === 'UNCONFIRMED' && pool.config.verifiesEmail && email !== undefined
      ? { CodeDeliveryDetails: mailCode(pool, user, 'sign-up', email) }
      : {};
  return { UserConfirmed: user.status === 'CONFIRMED', UserSub: identity.attributes.sub, ...mailed };
};

/** A user that is not saved yet. */
export function newUser(
  pool: UserPool,
  identity: Pick<User, 'username' | 'attributes'>,
  password: string,
): Omit<User, 'status'> {
  const now = pool.now();
  return {
    ...identity,
    password: createVerifier({ poolName: pool.config.name, username: identity.username }, password),
    created: now,
    modified: now,
    failures: 0,
    lockedUntil: 0,
  };
}

async function confirmed(
  pool: UserPool,
  clientId: string,
  user: User,
  metadata: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  await pool.triggers.call('PostConfirmation', {
    source: 'PostConfirmation_ConfirmSignUp',
    clientId,
    user,
    status: user.status,
    ...(metadata ? { clientMetadata: metadata } : {}),
  });
}

const confirmInput = z.object({
  Username: z.string().min(1).max(128),
  ConfirmationCode: z.string().min(1).max(2048),
  ClientMetadata: clientMetadata,
});

const confirmSignUp: ClientOperation = async (pool, client, body) => {
  const input = parse(confirmInput, body);
  const user = pool.users.find(input.Username);
  if (!user)
    throw client.hidesExistence ? codeExpired() : userNotFound('Username/client id combination not found.');
  if (user.status !== 'UNCONFIRMED') {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
  }
  pool.codes.redeem(user, 'sign-up', input.ConfirmationCode, pool.now());
  const now: User = {
    ...user,
    status: 'CONFIRMED',
    attributes: { ...user.attributes, email_verified: 'true' },
    modified: pool.now(),
  };
  pool.users.save(now);
  await confirmed(pool, client.id, now, input.ClientMetadata);
  return {};
};

const resendInput = z.object({ Username: z.string().min(1).max(128), ClientMetadata: clientMetadata });

const resendConfirmationCode: ClientOperation = (pool, client, body) => {
  const input = parse(resendInput, body);
  const user = pool.users.find(input.Username);
  if (!user) {
    if (!client.hidesExistence) throw userNotFound('Username/client id combination not found.');
    return { CodeDeliveryDetails: deliveryTo(input.Username) };
  }
  if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
  const { email } = user.attributes;
  if (email === undefined || !pool.config.verifiesEmail) {
    throw invalidParameter('Auto verification not turned on.');
  }
  return { CodeDeliveryDetails: mailCode(pool, user, 'sign-up', email) };
};

export const signUpOperations: Readonly<Record<string, ClientOperation>> = {
  SignUp: signUp,
  ConfirmSignUp: confirmSignUp,
  ResendConfirmationCode: resendConfirmationCode,
};
