import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { HttpRequest as SdkRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import type { Assembly, HttpRequest, Principal, Resource, SessionCredentials } from '../service.ts';
import { Sha256 } from './canonical-signer.ts';
import { createIam } from './iam.ts';

const arn = 'arn:aws:iam::000000000000:role/writer';
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/T';
const trust = (service: string, rest = {}) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service }, ...rest }],
});
const role = (properties: object) => ({
  type: 'AWS::IAM::Role',
  properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ...properties },
});
const put = { Statement: { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: table } };

let clock = Date.parse('2026-11-23T10:00:00Z');
function iamOf(
  resources: readonly { type: string; properties: unknown; physicalId?: string }[],
  dataDirectory = mkdtempSync(join(tmpdir(), 'iam-')),
) {
  const all = resources.map(
    (each, index): Resource => ({
      stack: 'root',
      logicalId: `R${index}`,
      metadata: undefined,
      physicalId: 'writer',
      arn: each.type === 'AWS::IAM::Role' ? arn : undefined,
      ...each,
    }),
  );
  const assembly: Assembly = {
    directory: '',
    resources: all,
    outputs: {},
    byType: (type) => all.filter((each) => each.type === type),
    assetPath: () => '',
  };
  const now = () => new Date(clock);
  return createIam({ assembly, region: 'us-east-1', accountId: '000000000000', dataDirectory, now });
}
const principal: Principal = {
  accountId: '000000000000',
  roleArn: arn,
  userArn: 'arn:aws:sts::000000000000:assumed-role/writer/s1',
  userId: 'AROA:s1',
  sessionName: 's1',
};

/** A request as the gateway would hand it on. */
function received(request: {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}): HttpRequest {
  const url = new URL(request.url);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: request.method,
    url,
    rawPath: url.pathname + url.search,
    headers,
    body: Buffer.from(request.body ?? ''),
  };
}
async function signed(credentials: SessionCredentials, service: string, path = '/', body = '{"a":1}') {
  const signer = new SignatureV4({
    credentials,
    service,
    region: 'us-east-1',
    sha256: Sha256,
    uriEscapePath: service !== 's3',
  });
  const headers = { host: '127.0.0.1:1', 'x-amz-target': 'DynamoDB_20120810.PutItem' };
  const request = new SdkRequest({ method: 'POST', hostname: '127.0.0.1', path, headers, body });
  const result = await signer.sign(request, { signingDate: new Date(clock) });
  return received({ method: 'POST', url: `http://127.0.0.1:1${path}`, headers: result.headers, body });
}

test('policies of a role come from the role, from policies that name it and from managed policies', () => {
  const iam = iamOf([
    role({
      Policies: [{ PolicyDocument: put }],
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'arn:mine'],
    }),
    {
      type: 'AWS::IAM::Policy',
      properties: {
        Roles: ['writer'],
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
      },
    },
    {
      type: 'AWS::IAM::ManagedPolicy',
      physicalId: 'arn:mine',
      properties: {
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' }] },
      },
    },
  ]);
  expect(iam.allows(principal, 'dynamodb:PutItem', table)).toBe(true);
  expect(iam.allows(principal, 'dynamodb:PutItem', `${table}2`)).toBe(false);
  expect(iam.allows(principal, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true);
  expect(iam.allows(principal, 'ssm:GetParameter', 'arn:x')).toBe(true);
  expect(iam.allows(principal, 'logs:PutLogEvents', 'arn:x')).toBe(true);
  expect(iam.allows(principal, 'ecs:RunTask', '*')).toBe(false);
});

test('a managed policy that is not known is refused at start', () => {
  expect(() => iamOf([role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] })])).toThrow(
    'AdministratorAccess',
  );
});

test('a denial says who may not do what to which resource', () => {
  const iam = iamOf([
    role({
      Policies: [{ PolicyDocument: { Statement: { Effect: 'Deny', Action: 's3:*', Resource: '*' } } }],
    }),
  ]);
  expect(() => iam.authorize(principal, 'ecs:RunTask', 'arn:task')).toThrow(
    'User: arn:aws:sts::000000000000:assumed-role/writer/s1 is not authorized to perform: ecs:RunTask on resource: arn:task because no identity-based policy allows the ecs:RunTask action',
  );
  expect(() => iam.authorize(principal, 's3:GetObject', 'arn:x')).toThrow(
    'with an explicit deny in an identity-based policy',
  );
});

