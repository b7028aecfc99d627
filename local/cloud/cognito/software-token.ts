import { z } from 'zod';
import { AwsError } from '../service.ts';
import { finish, type Metadata, type Parameters, recall, remember, required } from './challenge.ts';
import { invalidParameter, notAuthorized, parse } from './cognito-error.ts';
import type { TokenOperation } from './operation.ts';
import { afterWrongPassword } from './password-attempt.ts';
import { newTotpSecret, stepOfCode } from './totp.ts';
import type { UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { User } from './users.ts';

/** A second factor from an authenticator app. */
export interface SoftwareToken {
  /** Asked for at each sign-in. */
  readonly secret: string | undefined;
  readonly isPreferred: boolean;
  /** Handed out, and not proved yet. */
  readonly pending: string | undefined;
  /** The last step whose code was taken: a code works once. */
  readonly usedStep: number;
}

const none: SoftwareToken = { secret: undefined, isPreferred: false, pending: undefined, usedStep: 0 };
const tokenOf = (user: User): SoftwareToken => user.softwareToken ?? none;

/** What GetUser tells of it. */
export const mfaOf = (user: User) =>
  tokenOf(user).isPreferred
    ? { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA', UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] }
    : {};

function checkOffered(pool: UserPool): void {
  if (!pool.config.offersSoftwareToken) {
    throw new AwsError(
      'SoftwareTokenMFANotFoundException',
      'Software token MFA is not enabled for the userPool',
    );
  }
}

const associateSoftwareToken: TokenOperation = (pool, { user }) => {
  checkOffered(pool);
  const pending = newTotpSecret();
  pool.users.save({ ...user, softwareToken: { ...tokenOf(user), pending }, modified: pool.now() });
  return { SecretCode: pending };
};

const verifyInput = z.object({
  UserCode: z.string().regex(/^\d{6}$/),
  FriendlyDeviceName: z.string().max(131_072).optional(),
});

const verifySoftwareToken: TokenOperation = (pool, { user }, body) => {
  checkOffered(pool);
  const { UserCode } = parse(verifyInput, body);
  const token = tokenOf(user);
  if (token.pending === undefined) throw invalidParameter('No software token is waiting to be verified.');
  const step = stepOfCode(token.pending, UserCode, pool.now(), 0);
  if (step === undefined) throw new AwsError('EnableSoftwareTokenMFAException', 'Code mismatch');
  const verified: SoftwareToken = { ...token, secret: token.pending, pending: undefined, usedStep: step };
  pool.users.save({ ...user, softwareToken: verified, modified: pool.now() });
  return { Status: 'SUCCESS' };
};

const preferenceInput = z.strictObject({
  AccessToken: z.string(),
  SoftwareTokenMfaSettings: z.object({
    Enabled: z.boolean().default(false),
    PreferredMfa: z.boolean().default(false),
  }),
});

const setUserMfaPreference: TokenOperation = (pool, { user }, body) => {
  checkOffered(pool);
  const { Enabled, PreferredMfa } = parse(preferenceInput, body).SoftwareTokenMfaSettings;
  const token = tokenOf(user);
  if (Enabled && token.secret === undefined) throw invalidParameter('User has not set up software token mfa');
  if (!Enabled && PreferredMfa) throw invalidParameter('A factor that is not enabled cannot be preferred.');
  pool.users.save({ ...user, softwareToken: { ...token, isPreferred: Enabled }, modified: pool.now() });
  return {};
};

export const softwareTokenOperations: Readonly<Record<string, TokenOperation>> = {
  AssociateSoftwareToken: associateSoftwareToken,
  VerifySoftwareToken: verifySoftwareToken,
  SetUserMFAPreference: setUserMfaPreference,
};

/** Does the password of this person not suffice? */
export const needsCode = (pool: UserPool, user: User): boolean =>
  pool.config.offersSoftwareToken && tokenOf(user).isPreferred;

/** The challenge after the right password. */
export function askForCode(pool: UserPool, client: ClientConfig, user: User) {
  const { username } = user;
  return {
    ChallengeName: 'SOFTWARE_TOKEN_MFA',
    Session: remember(pool, client, { kind: 'SOFTWARE_TOKEN_MFA', clientId: client.id, username }),
    ChallengeParameters: { USER_ID_FOR_SRP: username },
  };
}

/** Answers it. A wrong code counts as a wrong password does; the same sign-in may try another. */
export async function checkCode(
  pool: UserPool,
  client: ClientConfig,
  session: string,
  responses: Parameters,
  metadata: Metadata,
) {
  const code = required(responses, 'SOFTWARE_TOKEN_MFA_CODE');
  const challenge = recall(pool, client, session, 'SOFTWARE_TOKEN_MFA');
  const user = pool.users.find(challenge.username);
  const token = user && tokenOf(user);
  if (!user || token?.secret === undefined) throw notAuthorized('Invalid session for the user.');
  const now = pool.now();
  if (user.lockedUntil > now) throw notAuthorized('Password attempts exceeded');
  const step = stepOfCode(token.secret, code, now, token.usedStep);
  if (step === undefined) {
    pool.users.save(afterWrongPassword(user, now));
    pool.challenges.keep(session, challenge, now + client.challengeSeconds);
    throw new AwsError('CodeMismatchException', 'Invalid code received for user');
  }
  const passed: User = { ...user, failures: 0, lockedUntil: 0, softwareToken: { ...token, usedStep: step } };
  pool.users.save(passed);
  return finish(pool, client, passed, 'Authentication', metadata);
}
