import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../service.ts';
import { checkAttributes } from './attributes.ts';
import {
  clientMetadata,
  invalidParameter,
  notAuthorized,
  parse,
  userNotFound,
  wrongPassword,
} from './cognito-error.ts';
import type { ClientOperation } from './operation.ts';
import { checkPassword } from './password.ts';
import { renew } from './renewal.ts';
import {
  beginExchange,
  createVerifier,
  matchesVerifier,
  type PasswordVerifier,
  provesPassword,
} from './srp.ts';
import { beginSession, type TokenReason } from './tokens.ts';
import type { Challenge, UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { User } from './users.ts';

type Metadata = Readonly<Record<string, string>> | undefined;
type Parameters = Readonly<Record<string, string>>;

const initiateInput = z.object({
  AuthFlow: z.string(),
  AuthParameters: z.record(z.string(), z.string()).default({}),
  ClientMetadata: clientMetadata,
  Session: z.string().optional(),
});

const initiateAuth: ClientOperation = async (pool, client, body) => {
  const { AuthFlow, AuthParameters, ClientMetadata } = parse(initiateInput, body);
  const flow = AuthFlow === 'REFRESH_TOKEN' ? 'REFRESH_TOKEN_AUTH' : AuthFlow;
  if (AuthParameters.SECRET_HASH) throw notAuthorized(`Unable to verify secret hash for client ${client.id}`);
  if (!['USER_SRP_AUTH', 'USER_PASSWORD_AUTH', 'USER_AUTH', 'REFRESH_TOKEN_AUTH'].includes(flow)) {
    throw new AwsError('NotImplemented', `The local cloud's Cognito has no InitiateAuth with ${flow}.`, 501);
  }
  if (!client.flows.has(`ALLOW_${flow}`)) {
    throw invalidParameter(
      flow === 'USER_PASSWORD_AUTH'
        ? 'USER_PASSWORD_AUTH flow not enabled for this client'
        : `${flow} is not enabled for the client.`,
    );
  }
  if (flow === 'REFRESH_TOKEN_AUTH') {
    if (client.rotationGraceSeconds !== undefined) {
      throw invalidParameter('REFRESH_TOKEN_AUTH is not supported while refresh token rotation is enabled.');
    }
    return renew(pool, client, required(AuthParameters, 'REFRESH_TOKEN'), ClientMetadata);
  }
  refuseMfa(pool);
  if (flow === 'USER_SRP_AUTH') return beginSrp(pool, client, AuthParameters);
  if (flow === 'USER_PASSWORD_AUTH') return checkPlain(pool, client, AuthParameters, ClientMetadata);
  return choose(pool, client, AuthParameters, AuthParameters.PREFERRED_CHALLENGE, ClientMetadata);
};

function refuseMfa(pool: UserPool): void {
  if (!pool.config.requiresMfa) return;
  throw new AwsError(
    'NotImplemented',
    `User pool ${pool.config.id} requires MFA, which the local cloud's Cognito does not have.`,
    501,
  );
}

function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (!value) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

/** USER_AUTH: the person has chosen a first factor, or is told which ones there are. */
async function choose(
  pool: UserPool,
  client: ClientConfig,
  parameters: Parameters,
  choice: string | undefined,
  metadata: Metadata,
) {
  if (choice === 'PASSWORD_SRP') return beginSrp(pool, client, parameters);
  if (choice === 'PASSWORD') return checkPlain(pool, client, parameters, metadata);
  const name = required(parameters, 'USERNAME');
  const user = pool.users.find(name);
  if (!user && !client.hidesExistence) throw userNotFound();
  const username = user?.username ?? imaginary(pool, name).username;
  return {
    ChallengeName: 'SELECT_CHALLENGE',
    AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP'],
    ChallengeParameters: {},
    Session: remember(pool, client, { kind: 'SELECT_CHALLENGE', clientId: client.id, username }),
  };
}

function remember(pool: UserPool, client: ClientConfig, challenge: Challenge): string {
  return pool.challenges.put(challenge, pool.now() + client.challengeSeconds, pool.now());
}

/**
 * Someone whom nobody is: a name that does not exist must look like one whose password is wrong, and the same
 * each time. Lives as long as this process.
 */
function imaginary(pool: UserPool, name: string): { username: string; password: PasswordVerifier } {
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

function beginSrp(pool: UserPool, client: ClientConfig, parameters: Parameters) {
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

async function checkPlain(pool: UserPool, client: ClientConfig, parameters: Parameters, metadata: Metadata) {
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
    // Five are free; then a second, doubled by each further one up to a quarter of an hour:
    // https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
    const failures = user.failures + 1;
    const lock = failures < 5 ? 0 : Math.min(2 ** (failures - 5), 900);
    pool.users.save({ ...user, failures, lockedUntil: now + lock });
    throw wrongPassword();
  }
  if (user.failures) pool.users.save({ ...user, failures: 0, lockedUntil: 0 });
  if (user.status === 'UNCONFIRMED')
    throw new AwsError('UserNotConfirmedException', 'User is not confirmed.');
  if (user.status === 'FORCE_CHANGE_PASSWORD') return askForNewPassword(pool, client, user);
  return finish(pool, client, user, 'Authentication', metadata);
}

async function finish(
  pool: UserPool,
  client: ClientConfig,
  user: User,
  reason: TokenReason,
  metadata: Metadata,
) {
  const AuthenticationResult = await beginSession(pool, client, user, reason, metadata);
  return { ChallengeParameters: {}, AuthenticationResult };
}

function askForNewPassword(pool: UserPool, client: ClientConfig, user: User) {
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

const respondInput = z.object({
  ChallengeName: z.string(),
  ChallengeResponses: z.record(z.string(), z.string()).default({}),
  Session: z.string().optional(),
  ClientMetadata: clientMetadata,
});

const respondToAuthChallenge: ClientOperation = async (pool, client, body) => {
  const { ChallengeName, ChallengeResponses, Session, ClientMetadata } = parse(respondInput, body);
  refuseMfa(pool);
  switch (ChallengeName) {
    case 'PASSWORD_VERIFIER':
      return answerSrp(pool, client, ChallengeResponses, ClientMetadata);
    case 'NEW_PASSWORD_REQUIRED':
      return setNewPassword(pool, client, Session, ChallengeResponses, ClientMetadata);
    case 'SELECT_CHALLENGE': {
      const { username } = recall(pool, client, Session ?? '', 'SELECT_CHALLENGE');
      const answer = required(ChallengeResponses, 'ANSWER');
      if (!['PASSWORD', 'PASSWORD_SRP'].includes(answer))
        throw invalidParameter('Selected challenge is not available.');
      return choose(pool, client, { ...ChallengeResponses, USERNAME: username }, answer, ClientMetadata);
    }
    default:
      throw new AwsError(
        'NotImplemented',
        `The local cloud's Cognito has no challenge ${ChallengeName}.`,
        501,
      );
  }
};

function recall<K extends Challenge['kind']>(
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

async function answerSrp(pool: UserPool, client: ClientConfig, responses: Parameters, metadata: Metadata) {
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

async function setNewPassword(
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

export const signInOperations: Readonly<Record<string, ClientOperation>> = {
  InitiateAuth: initiateAuth,
  RespondToAuthChallenge: respondToAuthChallenge,
};
