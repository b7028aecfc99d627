import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Sha256 } from '../iam/canonical-signer.ts';
import {
  removeDirectories,
  type ServicesOptions,
  type ServicesUnderTest,
  startServices,
} from '../services-under-test.ts';
import { appResources, clientId, password, poolArn, poolId } from './app-under-test.ts';
import { createUserPools } from './user-pool-service.ts';

type Changes = Parameters<typeof appResources>[0];
// biome-ignore lint/suspicious/noExplicitAny: replies have any shape
type Reply = any;

let cloud: ServicesUnderTest;
const plainFlow = {
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_AUTH'],
};

async function start(changes: Changes = {}, options: Partial<ServicesOptions> = {}): Promise<void> {
  const resources = appResources({ ...changes, client: { ...plainFlow, ...changes?.client } });
  cloud = await startServices({ resources, services: [createUserPools], ...options });
}
afterEach(() => cloud.close());
afterAll(removeDirectories);

/** The reply's body, with `__type` where it is an error. */
async function call(operation: string, body: Record<string, unknown>, headers = {}): Promise<Reply> {
  const reply = await fetch(cloud.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return reply.json();
}

const ask = (operation: string, body: Record<string, unknown>) =>
  call(operation, { ClientId: clientId, ...body });

async function asRole(role: string, operation: string, body: Record<string, unknown>): Promise<Reply> {
  const signer = new SignatureV4({
    credentials: cloud.credentials(role),
    region: 'us-east-1',
    service: 'cognito-idp',
    sha256: Sha256,
  });
  const { hostname, port } = new URL(cloud.endpoint);
  const request = await signer.sign(
    new HttpRequest({
      method: 'POST',
      hostname,
      port: Number(port),
      path: '/',
      headers: {
        host: `${hostname}:${port}`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify({ UserPoolId: poolId, ...body }),
    }),
  );
  const { host: _, ...headers } = request.headers;
  return (await fetch(cloud.endpoint, { method: 'POST', headers, body: request.body })).json();
}

const codeTo = (email: string) =>
  /\d{6}/.exec(cloud.mails.filter(({ to }) => to === email).at(-1)?.text ?? '')?.[0] ?? '';
const wrongCode = (email: string) => String((Number(codeTo(email)) + 1) % 1_000_000).padStart(6, '0');
const signUp = (Username: string) => ask('SignUp', { Username, Password: password });
const signIn = (USERNAME: string, PASSWORD = password): Promise<Reply> =>
  ask('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD } });

async function confirmed(email: string): Promise<void> {
  await signUp(email);
  expect(await ask('ConfirmSignUp', { Username: email, ConfirmationCode: codeTo(email) })).toEqual({});
}

test('a sign-up that breaks a rule is refused in the words of Cognito', async () => {
  await start();
  const policy = 'Password did not conform with policy: ';
  const withPassword = (Password: string) => ask('SignUp', { Username: 'a@example.com', Password });
  expect(await withPassword('Sh0rt!')).toMatchObject({
    __type: 'InvalidPasswordException',
    message: `${policy}Password not long enough`,
  });
  expect((await withPassword('lower-case-1')).message).toBe(
    `${policy}Password must have uppercase characters`,
  );
  expect((await withPassword('UPPER-CASE-1')).message).toBe(
    `${policy}Password must have lowercase characters`,
  );
  expect((await withPassword('No-Numbers-Here')).message).toBe(
    `${policy}Password must have numeric characters`,
  );
  expect((await withPassword('NoSymbols123')).message).toBe(`${policy}Password must have symbol characters`);
  expect(await ask('SignUp', { Username: 'not-an-address', Password: password })).toMatchObject({
    __type: 'InvalidParameterException',
    message: 'Username should be an email.',
  });
  const verified = [{ Name: 'email_verified', Value: 'true' }];
  expect(
    await ask('SignUp', { Username: 'a@example.com', Password: password, UserAttributes: verified }),
  ).toMatchObject({
    __type: 'NotAuthorizedException',
  });
  expect(
    await call('SignUp', { ClientId: 'other', Username: 'a@example.com', Password: password }),
  ).toMatchObject({
    __type: 'ResourceNotFoundException',
  });
  await signUp('a@example.com');
  expect(await signUp('A@Example.com')).toMatchObject({
    __type: 'UsernameExistsException',
    message: 'An account with the given email already exists.',
  });
});

test('a pool that only an administrator adds people to takes no sign-up', async () => {
  await start({ pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } });
  expect(await signUp('a@example.com')).toMatchObject({
    __type: 'NotAuthorizedException',
    message: 'SignUp is not permitted for this user pool',
  });
});

test('five wrong codes close the door, even to the right one, for an hour', async () => {
  await start();
  const email = 'a@example.com';
  expect(await signUp(email)).toMatchObject({
    UserConfirmed: false,
    CodeDeliveryDetails: { Destination: 'a***@e***', DeliveryMedium: 'EMAIL' },
  });
  const confirm = (ConfirmationCode: string) => ask('ConfirmSignUp', { Username: email, ConfirmationCode });
  for (let guess = 0; guess < 5; guess += 1) {
    expect(await confirm(wrongCode(email))).toMatchObject({ __type: 'CodeMismatchException' });
  }
  expect(await confirm(codeTo(email))).toMatchObject({ __type: 'LimitExceededException' });
  await ask('ResendConfirmationCode', { Username: email });
  expect(await confirm(codeTo(email))).toMatchObject({ __type: 'LimitExceededException' });
  cloud.pass(3601);
  expect(await confirm(codeTo(email))).toEqual({});
  expect(await confirm(codeTo(email))).toMatchObject({
    __type: 'NotAuthorizedException',
    message: 'User cannot be confirmed. Current status is CONFIRMED',
  });
});

test('a code ends after a day, a newer one replaces it, and mails are few', async () => {
  await start();
  const email = 'a@example.com';
  await signUp(email);
  const first = codeTo(email);
  cloud.pass(86_401);
  expect(await ask('ConfirmSignUp', { Username: email, ConfirmationCode: first })).toMatchObject({
    __type: 'ExpiredCodeException',
  });
  const replies: Reply[] = [];
  for (let mail = 0; mail < 11; mail += 1)
    replies.push(await ask('ResendConfirmationCode', { Username: email }));
  expect(replies.at(-2)).toMatchObject({ CodeDeliveryDetails: {} });
  expect(replies.at(-1)).toMatchObject({ __type: 'LimitExceededException' });
  expect(await ask('ConfirmSignUp', { Username: email, ConfirmationCode: codeTo(email) })).toEqual({});
});

test('who does not exist looks like anyone else, where the client hides existence', async () => {
  await start();
  await confirmed('a@example.com');
  expect(await signIn('nobody@example.com')).toEqual(await signIn('a@example.com', 'Wrong-Horse-9'));
  expect(await ask('ForgotPassword', { Username: 'nobody@example.com' })).toEqual({
    CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'n***@e***' },
  });
  expect(await ask('ResendConfirmationCode', { Username: 'nobody@example.com' })).toHaveProperty(
    'CodeDeliveryDetails',
  );
  expect(cloud.mails.filter(({ to }) => to === 'nobody@example.com')).toEqual([]);
  const reset = { Username: 'nobody@example.com', ConfirmationCode: '123456', Password: password };
  expect(await ask('ConfirmForgotPassword', reset)).toMatchObject({ __type: 'ExpiredCodeException' });
});

test('and is named as unknown, where it does not', async () => {
  await start({ client: { PreventUserExistenceErrors: 'LEGACY' } });
  const unknown = { __type: 'UserNotFoundException' };
  expect(await signIn('nobody@example.com')).toMatchObject(unknown);
  expect(await ask('ForgotPassword', { Username: 'nobody@example.com' })).toMatchObject(unknown);
  expect(await ask('ConfirmSignUp', { Username: 'nobody@example.com', ConfirmationCode: '1' })).toMatchObject(
    unknown,
  );
});

test('many wrong passwords make the right one wait', async () => {
  await start();
  await confirmed('a@example.com');
  for (let attempt = 0; attempt < 7; attempt += 1) {
    cloud.pass(60);
    await signIn('a@example.com', 'Wrong-Horse-9');
  }
  expect(await signIn('a@example.com')).toMatchObject({
    __type: 'NotAuthorizedException',
    message: 'Password attempts exceeded',
  });
  cloud.pass(5);
  expect(await signIn('a@example.com')).toHaveProperty('AuthenticationResult');
});

test('only the flows that the client allows are open', async () => {
  await start({ client: { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] } });
  expect(await signIn('a@example.com')).toMatchObject({
    __type: 'InvalidParameterException',
    message: 'USER_PASSWORD_AUTH flow not enabled for this client',
  });
  const flow = (AuthFlow: string) =>
    ask('InitiateAuth', { AuthFlow, AuthParameters: { REFRESH_TOKEN: 'x', USERNAME: 'a' } });
  expect(await flow('REFRESH_TOKEN_AUTH')).toMatchObject({ __type: 'InvalidParameterException' });
  expect(await flow('USER_AUTH')).toMatchObject({ __type: 'InvalidParameterException' });
  expect(await flow('CUSTOM_AUTH')).toMatchObject({
    __type: 'NotImplemented',
    message: expect.stringContaining('CUSTOM_AUTH'),
  });
  expect(await ask('ListDevices', {})).toMatchObject({
    __type: 'NotImplemented',
    message: expect.stringContaining('ListDevices'),
  });
});

