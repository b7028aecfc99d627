import { z } from 'zod';
import { deliveryTo, mailCode } from './code-mail.ts';
import {
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
import type { User } from './users.ts';

const forgotInput = z.object({ Username: z.string().min(1).max(128), ClientMetadata: clientMetadata });

const forgotPassword: ClientOperation = (pool, client, body) => {
  const { Username } = parse(forgotInput, body);
  const user = pool.users.find(Username);
  if (!user) {
    if (!client.hidesExistence) throw userNotFound('Username/client id combination not found.');
    return { CodeDeliveryDetails: deliveryTo(Username) };
  }
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  const { email, email_verified } = user.attributes;
  if (!pool.config.recoversByEmail || email === undefined || email_verified !== 'true') {
    throw invalidParameter(
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
  }
  return { CodeDeliveryDetails: mailCode(pool, user, 'password', email) };
};

const confirmInput = z.object({
  Username: z.string().min(1).max(128),
  ConfirmationCode: z.string().min(1).max(2048),
  Password: z.string().min(1).max(256),
  ClientMetadata: clientMetadata,
});

const confirmForgotPassword: ClientOperation = async (pool, client, body) => {
  const input = parse(confirmInput, body);
  checkPassword(pool.config.passwordPolicy, input.Password);
  const user = pool.users.find(input.Username);
  if (!user)
    throw client.hidesExistence ? codeExpired() : userNotFound('Username/client id combination not found.');
  pool.codes.redeem(user, 'password', input.ConfirmationCode, pool.now());
  const changed: User = {
    ...user,
    status: 'CONFIRMED',
    password: createVerifier({ poolName: pool.config.name, username: user.username }, input.Password),
    failures: 0,
    lockedUntil: 0,
    modified: pool.now(),
  };
  pool.users.save(changed);
  await pool.triggers.call('PostConfirmation', {
    source: 'PostConfirmation_ConfirmForgotPassword',
    clientId: client.id,
    user: changed,
    status: changed.status,
    ...(input.ClientMetadata ? { clientMetadata: input.ClientMetadata } : {}),
  });
  return {};
};

export const recoveryOperations: Readonly<Record<string, ClientOperation>> = {
  ForgotPassword: forgotPassword,
  ConfirmForgotPassword: confirmForgotPassword,
};
