import { describe, expect, test } from 'vitest';
import { deploymentOf, readOutputs } from './outputs.ts';

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