test('a choice of first factor leads to the password', async () => {
  await start();
  await confirmed('a@example.com');
  const choice = await ask('InitiateAuth', {
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME: 'a@example.com' },
  });
  expect(choice).toMatchObject({
    ChallengeName: 'SELECT_CHALLENGE',
    AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP'],
  });
  const answer = { USERNAME: 'a@example.com', ANSWER: 'PASSWORD', PASSWORD: password };
  const done = await ask('RespondToAuthChallenge', {
    ChallengeName: 'SELECT_CHALLENGE',
    ChallengeResponses: answer,
    Session: choice.Session,
  });
  expect(done).toHaveProperty('AuthenticationResult.AccessToken');
});

test('a pool that requires MFA signs nobody in', async () => {
  await start({ pool: { MfaConfiguration: 'ON' } });
  expect(await signIn('a@example.com')).toMatchObject({
    __type: 'NotImplemented',
    message: expect.stringContaining('MFA'),
  });
});

test('tokens verify against the published keys and live as long as the client says', async () => {
  await start({ client: { AccessTokenValidity: 5, TokenValidityUnits: { AccessToken: 'minutes' } } });
  await confirmed('a@example.com');
  const { AuthenticationResult: tokens } = await signIn('a@example.com');
  expect(tokens).toMatchObject({ ExpiresIn: 300, TokenType: 'Bearer' });
  const configuration: Reply = await (
    await fetch(`${cloud.endpoint}/${poolId}/.well-known/openid-configuration`)
  ).json();
  expect(configuration.issuer).toBe(`${cloud.endpoint}/${poolId}`);
  const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
  const { payload } = await jwtVerify(tokens.IdToken, keys, {
    issuer: configuration.issuer,
    audience: clientId,
  });
  expect(payload).toMatchObject({ token_use: 'id', email: 'a@example.com', email_verified: true });
  const access = decodeJwt(tokens.AccessToken);
  expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(300);
  expect(await call('GetUser', { AccessToken: tokens.AccessToken })).toMatchObject({
    Username: access.username,
  });
  expect(await call('GetUser', { AccessToken: tokens.IdToken })).toMatchObject({
    message: 'Invalid Access Token',
  });
  const [head, , signature] = tokens.AccessToken.split('.');
  const forged = Buffer.from(JSON.stringify({ ...access, sub: 'someone-else', username: 'x' })).toString(
    'base64url',
  );
  expect(await call('GetUser', { AccessToken: `${head}.${forged}.${signature}` })).toMatchObject({
    __type: 'NotAuthorizedException',
    message: 'Invalid Access Token',
  });
  cloud.pass(301);
  expect(await call('GetUser', { AccessToken: tokens.AccessToken })).toMatchObject({
    message: 'Access Token has expired',
  });
});

