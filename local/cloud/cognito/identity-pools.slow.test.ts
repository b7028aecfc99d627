import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CloudContext } from '../service.ts';
import {
  removeDirectories,
  roleArn,
  type ServicesUnderTest,
  startServices,
  testRole,
} from '../services-under-test.ts';
import { appResources, clientId, identityPoolId, poolId, provider, trustOf } from './app-under-test.ts';
import { createIdentityPools } from './identity-pool-service.ts';

type Changes = Parameters<typeof appResources>[0];
// biome-ignore lint/suspicious/noExplicitAny: replies have any shape
type Reply = any;

let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let other: typeof pair;
let issuerServer: Server;
let issuerBase = '';
let cloud: ServicesUnderTest;

beforeAll(async () => {
  pair = await generateKeyPair('RS256', { extractable: true });
  other = await generateKeyPair('RS256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256' }] });
  issuerServer = createServer((_, response) => void response.end(keys)).listen(0, '127.0.0.1');
  await new Promise((resolve) => issuerServer.once('listening', resolve));
  issuerBase = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
});
afterEach(() => cloud.close());
afterAll(() => {
  issuerServer.close();
  removeDirectories();
});

/** The user pool's endpoint is the test's own issuer; a probe tells who signed with credentials. */
async function start(changes: Changes = {}): Promise<void> {
  const create = (context: CloudContext) => createIdentityPools({ ...context, endpoint: issuerBase });
  cloud = await startServices({ resources: appResources(changes), services: [create] });
}