test("a bucket's policy allows by itself, and denies over everything", () => {
  const bucket = (statement: object) => ({
    type: 'AWS::S3::BucketPolicy',
    properties: { Bucket: 'b', PolicyDocument: { Statement: [statement] } },
  });
  const all = { Action: 's3:*', Resource: 'arn:aws:s3:::b/*' };
  const granted = iamOf([role({}), bucket({ ...all, Effect: 'Allow', Principal: { AWS: arn } })]);
  expect(granted.allows(principal, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true);
  expect(granted.allows(principal, 's3:GetObject', 'arn:aws:s3:::c/k')).toBe(false);
  const other = iamOf([role({}), bucket({ ...all, Effect: 'Allow', Principal: { AWS: `${arn}2` } })]);
  expect(other.allows(principal, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(false);
  const own = role({ Policies: [{ PolicyDocument: { Statement: { ...all, Effect: 'Allow' } } }] });
  const denied = iamOf([own, bucket({ ...all, Effect: 'Deny', Principal: '*' })]);
  expect(denied.allows(principal, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(false);
  const plain = {
    ...all,
    Effect: 'Deny',
    Principal: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  expect(iamOf([own, bucket(plain)]).allows(principal, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true);
});

test('a permissions boundary limits what a role is given', () => {
  const boundary = {
    type: 'AWS::IAM::ManagedPolicy',
    physicalId: 'arn:limit',
    properties: { PolicyDocument: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } } },
  };
  const iam = iamOf([
    role({ Policies: [{ PolicyDocument: put }], PermissionsBoundary: 'arn:limit' }),
    boundary,
  ]);
  expect(iam.allows(principal, 'dynamodb:PutItem', table)).toBe(false);
});

test('only the service that a trust policy names may assume a role', () => {
  const iam = iamOf([role({})]);
  expect(iam.trusts(arn, 'lambda.amazonaws.com')).toBe(true);
  expect(iam.trusts(arn, 'ecs-tasks.amazonaws.com')).toBe(false);
  const federated = {
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Condition: {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': 'pool' },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
        },
      },
    ],
  };
  const web = iamOf([role({ AssumeRolePolicyDocument: federated })]);
  const context = (amr: string) => ({
    'cognito-identity.amazonaws.com:aud': 'pool',
    'cognito-identity.amazonaws.com:amr': [amr],
  });
  expect(web.trusts(arn, 'cognito-identity.amazonaws.com', context('authenticated'))).toBe(true);
  expect(web.trusts(arn, 'cognito-identity.amazonaws.com', context('unauthenticated'))).toBe(false);
  expect(web.trusts(arn, 'cognito-identity.amazonaws.com')).toBe(false);
});

test('a signed request is its session', async () => {
  const iam = iamOf([role({})]);
  const request = await signed(iam.assumeRole({ roleArn: arn, sessionName: 's1' }), 'dynamodb');
  const caller = await iam.authenticate(request, 'dynamodb');
  expect(caller).toMatchObject({ roleArn: arn, userArn: principal.userArn, sessionName: 's1' });
  expect(caller.userId).toMatch(/^AROA[0-9A-F]{17}:s1$/);
});

test('a request that was changed, or signed for something else, is refused', async () => {
  const iam = iamOf([role({})]);
  const credentials = iam.assumeRole({ roleArn: arn, sessionName: 's1' });
  const request = await signed(credentials, 'dynamodb');
  const refused = (changed: HttpRequest, service = 'dynamodb') =>
    iam.authenticate(changed, service).catch((e) => e.code);
  const headers = (more: Record<string, string | undefined>) => ({
    ...request,
    headers: { ...request.headers, ...more },
  });
  expect(await refused({ ...request, body: Buffer.from('{"a":2}') })).toBe('XAmzContentSHA256Mismatch');
  expect(await refused({ ...request, rawPath: '/other' })).toBe('SignatureDoesNotMatch');
  expect(await refused({ ...request, method: 'PUT' })).toBe('SignatureDoesNotMatch');
  expect(await refused(headers({ 'x-amz-target': 'DynamoDB_20120810.DeleteItem' }))).toBe(
    'SignatureDoesNotMatch',
  );
  expect(await refused(headers({ 'x-amz-new': 'x' }))).toBe('AccessDenied');
  expect(await refused(request, 'ecs')).toBe('SignatureDoesNotMatch');
  expect(await refused(headers({ authorization: undefined }))).toBe('MissingAuthenticationToken');
  const other = iam.assumeRole({ roleArn: arn, sessionName: 's2' });
  expect(await refused(headers({ 'x-amz-security-token': other.sessionToken }))).toBe(
    'UnrecognizedClientException',
  );
  expect(await refused(headers({ 'x-amz-security-token': undefined }))).toBe('UnrecognizedClientException');
});

test('another secret key makes another signature', async () => {
  const iam = iamOf([role({})]);
  const credentials = iam.assumeRole({ roleArn: arn, sessionName: 's1' });
  const request = await signed({ ...credentials, secretAccessKey: 'guess' }, 'dynamodb');
  await expect(iam.authenticate(request, 'dynamodb')).rejects.toMatchObject({
    code: 'SignatureDoesNotMatch',
  });
});

test('an old request, an ended session and a revoked one are refused', async () => {
  const iam = iamOf([role({})]);
  const credentials = iam.assumeRole({ roleArn: arn, sessionName: 's1', lifetimeSeconds: 900 });
  const request = await signed(credentials, 'dynamodb');
  clock += 6 * 60_000;
  await expect(iam.authenticate(request, 'dynamodb')).rejects.toMatchObject({ code: 'RequestTimeTooSkewed' });
  clock += 10 * 60_000;
  await expect(iam.authenticate(await signed(credentials, 'dynamodb'), 'dynamodb')).rejects.toMatchObject({
    code: 'ExpiredToken',
  });
  const fresh = iam.assumeRole({ roleArn: arn, sessionName: 's1' });
  iam.revoke(fresh.accessKeyId);
  await expect(iam.authenticate(await signed(fresh, 'dynamodb'), 'dynamodb')).rejects.toMatchObject({
    code: 'UnrecognizedClientException',
  });
});

test("a browser's session outlives the run that made it, a function's does not", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'iam-'));
  const before = iamOf([role({})], folder);
  const browser = before.assumeRole({
    roleArn: arn,
    sessionName: 'CognitoIdentityCredentials',
    cognitoIdentityId: 'us-east-1:me',
  });
  const task = before.assumeRole({ roleArn: arn, sessionName: 'task' });
  const after = iamOf([role({})], folder);
  expect(await after.authenticate(await signed(browser, 's3', '/b'), 's3')).toMatchObject({
    cognitoIdentityId: 'us-east-1:me',
  });
  await expect(after.authenticate(await signed(task, 's3', '/b'), 's3')).rejects.toMatchObject({
    code: 'UnrecognizedClientException',
  });
});