test('a revoked or expired refresh token gives nothing, and takes its access tokens with it', async () => {
  await start({ client: { RefreshTokenValidity: 1, TokenValidityUnits: { RefreshToken: 'hours' } } });
  await confirmed('a@example.com');
  const { AuthenticationResult: one } = await signIn('a@example.com');
  const { AuthenticationResult: two } = await signIn('a@example.com');
  const renew = (RefreshToken: string) => ask('GetTokensFromRefreshToken', { RefreshToken });
  expect(decodeJwt((await renew(one.RefreshToken)).AuthenticationResult.AccessToken).auth_time).toBe(
    decodeJwt(one.AccessToken).auth_time,
  );
  const REFRESH_TOKEN = one.RefreshToken;
  const oldFlow = await ask('InitiateAuth', {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN },
  });
  expect(oldFlow.AuthenticationResult).toHaveProperty('IdToken');
  expect(oldFlow.AuthenticationResult).not.toHaveProperty('RefreshToken');
  expect(await ask('RevokeToken', { Token: one.RefreshToken })).toEqual({});
  expect(await renew(one.RefreshToken)).toMatchObject({ message: 'Refresh Token has been revoked' });
  expect(await call('GetUser', { AccessToken: one.AccessToken })).toMatchObject({
    message: 'Access Token has been revoked',
  });
  expect(await call('GetUser', { AccessToken: two.AccessToken })).toHaveProperty('Username');
  expect(await renew('no-token')).toMatchObject({ message: 'Invalid Refresh Token' });
  cloud.pass(3601);
  expect(await renew(two.RefreshToken)).toMatchObject({ message: 'Refresh Token has expired' });
});

