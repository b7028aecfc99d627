import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { appResources, clientId, password } from '../../local/cloud/cognito/app-under-test.ts';
import { totpCode } from '../../local/cloud/cognito/totp.ts';
import { createUserPools } from '../../local/cloud/cognito/user-pool-service.ts';
import {
  removeDirectories,
  type ServicesUnderTest,
  startServices,
} from '../../local/cloud/services-under-test.ts';
import { ask } from './cognito.ts';
import { appAddress, createSecondFactor } from './second-factor.ts';

let cloud: ServicesUnderTest;
beforeEach(async () => {
  const pool = { MfaConfiguration: 'OPTIONAL', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] };
  const client = { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] };
  cloud = await startServices({ resources: appResources({ pool, client }), services: [createUserPools] });
});
afterEach(() => cloud.close());
afterAll(removeDirectories);

const email = 'someone@example.com';
const backend = () => ({ endpoint: '', clientId, userPoolEndpoint: cloud.endpoint });
// biome-ignore lint/suspicious/noExplicitAny: a reply's shape is what is asserted
const call = async (operation: string, body: object): Promise<any> =>
  (await ask(backend(), operation, { ClientId: clientId, ...body }, fetch)).json();
const signIn = () =>
  call('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: password },
  });

test('an app is set up with the code that it shows, asked for at the next sign-in, and switched off again', async () => {
  await call('SignUp', { Username: email, Password: password });
  const mailed = /\d{6}/.exec(cloud.mails.at(-1)?.text ?? '')?.[0];
  await call('ConfirmSignUp', { Username: email, ConfirmationCode: mailed });
  const { AuthenticationResult: tokens } = await signIn();
  const factor = createSecondFactor(backend(), async () => tokens.AccessToken);
  expect(await factor.isOn()).toBe(false);

  const secret = await factor.begin();
  const codeAt = (step: number) =>
    totpCode(secret, Math.floor(cloud.context.now().getTime() / 30_000) + step);
  expect(await factor.confirm(codeAt(9))).toBe(false);
  expect(await factor.isOn()).toBe(false);
  expect(await factor.confirm(codeAt(0))).toBe(true);
  expect(await factor.isOn()).toBe(true);
  expect(await signIn()).toMatchObject({ ChallengeName: 'SOFTWARE_TOKEN_MFA' });

  await factor.end();
  expect(await factor.isOn()).toBe(false);
  expect(await signIn()).toHaveProperty('AuthenticationResult');
});

test('a session that has ended can’t set one up', async () => {
  const factor = createSecondFactor(backend(), async () => 'a.b.c');
  await expect(factor.begin()).rejects.toThrow('NotAuthorizedException');
});

test('the app is told whose code it is', () => {
  expect(appAddress('ABC', 'a b@example.com')).toBe(
    'otpauth://totp/Serverless%20OpenClaw%3Aa%20b%40example.com?secret=ABC&issuer=Serverless%20OpenClaw',
  );
});
