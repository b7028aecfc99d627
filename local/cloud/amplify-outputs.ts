import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAmplifyConfig } from 'aws-amplify/utils';
import type { Assembly } from './service.ts';

type Outputs = Readonly<Record<string, unknown>>;

const list = (value: unknown): string[] => {
  const parsed: unknown = typeof value === 'string' && value ? JSON.parse(value) : [];
  return Array.isArray(parsed) ? parsed.map(String) : [];
};

/** The model introspection schema that Amplify's data construct puts beside the templates. */
function modelIntrospection(directory: string): unknown {
  for (const folder of readdirSync(directory)) {
    const file = join(directory, folder, 'modelIntrospectionSchema.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  }
  return undefined;
}

function authOf(outputs: Outputs) {
  const requirements = list(outputs.passwordPolicyRequirements);
  return {
    aws_region: outputs.authRegion,
    user_pool_id: outputs.userPoolId,
    user_pool_client_id: outputs.webClientId,
    identity_pool_id: outputs.identityPoolId,
    mfa_methods: [],
    standard_required_attributes: list(outputs.signupAttributes),
    username_attributes: list(outputs.usernameAttributes),
    user_verification_types: list(outputs.verificationMechanisms),
    groups: [],
    mfa_configuration: outputs.mfaConfiguration === 'OFF' ? 'NONE' : outputs.mfaConfiguration,
    password_policy: {
      min_length: Number(outputs.passwordPolicyMinLength ?? 8),
      require_lowercase: requirements.includes('REQUIRES_LOWERCASE'),
      require_numbers: requirements.includes('REQUIRES_NUMBERS'),
      require_symbols: requirements.includes('REQUIRES_SYMBOLS'),
      require_uppercase: requirements.includes('REQUIRES_UPPERCASE'),
    },
    unauthenticated_identities_enabled: outputs.allowUnauthenticatedIdentities === 'true',
  };
}

/**
 * `amplify_outputs.json` (version 1.4) of an assembly, as the Amplify CLI makes it from the root stack's outputs.
 * https://docs.amplify.aws/react/reference/amplify_outputs/
 */
export function amplifyOutputs(assembly: Assembly): Record<string, unknown> {
  const { outputs } = assembly;
  const custom = typeof outputs.customOutputs === 'string' ? JSON.parse(outputs.customOutputs) : {};
  return {
    version: '1.4',
    ...(outputs.userPoolId ? { auth: authOf(outputs) } : {}),
    ...(outputs.awsAppsyncApiEndpoint
      ? {
          data: {
            url: outputs.awsAppsyncApiEndpoint,
            aws_region: outputs.awsAppsyncRegion,
            default_authorization_type: outputs.awsAppsyncAuthenticationType,
            authorization_types: String(outputs.awsAppsyncAdditionalAuthenticationTypes ?? '')
              .split(',')
              .filter(Boolean),
            model_introspection: modelIntrospection(assembly.directory),
          },
        }
      : {}),
    ...(outputs.bucketName
      ? { storage: { aws_region: outputs.storageRegion, bucket_name: outputs.bucketName } }
      : {}),
    ...custom,
  };
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