test('with rotation each refresh token works once, and a little longer for a repeat', async () => {
  const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 };
  await start({ client: { RefreshTokenRotation } });
  await confirmed('a@example.com');
  const { AuthenticationResult: tokens } = await signIn('a@example.com');
  const renew = (RefreshToken: string) => ask('GetTokensFromRefreshToken', { RefreshToken });
  const { RefreshToken: next } = (await renew(tokens.RefreshToken)).AuthenticationResult;
  expect(next).not.toBe(tokens.RefreshToken);
  expect(await renew(tokens.RefreshToken)).toHaveProperty('AuthenticationResult.RefreshToken');
  cloud.pass(11);
  expect(await renew(tokens.RefreshToken)).toMatchObject({ __type: 'NotAuthorizedException' });
  expect(await renew(next)).toHaveProperty('AuthenticationResult.RefreshToken');
});

test('a new address counts once its code came back; until then the old one signs in', async () => {
  await start();
  await confirmed('old@example.com');
  await confirmed('taken@example.com');
  const { AccessToken } = (await signIn('old@example.com')).AuthenticationResult;
  const change = (email: string) =>
    call('UpdateUserAttributes', { AccessToken, UserAttributes: [{ Name: 'email', Value: email }] });
  expect(await change('taken@example.com')).toMatchObject({ __type: 'AliasExistsException' });
  expect(await change('new@example.com')).toMatchObject({
    CodeDeliveryDetailsList: [{ Destination: 'n***@e***' }],
  });
  expect(await signIn('old@example.com')).toHaveProperty('AuthenticationResult');
  expect(await signIn('new@example.com')).toMatchObject({ __type: 'NotAuthorizedException' });
  const verify = (Code: string) => call('VerifyUserAttribute', { AccessToken, AttributeName: 'email', Code });
  expect(await verify(wrongCode('new@example.com'))).toMatchObject({ __type: 'CodeMismatchException' });
  expect(await verify(codeTo('new@example.com'))).toEqual({});
  expect(await signIn('new@example.com')).toHaveProperty('AuthenticationResult');
  expect(await signIn('old@example.com')).toMatchObject({ __type: 'NotAuthorizedException' });
});

