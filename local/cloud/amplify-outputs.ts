import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import type { Assembly } from './service.ts';

type Outputs = Readonly<Record<string, unknown>>;

/** An output that holds JSON. */
const json = (value: unknown): unknown =>
  typeof value === 'string' && value !== '' ? JSON.parse(value) : undefined;
const texts = (value: unknown): readonly string[] => (json(value) as readonly string[] | undefined) ?? [];
const present = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * `amplify_outputs.json` (version 1.4) of an assembly, as the Amplify CLI makes it from the root stack's outputs.
 * https://docs.amplify.aws/react/reference/amplify_outputs/
 */
export function amplifyOutputs(assembly: Assembly): Record<string, unknown> {
  const { outputs } = assembly;
  const custom = json(outputs.customOutputs) as Outputs | undefined;
  return {
    version: '1.4',
    ...(present(outputs.userPoolId) ? { auth: authOf(outputs) } : {}),
    ...(present(outputs.awsAppsyncApiEndpoint) ? { data: dataOf(outputs, assembly.directory) } : {}),
    ...(present(outputs.bucketName) ? { storage: storageOf(outputs) } : {}),
    ...custom,
  };
}

function authOf(outputs: Outputs): Record<string, unknown> {
  const requirements = texts(outputs.passwordPolicyRequirements);
  const mfa: Readonly<Record<string, string>> = { OFF: 'NONE', OPTIONAL: 'OPTIONAL', ON: 'REQUIRED' };
  return {
    aws_region: outputs.authRegion,
    user_pool_id: outputs.userPoolId,
    user_pool_client_id: outputs.webClientId,
    ...(present(outputs.identityPoolId) ? { identity_pool_id: outputs.identityPoolId } : {}),
    mfa_methods: texts(outputs.mfaTypes),
    standard_required_attributes: texts(outputs.signupAttributes),
    username_attributes: texts(outputs.usernameAttributes),
    user_verification_types: texts(outputs.verificationMechanisms),
    groups: json(outputs.groups) ?? [],
    mfa_configuration: mfa[String(outputs.mfaConfiguration)] ?? 'NONE',
    password_policy: {
      min_length: Number(outputs.passwordPolicyMinLength ?? 8),
      require_lowercase: requirements.includes('REQUIRES_LOWERCASE'),
      require_numbers: requirements.includes('REQUIRES_NUMBERS'),
      require_symbols: requirements.includes('REQUIRES_SYMBOLS'),
      require_uppercase: requirements.includes('REQUIRES_UPPERCASE'),
    },
    ...oauthOf(outputs),
    unauthenticated_identities_enabled: outputs.allowUnauthenticatedIdentities === 'true',
  };
}

/** Hosted sign-in is configured when both ways back are. */
function oauthOf(outputs: Outputs): Record<string, unknown> {
  const { oauthRedirectSignIn, oauthRedirectSignOut } = outputs;
  if (!present(oauthRedirectSignIn) || !present(oauthRedirectSignOut)) return {};
  return {
    oauth: {
      identity_providers: texts(outputs.socialProviders),
      redirect_sign_in_uri: oauthRedirectSignIn.split(','),
      redirect_sign_out_uri: oauthRedirectSignOut.split(','),
      response_type: outputs.oauthResponseType,
      scopes: texts(outputs.oauthScope),
      domain: outputs.oauthCognitoDomain ?? '',
    },
  };
}

function dataOf(outputs: Outputs, directory: string): Record<string, unknown> {
  const additional = outputs.awsAppsyncAdditionalAuthenticationTypes;
  return {
    url: outputs.awsAppsyncApiEndpoint,
    aws_region: outputs.awsAppsyncRegion,
    ...(present(outputs.awsAppsyncApiKey) ? { api_key: outputs.awsAppsyncApiKey } : {}),
    default_authorization_type: outputs.awsAppsyncAuthenticationType,
    authorization_types: present(additional) ? additional.split(',') : [],
    model_introspection: modelIntrospection(directory),
  };
}

function storageOf(outputs: Outputs): Record<string, unknown> {
  const buckets = texts(outputs.buckets).map((text) => {
    const { name, bucketName, storageRegion, paths } = JSON.parse(text);
    return { name, bucket_name: bucketName, aws_region: storageRegion, paths };
  });
  return { aws_region: outputs.storageRegion, bucket_name: outputs.bucketName, buckets };
}

/** The model introspection schema that Amplify's data construct puts beside the templates. */
function modelIntrospection(directory: string): unknown {
  for (const folder of readdirSync(directory)) {
    const file = join(directory, folder, 'modelIntrospectionSchema.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  }
  return undefined;
}

/**
 * The same, parsed as `Amplify.configure` also takes it, with Cognito's endpoints at the gateway:
 * the outputs file has no field for those. `custom` is kept beside it.
 */
export function localAmplifyConfig(
  outputs: Record<string, unknown>,
  endpoint: string,
): Record<string, unknown> {
  const config = parseAmplifyConfig(outputs as Parameters<typeof parseAmplifyConfig>[0]);
  if (config.Auth?.Cognito) {
    Object.assign(config.Auth.Cognito, { userPoolEndpoint: endpoint, identityPoolEndpoint: endpoint });
  }
  return { ...config, ...(outputs.custom ? { custom: outputs.custom } : {}) };
}