async function call(operation: string, body: Record<string, unknown>): Promise<Reply> {
  const reply = await fetch(cloud.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityService.${operation}`,
    },
    body: JSON.stringify(body),
  });
  return reply.json();
}

async function token(claims: JWTPayload = {}, key = pair.privateKey): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    sub: 'ada',
    token_use: 'id',
    aud: clientId,
    iss: `${issuerBase}/${poolId}`,
    iat: now,
    exp: now + 3600,
  };
  return new SignJWT({ ...all, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(key);
}

const getId = (idToken: string, login = provider) =>
  call('GetId', { IdentityPoolId: identityPoolId, Logins: { [login]: idToken } });

/** The role of the credentials that a token gives. */
async function roleOf(claims: JWTPayload = {}, more: Record<string, unknown> = {}): Promise<Reply> {
  const Logins = { [provider]: await token(claims) };
  const { IdentityId } = await call('GetId', { IdentityPoolId: identityPoolId, Logins });
  const reply = await call('GetCredentialsForIdentity', { IdentityId, Logins, ...more });
  const session = reply.Credentials?.SessionToken;
  if (!session) return reply;
  return JSON.parse(Buffer.from(session.split('.')[0], 'base64').toString());
}

test('the same person has the same identity, under either name of the login; another has another', async () => {
  await start();
  const { IdentityId } = await getId(await token());
  expect(IdentityId).toMatch(/^us-east-1:/);
  expect(await getId(await token(), `${issuerBase.slice('http://'.length)}/${poolId}`)).toEqual({
    IdentityId,
  });
  expect((await getId(await token({ sub: 'bob' }))).IdentityId).not.toBe(IdentityId);
});

test('a token that is forged, old or meant for someone else gets nothing', async () => {
  await start();
  const denied = (message: string) => ({
    __type: 'NotAuthorizedException',
    message: expect.stringContaining(message),
  });
  expect(await getId(await token({}, other.privateKey))).toMatchObject(denied('signature invalid'));
  expect(await getId(await token({ exp: 1 }))).toMatchObject(denied('expired'));
  expect(await getId(await token({ aud: 'other-client' }))).toMatchObject(denied('audience'));
  expect(await getId(await token({ iss: `${issuerBase}/us-east-1_Other` }))).toMatchObject(denied('Issuer'));
  expect(await getId(await token({ token_use: 'access' }))).toMatchObject(denied('audience'));
  expect(await getId('not.a.token')).toMatchObject(denied('Invalid login token'));
  expect(await getId(await token(), 'accounts.google.com')).toMatchObject(
    denied('not from a supported provider'),
  );
  const unsigned = (await token())
    .replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url'))
    .replace(/[^.]+$/, '');
  expect(await getId(unsigned)).toMatchObject(denied('Invalid login token'));
});

test("nobody gets credentials of someone else's identity", async () => {
  await start();
  const { IdentityId } = await getId(await token({ sub: 'bob' }));
  const Logins = { [provider]: await token() };
  expect(await call('GetCredentialsForIdentity', { IdentityId, Logins })).toMatchObject({
    __type: 'NotAuthorizedException',
    message: expect.stringContaining('forbidden'),
  });
  expect(await call('GetCredentialsForIdentity', { IdentityId: 'us-east-1:none', Logins })).toMatchObject({
    __type: 'ResourceNotFoundException',
  });
});

test('credentials are of the signed-in role, and name the identity and the pool', async () => {
  await start();
  expect(await roleOf()).toMatchObject({
    roleArn: roleArn('signedIn'),
    sessionName: 'CognitoIdentityCredentials',
    cognitoIdentityPoolId: identityPoolId,
    cognitoIdentityId: expect.stringMatching(/^us-east-1:/),
  });
});

test('guests get an identity only where the pool allows them, and then the role of guests', async () => {
  await start();
  const guest = { IdentityPoolId: identityPoolId };
  expect(await call('GetId', guest)).toMatchObject({
    __type: 'NotAuthorizedException',
    message: 'Unauthenticated access is not supported for this identity pool.',
  });
  const { IdentityId } = await getId(await token());
  expect(await call('GetCredentialsForIdentity', { IdentityId })).toMatchObject({
    __type: 'NotAuthorizedException',
  });
  await cloud.close();
  await start({ identityPool: { AllowUnauthenticatedIdentities: true } });
  const open = await call('GetId', guest);
  expect(await call('GetCredentialsForIdentity', open)).toHaveProperty('Credentials.SecretKey');
  const owned = await getId(await token());
  expect(await call('GetCredentialsForIdentity', owned)).toMatchObject({ __type: 'NotAuthorizedException' });
});

const preferred = { 'cognito:preferred_role': roleArn('editors'), 'cognito:roles': [roleArn('editors')] };

test("a group's role comes with its members' tokens, and no other can be asked for", async () => {
  await start();
  expect(await roleOf(preferred)).toMatchObject({ roleArn: roleArn('editors') });
  expect(await roleOf({ 'cognito:roles': [roleArn('editors'), roleArn('signedIn')] })).toMatchObject({
    roleArn: roleArn('signedIn'),
  });
  expect(await roleOf(preferred, { CustomRoleArn: roleArn('administrator') })).toMatchObject({
    __type: 'NotAuthorizedException',
  });
});

test('rules map claims to roles; without a match the pool may deny', async () => {
  const Rules = [{ Claim: 'custom:team', MatchType: 'StartsWith', Value: 'ed', RoleARN: roleArn('editors') }];
  const mapping = { Type: 'Rules', AmbiguousRoleResolution: 'Deny', RulesConfiguration: { Rules } };
  await start({ attachment: { RoleMappings: { [`${provider}:${clientId}`]: mapping } } });
  expect(await roleOf({ 'custom:team': 'edit' })).toMatchObject({ roleArn: roleArn('editors') });
  expect(await roleOf({ 'custom:team': 'sales' })).toMatchObject({ __type: 'NotAuthorizedException' });
});

test.each([
  ['another pool', trustOf('authenticated', 'us-east-1:another')],
  ['guests', trustOf('unauthenticated')],
  [
    'functions',
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
  ],
])('a role that trusts only %s is not given', async (_, trust) => {
  await start({
    attachment: { Roles: { authenticated: roleArn('distrusting') } },
    others: [testRole('distrusting', [], trust)],
  });
  expect(await roleOf()).toMatchObject({ __type: 'InvalidIdentityPoolConfigurationException' });
});

test('an operation that is not served is refused by its name', async () => {
  await start();
  expect(await call('GetOpenIdToken', {})).toMatchObject({
    __type: 'NotImplemented',
    message: expect.stringContaining('GetOpenIdToken'),
  });
});
