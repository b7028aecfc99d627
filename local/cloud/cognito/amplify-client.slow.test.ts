import { Amplify } from 'aws-amplify';
import {
  confirmResetPassword,
  confirmSignUp,
  confirmUserAttribute,
  deleteUser,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resendSignUpCode,
  resetPassword,
  sendUserAttributeVerificationCode,
  signIn,
  signOut,
  signUp,
  updatePassword,
  updateUserAttributes,
} from 'aws-amplify/auth';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeDirectories, type ServicesUnderTest, startServices } from '../services-under-test.ts';
import { appResources, clientId, identityPoolId, password, poolId } from './app-under-test.ts';
import { createIdentityPools } from './identity-pool-service.ts';
import { createUserPools } from './user-pool-service.ts';

let cloud: ServicesUnderTest;

async function start(again?: ServicesUnderTest): Promise<void> {
  const services = [createUserPools, createIdentityPools];
  cloud = await startServices({ resources: appResources(), services, ...(again ? { again } : {}) });
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: poolId,
        userPoolClientId: clientId,
        identityPoolId,
        userPoolEndpoint: cloud.endpoint,
        identityPoolEndpoint: cloud.endpoint,
        allowGuestAccess: false,
      },
    },
  });
}

beforeAll(() => start());
afterEach(() => signOut().catch(() => {}));
afterAll(async () => {
  await cloud.close();
  removeDirectories();
});

function lastCode(email: string): string {
  const mail = cloud.mails.filter(({ to }) => to === email).at(-1);
  return /\d{6}/.exec(mail?.text ?? '')?.[0] ?? 'no mail';
}

async function newUser(username: string): Promise<void> {
  await signUp({ username, password });
  await confirmSignUp({ username, confirmationCode: lastCode(username) });
}

test('someone signs up, confirms by mail, signs in by SRP and gets the credentials of the signed-in role', async () => {
  const up = await signUp({ username: 'Ada@example.com', password });
  expect(up).toMatchObject({ isSignUpComplete: false, nextStep: { signUpStep: 'CONFIRM_SIGN_UP' } });
  await expect(signIn({ username: 'ada@example.com', password })).resolves.toMatchObject({
    nextStep: { signInStep: 'CONFIRM_SIGN_UP' },
  });
  const confirmationCode = lastCode('Ada@example.com');
  await confirmSignUp({ username: 'ada@example.com', confirmationCode });

  const signedIn = await signIn({ username: 'ADA@example.com', password });
  expect(signedIn.isSignedIn).toBe(true);
  const session = await fetchAuthSession();
  const id = decodeJwt(session.tokens?.idToken?.toString() ?? '');
  const access = decodeJwt(session.tokens?.accessToken.toString() ?? '');
  expect(id).toMatchObject({
    aud: clientId,
    email: 'Ada@example.com',
    email_verified: true,
    iss: `${cloud.endpoint}/${poolId}`,
    token_use: 'id',
  });
  expect(id['cognito:username']).toBe(id.sub);
  expect(access).toMatchObject({
    client_id: clientId,
    scope: 'aws.cognito.signin.user.admin',
    token_use: 'access',
    username: id.sub,
  });
  expect(access.origin_jti).toBe(id.origin_jti);
  expect(session.identityId).toMatch(/^us-east-1:[0-9a-f-]{36}$/);
  expect(session.credentials?.sessionToken).toBeTruthy();
  expect(session.credentials?.expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  await expect(fetchUserAttributes()).resolves.toMatchObject({ email: 'Ada@example.com' });
});

test('a wrong password is refused, in the words that an unknown name gets too', async () => {
  await newUser('bob@example.com');
  const wrong = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
  await expect(signIn({ username: 'bob@example.com', password: 'Wrong-Horse-9' })).rejects.toMatchObject(
    wrong,
  );
  await expect(signIn({ username: 'nobody@example.com', password })).rejects.toMatchObject(wrong);
});

test('a forced refresh gives new tokens of the same session and keeps the identity', async () => {
  await newUser('cy@example.com');
  await signIn({ username: 'cy@example.com', password });
  const before = await fetchAuthSession();
  const after = await fetchAuthSession({ forceRefresh: true });
  expect(after.tokens?.accessToken.payload.jti).not.toBe(before.tokens?.accessToken.payload.jti);
  expect(after.tokens?.accessToken.payload.origin_jti).toBe(before.tokens?.accessToken.payload.origin_jti);
  expect(after.identityId).toBe(before.identityId);
});

test('a sign-in outlives a restart of the cloud', async () => {
  await newUser('dee@example.com');
  await signIn({ username: 'dee@example.com', password });
  const before = await fetchAuthSession();
  await cloud.close();
  await start(cloud);
  const after = await fetchAuthSession({ forceRefresh: true });
  expect(after.userSub).toBe(before.userSub);
  expect(after.identityId).toBe(before.identityId);
  await expect(getCurrentUser()).resolves.toMatchObject({ signInDetails: { loginId: 'dee@example.com' } });
});

test('a global sign-out ends the session everywhere', async () => {
  await newUser('eve@example.com');
  await signIn({ username: 'eve@example.com', password });
  const { tokens } = await fetchAuthSession();
  await signOut({ global: true });
  const reply = await fetch(cloud.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
    },
    body: JSON.stringify({ AccessToken: tokens?.accessToken.toString() }),
  });
  expect(reply.status).toBe(400);
  await expect(reply.json()).resolves.toEqual({
    __type: 'NotAuthorizedException',
    message: 'Access Token has been revoked',
  });
});

