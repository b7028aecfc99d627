import { z } from 'zod';
import { AwsError } from '../service.ts';
import { type Metadata, type Parameters, recall, remember, required } from './challenge.ts';
import { clientMetadata, invalidParameter, notAuthorized, parse, userNotFound } from './cognito-error.ts';
import { setNewPassword } from './new-password.ts';
import type { ClientOperation } from './operation.ts';
import { answerSrp, beginSrp, checkPlain, imaginary } from './password-sign-in.ts';
import { renew } from './renewal.ts';
import { checkCode } from './software-token.ts';
import type { UserPool } from './user-pool.ts';
import type { ClientConfig } from './user-pool-client.ts';

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
    case 'SOFTWARE_TOKEN_MFA':
      return checkCode(pool, client, Session ?? '', ChallengeResponses, ClientMetadata);
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

export const signInOperations: Readonly<Record<string, ClientOperation>> = {
  InitiateAuth: initiateAuth,
  RespondToAuthChallenge: respondToAuthChallenge,
};
