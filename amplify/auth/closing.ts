import type { CfnIdentityPool, CfnUserPool, CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito';

interface AuthResources {
  readonly cfnUserPool: CfnUserPool;
  readonly cfnUserPoolClient: CfnUserPoolClient;
  readonly cfnIdentityPool: CfnIdentityPool;
}

/** Nobody without an account gets credentials; whether people make themselves one is the operator's choice. */
export function closeAuth(
  { cfnUserPool, cfnUserPoolClient, cfnIdentityPool }: AuthResources,
  options: { signUpOpen: boolean; isBranch: boolean },
): void {
  cfnIdentityPool.allowUnauthenticatedIdentities = false;
  cfnUserPool.adminCreateUserConfig = { allowAdminCreateUserOnly: !options.signUpOpen };
  // Essentials is free for 10,000 people a month; Plus is not.
  cfnUserPool.userPoolTier = 'ESSENTIALS';
  cfnUserPool.policies = {
    passwordPolicy: {
      minimumLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: false,
      temporaryPasswordValidityDays: 3,
    },
  };
  cfnUserPool.deletionProtection = options.isBranch ? 'ACTIVE' : 'INACTIVE';
  // There is no hosted sign-in page to come back from.
  cfnUserPoolClient.allowedOAuthFlowsUserPoolClient = false;
  cfnUserPoolClient.allowedOAuthFlows = undefined;
  cfnUserPoolClient.allowedOAuthScopes = undefined;
  cfnUserPoolClient.callbackUrLs = undefined;
  cfnUserPoolClient.enableTokenRevocation = true;
}