test('S3 signs its path as it is sent, other services once more encoded', async () => {
  const iam = iamOf([role({})]);
  const credentials = iam.assumeRole({ roleArn: arn, sessionName: 's1' });
  for (const [service, path] of [
    ['s3', '/b/a%20b/%EA%B0%80//c'],
    ['lambda', '/functions/arn%3Aaws%3Alambda/x'],
  ] as const) {
    await expect(iam.authenticate(await signed(credentials, service, path), service)).resolves.toBeDefined();
  }
});

test('a presigned URL works until it expires, and only as it is', async () => {
  const iam = iamOf([role({})]);
  const credentials = iam.assumeRole({ roleArn: arn, sessionName: 's1' });
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    forcePathStyle: true,
    credentials,
  });
  const command = new GetObjectCommand({ Bucket: 'b', Key: '한 글/a+b.txt' });
  const url = await getSignedUrl(client, command, { expiresIn: 60, signingDate: new Date(clock) });
  const get = (address: string) =>
    received({ method: 'GET', url: address, headers: { host: '127.0.0.1:1' } });
  await expect(iam.authenticate(get(url), 's3')).resolves.toMatchObject({ sessionName: 's1' });
  await expect(iam.authenticate(get(url.replace('a%2Bb', 'other')), 's3')).rejects.toMatchObject({
    code: 'SignatureDoesNotMatch',
  });
  await expect(iam.authenticate(get(url.replace('Expires=60', 'Expires=6000')), 's3')).rejects.toMatchObject({
    code: 'SignatureDoesNotMatch',
  });
  clock += 61_000;
  await expect(iam.authenticate(get(url), 's3')).rejects.toMatchObject({
    code: 'AccessDenied',
    message: 'Request has expired',
  });
});

test('only S3 takes an unsigned payload', async () => {
  const iam = iamOf([role({})]);
  const credentials = iam.assumeRole({ roleArn: arn, sessionName: 's1' });
  const sign = async (service: string) => {
    const signer = new SignatureV4({
      credentials,
      service,
      region: 'us-east-1',
      sha256: Sha256,
      uriEscapePath: service !== 's3',
    });
    const headers = { host: 'h', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const { headers: all } = await signer.sign(
      new SdkRequest({ method: 'PUT', path: '/b/k', headers, body: 'x' }),
      { signingDate: new Date(clock) },
    );
    return received({ method: 'PUT', url: 'http://h/b/k', headers: all, body: 'y' });
  };
  await expect(iam.authenticate(await sign('s3'), 's3')).resolves.toBeDefined();
  await expect(iam.authenticate(await sign('ecs'), 'ecs')).rejects.toMatchObject({
    code: 'SignatureDoesNotMatch',
  });
});
