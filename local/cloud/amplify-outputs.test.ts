import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { amplifyOutputs, localAmplifyConfig } from './amplify-outputs.ts';
import type { Assembly } from './service.ts';

const directory = mkdtempSync(join(tmpdir(), 'outputs-'));
mkdirSync(join(directory, 'asset.1'));
writeFileSync(join(directory, 'asset.1', 'modelIntrospectionSchema.json'), '{"version":1,"models":{}}');

const assembly = (outputs: Record<string, unknown>): Assembly => ({
  directory,
  resources: [],
  outputs,
  byType: () => [],
  assetPath: () => '',
});
const full = {
  region: 'us-east-1',
  userPoolId: 'us-east-1_pool',
  webClientId: 'client',
  identityPoolId: 'us-east-1:identity',
  authRegion: 'us-east-1',
  allowUnauthenticatedIdentities: 'false',
  signupAttributes: '["email"]',
  usernameAttributes: '["email"]',
  verificationMechanisms: '["email"]',
  passwordPolicyMinLength: '12',
  passwordPolicyRequirements: '["REQUIRES_NUMBERS"]',
  mfaConfiguration: 'ON',
  mfaTypes: '["TOTP"]',
  groups: '[{"admins":{"precedence":0}}]',
  oauthRedirectSignIn: 'https://a.example',
  oauthRedirectSignOut: '',
  awsAppsyncApiEndpoint: 'http://127.0.0.1:1/graphql',
  awsAppsyncRegion: 'us-east-1',
  awsAppsyncAuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
  awsAppsyncAdditionalAuthenticationTypes: 'AWS_IAM',
  bucketName: 'files',
  storageRegion: 'us-east-1',
  buckets: '["{\\"name\\":\\"files\\",\\"bucketName\\":\\"files\\",\\"storageRegion\\":\\"us-east-1\\"}"]',
  customOutputs: '{"custom":{"answer":42},"version":"1.4"}',
};

test('outputs are those that the Amplify CLI would write', () => {
  expect(amplifyOutputs(assembly(full))).toEqual({
    version: '1.4',
    auth: {
      aws_region: 'us-east-1',
      user_pool_id: 'us-east-1_pool',
      user_pool_client_id: 'client',
      identity_pool_id: 'us-east-1:identity',
      mfa_methods: ['TOTP'],
      mfa_configuration: 'REQUIRED',
      standard_required_attributes: ['email'],
      username_attributes: ['email'],
      user_verification_types: ['email'],
      groups: [{ admins: { precedence: 0 } }],
      password_policy: {
        min_length: 12,
        require_lowercase: false,
        require_numbers: true,
        require_symbols: false,
        require_uppercase: false,
      },
      unauthenticated_identities_enabled: false,
    },
    data: {
      url: 'http://127.0.0.1:1/graphql',
      aws_region: 'us-east-1',
      default_authorization_type: 'AMAZON_COGNITO_USER_POOLS',
      authorization_types: ['AWS_IAM'],
      model_introspection: { version: 1, models: {} },
    },
    storage: {
      aws_region: 'us-east-1',
      bucket_name: 'files',
      buckets: [{ name: 'files', bucket_name: 'files', aws_region: 'us-east-1', paths: undefined }],
    },
    custom: { answer: 42 },
  });
});

test('an app without sign-in, data or storage has none in its outputs', () => {
  expect(amplifyOutputs(assembly({ region: 'us-east-1' }))).toEqual({ version: '1.4' });
});

test("the browser's configuration sends Cognito's calls to the gateway", () => {
  const config = localAmplifyConfig(amplifyOutputs(assembly(full)), 'http://127.0.0.1:1');
  expect(config).toMatchObject({
    Auth: {
      Cognito: {
        userPoolId: 'us-east-1_pool',
        userPoolEndpoint: 'http://127.0.0.1:1',
        identityPoolEndpoint: 'http://127.0.0.1:1',
      },
    },
    API: { GraphQL: { endpoint: 'http://127.0.0.1:1/graphql' } },
    custom: { answer: 42 },
  });
});