test('an administrator with the policy adds people, who set their own password; nobody else may', async () => {
  await start();
  const email = 'invited@example.com';
  const create = { Username: email, UserAttributes: [{ Name: 'email_verified', Value: 'true' }] };
  expect(await asRole('nobody', 'AdminCreateUser', create)).toMatchObject({
    __type: 'AccessDeniedException',
    message: expect.stringContaining(poolArn),
  });
  expect(await call('AdminCreateUser', { UserPoolId: poolId, ...create })).toMatchObject({
    __type: 'MissingAuthenticationTokenException',
  });
  expect(cloud.mails).toEqual([]);
  expect(await asRole('administrator', 'AdminCreateUser', create)).toMatchObject({
    User: { UserStatus: 'FORCE_CHANGE_PASSWORD' },
  });
  const temporary = /temporary password is (\S+)/.exec(cloud.mails.at(-1)?.text ?? '')?.[1] ?? '';
  const challenge = await signIn(email, temporary);
  expect(challenge).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' });
  const answer = (NEW_PASSWORD: string) =>
    ask('RespondToAuthChallenge', {
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeResponses: { USERNAME: email, NEW_PASSWORD },
      Session: challenge.Session,
    });
  expect(await answer('weak')).toMatchObject({ __type: 'InvalidPasswordException' });
  const { AuthenticationResult: tokens } = await answer(password);
  expect(tokens).toHaveProperty('RefreshToken');
  expect(await answer(password)).toMatchObject({ __type: 'NotAuthorizedException' });
  const group = { Username: email, GroupName: 'editors' };
  expect(await asRole('administrator', 'AdminAddUserToGroup', group)).toEqual({});
  expect(decodeJwt((await signIn(email)).AuthenticationResult.IdToken)).toMatchObject({
    'cognito:groups': ['editors'],
    'cognito:roles': ['arn:aws:iam::000000000000:role/editors'],
    'cognito:preferred_role': 'arn:aws:iam::000000000000:role/editors',
  });
  const found = await asRole('administrator', 'ListUsers', { Filter: 'email ^= "inv"' });
  expect(found.Users).toMatchObject([{ UserStatus: 'CONFIRMED' }]);
  expect((await asRole('administrator', 'ListUsers', { Filter: 'email = "x"' })).Users).toEqual([]);
  expect(await asRole('administrator', 'AdminGetUser', { Username: email })).toHaveProperty('UserAttributes');
  await asRole('administrator', 'AdminUserGlobalSignOut', { Username: email });
  expect(await call('GetUser', { AccessToken: tokens.AccessToken })).toMatchObject({
    message: 'Access Token has been revoked',
  });
  const permanent = { Username: email, Password: 'Battery-Staple-7', Permanent: true };
  expect(await asRole('administrator', 'AdminSetUserPassword', permanent)).toEqual({});
  expect(await signIn(email, 'Battery-Staple-7')).toHaveProperty('AuthenticationResult');
  expect(await asRole('administrator', 'AdminDeleteUser', { Username: email })).toEqual({});
  expect(await asRole('administrator', 'AdminGetUser', { Username: email })).toMatchObject({
    __type: 'UserNotFoundException',
  });
});

