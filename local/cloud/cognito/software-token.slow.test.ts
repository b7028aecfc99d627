import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { removeDirectories, type ServicesUnderTest, startServices } from '../services-under-test.ts';
import { appResources, clientId, password } from './app-under-test.ts';
import { stepOfCode, totpCode } from './totp.ts';
import { createUserPools } from './user-pool-service.ts';

// biome-ignore lint/suspicious/noExplicitAny: a reply's shape is what is asserted
type Reply = any;
const email = 'someone@example.com';
const optional = { MfaConfiguration: 'OPTIONAL', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] };
const flows = { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] };

let cloud: ServicesUnderTest;
const start = async (pool = {}) => {
  cloud = await startServices({
    resources: appResources({ pool, client: flows }),
    services: [createUserPools],
  });
};
beforeEach(() => start(optional));
afterEach(() => cloud.close());
afterAll(removeDirectories);

async function call(operation: string, body: Record<string, unknown>): Promise<Reply> {
  const reply = await fetch(cloud.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(body),
  });
  return reply.json();
}
const signIn = (): Promise<Reply> =>
  call('InitiateAuth', {
    ClientId: clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: password },
  });
const answer = (Session: string, SOFTWARE_TOKEN_MFA_CODE: string): Promise<Reply> =>
  call('RespondToAuthChallenge', {
    ClientId: clientId,
    ChallengeName: 'SOFTWARE_TOKEN_MFA',
    Session,
    ChallengeResponses: { USERNAME: email, SOFTWARE_TOKEN_MFA_CODE },
  });
const step = () => Math.floor(cloud.context.now().getTime() / 30_000);

/** Signs up and in, without a second factor. Gives the access token. */
async function newcomer(): Promise<string> {
  await call('SignUp', { ClientId: clientId, Username: email, Password: password });
  const code = /\d{6}/.exec(cloud.mails.at(-1)?.text ?? '')?.[0];
  await call('ConfirmSignUp', { ClientId: clientId, Username: email, ConfirmationCode: code });
  return (await signIn()).AuthenticationResult.AccessToken;
}

test('codes are those of RFC 6238', () => {
  // Its test vectors for SHA-1, whose secret is this in base32; eight digits there, the last six here.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ] as const) {
    expect(totpCode(secret, Math.floor(seconds / 30))).toBe(code);
    expect(stepOfCode(secret, code, seconds + 30, 0)).toBe(Math.floor(seconds / 30));
    expect(stepOfCode(secret, code, seconds + 90, 0)).toBeUndefined();
  }
});

test('somebody who has set up an app is asked for its code, each works once, and a wrong one is no sign-in', async () => {
  const AccessToken = await newcomer();
  const prefer = (Enabled: boolean) =>
    call('SetUserMFAPreference', {
      AccessToken,
      SoftwareTokenMfaSettings: { Enabled, PreferredMfa: Enabled },
    });
  expect(await prefer(true)).toMatchObject({ __type: 'InvalidParameterException' });
  const { SecretCode } = await call('AssociateSoftwareToken', { AccessToken });
  expect(SecretCode).toMatch(/^[A-Z2-7]{52}$/);
  const wrong = totpCode(SecretCode, step() + 5);
  expect(await call('VerifySoftwareToken', { AccessToken, UserCode: wrong })).toMatchObject({
    __type: 'EnableSoftwareTokenMFAException',
  });
  const first = totpCode(SecretCode, step());
  expect(await call('VerifySoftwareToken', { AccessToken, UserCode: first })).toEqual({ Status: 'SUCCESS' });
  // Set up is not switched on.
  expect(await signIn()).toHaveProperty('AuthenticationResult');
  expect(await prefer(true)).toEqual({});
  expect(await call('GetUser', { AccessToken })).toMatchObject({ PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' });

  const challenge = await signIn();
  expect(challenge).toMatchObject({ ChallengeName: 'SOFTWARE_TOKEN_MFA' });
  expect(challenge).not.toHaveProperty('AuthenticationResult');
  expect(await answer(challenge.Session, first)).toMatchObject({ __type: 'CodeMismatchException' });
  cloud.pass(60);
  const next = totpCode(SecretCode, step());
  // The clock that is asked is the cloud's: a minute has passed, and the same sign-in may try again.
  const signedIn = await answer(challenge.Session, next);
  expect(signedIn).toHaveProperty('AuthenticationResult.AccessToken');
  expect(await answer(challenge.Session, next)).toMatchObject({ __type: 'NotAuthorizedException' });
  expect(await answer((await signIn()).Session, next)).toMatchObject({ __type: 'CodeMismatchException' });

  expect(await prefer(false)).toEqual({});
  expect(await signIn()).toHaveProperty('AuthenticationResult');
});

test('a pool that does not offer it, and another factor, are refused', async () => {
  await cloud.close();
  await expect(start({ ...optional, EnabledMfas: ['SMS_MFA'] })).rejects.toThrow('SMS_MFA');
  await start();
  const AccessToken = await newcomer();
  expect(await call('AssociateSoftwareToken', { AccessToken })).toMatchObject({
    __type: 'SoftwareTokenMFANotFoundException',
  });
});