test('a forgotten password is replaced with a code; a known one by its owner', async () => {
  await newUser('flo@example.com');
  await resetPassword({ username: 'flo@example.com' });
  const newPassword = 'Battery-Staple-7';
  const confirmationCode = lastCode('flo@example.com');
  await confirmResetPassword({ username: 'flo@example.com', confirmationCode, newPassword });
  await expect(signIn({ username: 'flo@example.com', password })).rejects.toThrow(
    'Incorrect username or password.',
  );
  await signIn({ username: 'flo@example.com', password: newPassword });
  await updatePassword({ oldPassword: newPassword, newPassword: password });
  await signOut();
  await signIn({ username: 'flo@example.com', password });
  await deleteUser();
  await expect(signIn({ username: 'flo@example.com', password })).rejects.toThrow(
    'Incorrect username or password.',
  );
});

test('a code that went astray is sent again, and only the new one counts', async () => {
  const username = 'gus@example.com';
  await signUp({ username, password });
  const lost = lastCode(username);
  let next = lost;
  while (next === lost) {
    await resendSignUpCode({ username });
    next = lastCode(username);
  }
  await expect(confirmSignUp({ username, confirmationCode: lost })).rejects.toMatchObject({
    name: 'CodeMismatchException',
  });
  await confirmSignUp({ username, confirmationCode: next });
  await expect(signUp({ username, password })).rejects.toMatchObject({ name: 'UsernameExistsException' });
});

test('a new address is verified before it replaces the old one', async () => {
  await newUser('hal@example.com');
  await signIn({ username: 'hal@example.com', password });
  await updateUserAttributes({ userAttributes: { email: 'hal@example.org', name: 'Hal' } });
  await expect(fetchUserAttributes()).resolves.toMatchObject({ email: 'hal@example.com', name: 'Hal' });
  await sendUserAttributeVerificationCode({ userAttributeKey: 'email' });
  const confirmationCode = lastCode('hal@example.org');
  await confirmUserAttribute({ userAttributeKey: 'email', confirmationCode });
  await expect(fetchUserAttributes()).resolves.toMatchObject({
    email: 'hal@example.org',
    email_verified: 'true',
  });
});