test('an administrator takes a pool’s deletion protection off, and nothing else of it', async () => {
  await start();
  const seen = async () => (await asRole('administrator', 'DescribeUserPool', {})).UserPool;
  expect(await seen()).toMatchObject({
    DeletionProtection: 'INACTIVE',
    EstimatedNumberOfUsers: expect.any(Number),
  });
  expect(await asRole('administrator', 'UpdateUserPool', { DeletionProtection: 'ACTIVE' })).toEqual({});
  expect(await seen()).toMatchObject({ DeletionProtection: 'ACTIVE' });
  expect(
    await asRole('administrator', 'UpdateUserPool', {
      DeletionProtection: 'INACTIVE',
      MfaConfiguration: 'ON',
    }),
  ).toMatchObject({ message: expect.stringContaining('MfaConfiguration') });
  expect(await seen()).toMatchObject({ DeletionProtection: 'ACTIVE' });
});

const hook = 'arn:aws:lambda:us-east-1:000000000000:function:hook';
const permission = {
  type: 'AWS::Lambda::Permission',
  physicalId: 'permission',
  properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: hook,
    Principal: 'cognito-idp.amazonaws.com',
    SourceArn: poolArn,
  },
};

test('triggers see the event and change what happens', async () => {
  const events: Reply[] = [];
  const LambdaConfig = { PreSignUp: hook, PostConfirmation: hook, PreTokenGeneration: hook };
  const invoke = async (_arn: string, event: Reply) => {
    events.push(event);
    if (event.triggerSource === 'PreSignUp_SignUp') {
      if (event.request.userAttributes.email.startsWith('evil')) {
        return { functionError: 'Unhandled' as const, payload: { errorMessage: 'not you' } };
      }
      return { payload: { ...event, response: { autoConfirmUser: true, autoVerifyEmail: true } } };
    }
    const claimsOverrideDetails = {
      claimsToAddOrOverride: { tier: 'gold', sub: 'forged', iss: 'forged' },
      claimsToSuppress: ['email'],
      groupOverrideDetails: { groupsToOverride: ['vip'] },
    };
    return { payload: { ...event, response: { claimsOverrideDetails } } };
  };
  await start({ pool: { LambdaConfig }, others: [permission] }, { invoke });
  expect(await signUp('evil@example.com')).toMatchObject({
    __type: 'UserLambdaValidationException',
    message: 'PreSignUp failed with error not you.',
  });
  const up = await signUp('a@example.com');
  expect(up).toMatchObject({ UserConfirmed: true });
  expect(cloud.mails).toEqual([]);
  const { AuthenticationResult: tokens } = await signIn('a@example.com');
  const id = decodeJwt(tokens.IdToken);
  expect(id).toMatchObject({ tier: 'gold', sub: up.UserSub, 'cognito:groups': ['vip'] });
  expect(id.iss).not.toBe('forged');
  expect(id).not.toHaveProperty('email');
  expect(decodeJwt(tokens.AccessToken)).not.toHaveProperty('tier');
  expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
    'PreSignUp_SignUp',
    'PreSignUp_SignUp',
    'PostConfirmation_ConfirmSignUp',
    'TokenGeneration_Authentication',
  ]);
  expect(events[2]).toMatchObject({
    userName: up.UserSub,
    userPoolId: poolId,
    callerContext: { clientId },
    request: { userAttributes: { email: 'a@example.com', email_verified: 'true' } },
  });
});

test('a function that does not permit Cognito is not called', async () => {
  await start({ pool: { LambdaConfig: { PreSignUp: hook } } });
  expect(await signUp('a@example.com')).toMatchObject({ __type: 'UserLambdaValidationException' });
});

test.each([
  [{ LambdaConfig: { CustomMessage: hook } }, 'CustomMessage'],
  [{ UsernameAttributes: ['phone_number'] }, 'phone numbers'],
  [{ AliasAttributes: ['email'] }, 'alias'],
  [{ DeviceConfiguration: {} }, 'DeviceConfiguration'],
])('a pool with %j is refused at start', async (pool, named) => {
  await start();
  const resources = appResources({ pool });
  await expect(startServices({ resources, services: [createUserPools] })).rejects.toThrow(named);
});
