import { z } from 'zod';
import { AwsError } from '../service.ts';
import { checkAttributes, readableAttributes } from './attributes.ts';
import { mailCode } from './code-mail.ts';
import {
  attributeList,
  clientMetadata,
  invalidParameter,
  limitExceeded,
  parse,
  wrongPassword,
} from './cognito-error.ts';
import type { TokenOperation } from './operation.ts';
import { checkPassword } from './password.ts';
import { afterWrongPassword } from './password-attempt.ts';
import { mfaOf, softwareTokenOperations } from './software-token.ts';
import { createVerifier, matchesVerifier } from './srp.ts';
import type { User } from './users.ts';

const getUser: TokenOperation = (_pool, { user, client }) => ({
  ...mfaOf(user),
  Username: user.username,
  UserAttributes: readableAttributes(client, user.attributes),
});

const updateInput = z.object({ UserAttributes: attributeList, ClientMetadata: clientMetadata });

const updateUserAttributes: TokenOperation = (pool, { user, client }, body) => {
  const input = parse(updateInput, body);
  const { email, ...others } = checkAttributes(
    pool.config.schema,
    client,
    input.UserAttributes,
    user.attributes,
  );
  const changesEmail = email !== undefined && email !== user.attributes.email;
  if (changesEmail && pool.config.emailIsUsername && pool.users.taken(email, user.username)) {
    throw new AwsError('AliasExistsException', 'An account with the given email already exists.');
  }
  const waits = changesEmail && pool.config.keepsOriginalEmail;
  const attributes = { ...user.attributes, ...others };
  const changed: User = {
    ...user,
    attributes: changesEmail && !waits ? { ...attributes, email, email_verified: 'false' } : attributes,
    ...(waits ? { pendingEmail: email } : {}),
    modified: pool.now(),
  };
  // The mail first: when no more may be sent, nothing has changed.
  const mails = changesEmail && (waits || pool.config.verifiesEmail);
  const delivery = mails ? [mailCode(pool, user, 'email', email)] : [];
  pool.users.save(changed);
  return { CodeDeliveryDetailsList: delivery };
};

const attributeName = z.object({ AttributeName: z.string(), ClientMetadata: clientMetadata });

const getUserAttributeVerificationCode: TokenOperation = (pool, { user }, body) => {
  const { AttributeName } = parse(attributeName, body);
  const email = user.pendingEmail ?? user.attributes.email;
  if (AttributeName !== 'email' || email === undefined) {
    throw invalidParameter(`User does not have a value for ${AttributeName} that can be verified.`);
  }
  return { CodeDeliveryDetails: mailCode(pool, user, 'email', email) };
};

const verifyInput = z.object({ AttributeName: z.string(), Code: z.string().min(1).max(2048) });

const verifyUserAttribute: TokenOperation = (pool, { user }, body) => {
  const { AttributeName, Code } = parse(verifyInput, body);
  if (AttributeName !== 'email') throw invalidParameter(`Attribute ${AttributeName} cannot be verified.`);
  pool.codes.redeem(user, 'email', Code, pool.now());
  const { pendingEmail, ...rest } = user;
  const email = pendingEmail ?? user.attributes.email ?? '';
  if (pool.config.emailIsUsername && pool.users.taken(email, user.username)) {
    throw new AwsError('AliasExistsException', 'An account with the given email already exists.');
  }
  pool.users.save({
    ...rest,
    attributes: { ...user.attributes, email, email_verified: 'true' },
    modified: pool.now(),
  });
  return {};
};

const changeInput = z.object({
  PreviousPassword: z.string().min(1).max(256),
  ProposedPassword: z.string().min(1).max(256),
});

const changePassword: TokenOperation = (pool, { user }, body) => {
  const { PreviousPassword, ProposedPassword } = parse(changeInput, body);
  const now = pool.now();
  if (user.lockedUntil > now) throw limitExceeded();
  const identity = { poolName: pool.config.name, username: user.username };
  if (!matchesVerifier(identity, PreviousPassword, user.password)) {
    pool.users.save(afterWrongPassword(user, now));
    throw wrongPassword();
  }
  checkPassword(pool.config.passwordPolicy, ProposedPassword);
  pool.users.save({
    ...user,
    password: createVerifier(identity, ProposedPassword),
    failures: 0,
    lockedUntil: 0,
    modified: now,
  });
  return {};
};

const globalSignOut: TokenOperation = (pool, { user }) => {
  pool.sessions.revokeAll(user);
  return {};
};

const deleteUser: TokenOperation = (pool, { user }) => {
  pool.users.remove(user);
  return {};
};

export const accountOperations: Readonly<Record<string, TokenOperation>> = {
  ...softwareTokenOperations,
  GetUser: getUser,
  UpdateUserAttributes: updateUserAttributes,
  GetUserAttributeVerificationCode: getUserAttributeVerificationCode,
  VerifyUserAttribute: verifyUserAttribute,
  ChangePassword: changePassword,
  GlobalSignOut: globalSignOut,
  DeleteUser: deleteUser,
};
