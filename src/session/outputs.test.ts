import { describe, expect, test } from 'vitest';
import { backendOf, deploymentOf, OutputsError, readOutputs } from './outputs.ts';

const json = (body: string, init: ResponseInit = {}) =>
  new Response(body, { headers: { 'content-type': 'application/json' }, ...init });

describe('amplify_outputs.json', () => {
  test('is given as it stands', async () =>
    expect(await readOutputs(async () => json('{"version":"1.4"}'))).toEqual({ version: '1.4' }));

  test.each([
    ['missing', async () => json('', { status: 404 })],
    ['missing', async () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
    ['unreachable', async () => Promise.reject(new TypeError('Failed to fetch'))],
    ['unreachable', async () => json('', { status: 503 })],
    ['broken', async () => json('{')],
    ['broken', async () => json('null')],
  ])('that is %s is told as that', async (fault, get) => {
    await expect(readOutputs(get)).rejects.toMatchObject({ fault });
  });
});

describe('the backend', () => {
  test('is read from either form of the file', () => {
    const file = {
      auth: { user_pool_id: 'eu-west-1_abc', user_pool_client_id: 'client' },
      data: { url: 'https://x.appsync-api.eu-west-1.amazonaws.com/graphql' },
    };
    expect(backendOf(file)).toEqual({
      endpoint: 'https://x.appsync-api.eu-west-1.amazonaws.com/graphql',
      clientId: 'client',
      userPoolEndpoint: 'https://cognito-idp.eu-west-1.amazonaws.com/',
    });
    const local = 'http://127.0.0.1:4301';
    const parsed = {
      Auth: { Cognito: { userPoolId: 'local_1', userPoolClientId: 'client', userPoolEndpoint: local } },
      API: { GraphQL: { endpoint: `${local}/graphql` } },
    };
    expect(backendOf(parsed)).toEqual({
      endpoint: `${local}/graphql`,
      clientId: 'client',
      userPoolEndpoint: local,
    });
  });
  test('that is not named is a broken file', () =>
    expect(() => backendOf({ auth: { user_pool_id: 'eu-west-1_abc' } })).toThrow(OutputsError));
});

describe('the deployment', () => {
  test('takes new accounts unless it says otherwise', () => {
    expect(deploymentOf({}).signUpOpen).toBe(true);
    expect(deploymentOf({ custom: { signUpOpen: false } }).signUpOpen).toBe(false);
  });

  test('shows a notice only when it is there in both languages', () => {
    const notice = { en: 'A demonstration.', ko: '데모입니다.' };
    expect(deploymentOf({ custom: { modelNotice: notice } }).modelNotice).toEqual(notice);
    expect(deploymentOf({ custom: { modelNotice: { en: 'only' } } }).modelNotice).toBeNull();
  });
});
