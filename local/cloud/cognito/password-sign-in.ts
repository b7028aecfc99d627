import { createHmac, randomBytes } from 'node:crypto';
import { AwsError } from '../service.ts';
import { finish, type Metadata, type Parameters, recall, remember, required } from './challenge.ts';
import { invalidParameter, notAuthorized, userNotFound, wrongPassword } from './cognito-error.ts';
import { askForNewPassword } from './new-password.ts';
import { afterWrongPassword } from './password-attempt.ts';
import { askForCode, needsCode } from './software-token.ts';
import { beginExchange, matchesVerifier, type PasswordVerifier, provesPassword } from './srp.ts';
import type { UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { User } from './users.ts';

/**
 * Someone whom nobody is: a name that does not exist must look like one whose password is wrong, and the same
 * each time. Lives as long as this process.
 */
export function imaginary(pool: UserPool, name: string): { username: string; password: PasswordVerifier } {
  const digest = createHmac('sha256', imagination)
    .update(`${pool.config.id} ${name.toLowerCase()}`)
    .digest('hex');
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
  ];
  const username = pool.config.emailIsUsername ? [...parts, digest.slice(20, 32)].join('-') : name;
  return { username, password: { salt: digest.slice(32), verifier: `1${digest}` } };
}
const imagination = randomBytes(32);

/** Answers SRP_A with the PASSWORD_VERIFIER challenge. */
export function beginSrp(pool: UserPool, client: ClientConfig, parameters: Parameters) {
  const name = required(parameters, 'USERNAME');
  const user = pool.users.find(name);
  if (!user && !client.hidesExistence) throw userNotFound();
  const { username, password } = user ?? imaginary(pool, name);
  const exchange = beginExchange(password, required(parameters, 'SRP_A'));
  if (!exchange) throw invalidParameter('SRP_A is not valid.');
  const block = remember(pool, client, {
    kind: 'PASSWORD_VERIFIER',
    clientId: client.id,
    username,
    exchange,
  });
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: password.salt,
      SECRET_BLOCK: block,
      SRP_B: exchange.serverPublic.toString(16),
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
  };
}

/** Checks a password that came as such. */
export async function checkPlain(
  pool: UserPool,
  client: ClientConfig,
  parameters: Parameters,
  metadata: Metadata,
) {
  const name = required(parameters, 'USERNAME');
  const password = required(parameters, 'PASSWORD');
  const user = pool.users.find(name);
  if (!user && !client.hidesExistence) throw userNotFound();
  const { username, password: kept } = user ?? imaginary(pool, name);
  const identity = { poolName: pool.config.name, username };
  return passwordChecked(pool, client, user, () => matchesVerifier(identity, password, kept), metadata);
}

/** Counts a wrong password; after a right one the sign-in goes on. */
async function passwordChecked(
  pool: UserPool,
  client: ClientConfig,
  user: User | undefined,
  matches: () => boolean,
  metadata: Metadata,
) {
  const now = pool.now();
  if (user && user.lockedUntil > now) throw notAuthorized('Password attempts exceeded');
  const right = matches();
  if (!user) throw wrongPassword();
  if (!right) {
    pool.users.save(afterWrongPassword(user, now));
    throw wrongPassword();
  }
  if (user.failures) pool.users.save({ ...user, failures: 0, lockedUntil: 0 });
  if (user.status === 'UNCONFIRMED')
    throw new AwsError('UserNotConfirmedException', 'User is not confirmed.');
  if (user.status === 'FORCE_CHANGE_PASSWORD') return askForNewPassword(pool, client, user);
  if (needsCode(pool, user)) return askForCode(pool, client, user);
  return finish(pool, client, user, 'Authentication', metadata);
}

/** Checks the answer to PASSWORD_VERIFIER. */
export async function answerSrp(
  pool: UserPool,
  client: ClientConfig,
  responses: Parameters,
  metadata: Metadata,
) {
  const secretBlock = required(responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const signature = required(responses, 'PASSWORD_CLAIM_SIGNATURE');
  const timestamp = required(responses, 'TIMESTAMP');
  const { username, exchange } = recall(pool, client, secretBlock, 'PASSWORD_VERIFIER');
  if (required(responses, 'USERNAME') !== username) throw wrongPassword();
  const user = pool.users.find(username);
  const identity = { poolName: pool.config.name, username };
  const claim = { secretBlock, timestamp, signature };
  const proves = () => user !== undefined && provesPassword(identity, user.password, exchange, claim);
  return passwordChecked(pool, client, user, proves, metadata);
}
