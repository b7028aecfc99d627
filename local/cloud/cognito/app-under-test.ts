import { account, region, roleArn, type TestResource, testRole } from '../services-under-test.ts';

/** For tests: a pool, its client, a group and an identity pool as Amplify's auth construct writes them. */
export const poolId = `${region}_TestPool1`;
export const clientId = 'client1client1client1clien';
export const identityPoolId = `${region}:11111111-2222-4333-8444-555555555555`;
export const poolArn = `arn:aws:cognito-idp:${region}:${account}:userpool/${poolId}`;
export const provider = `cognito-idp.${region}.amazonaws.com/${poolId}`;
export const password = 'Correct-Horse-9';

type Properties = Readonly<Record<string, unknown>>;

export function appResources(
  changes: {
    readonly pool?: Properties;
    readonly client?: Properties;
    readonly identityPool?: Properties;
    readonly attachment?: Properties;
    readonly others?: readonly TestResource[];
  } = {},
): TestResource[] {
  return [
    {
      type: 'AWS::Cognito::UserPool',
      physicalId: poolId,
      arn: poolArn,
      properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
        AutoVerifiedAttributes: ['email'],
        Policies: {
          PasswordPolicy: {
            MinimumLength: 8,
            RequireLowercase: true,
            RequireNumbers: true,
            RequireSymbols: true,
            RequireUppercase: true,
          },
        },
        Schema: [{ Mutable: true, Name: 'email', Required: true }],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        UsernameAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        VerificationMessageTemplate: {
          DefaultEmailOption: 'CONFIRM_WITH_CODE',
          EmailMessage: 'Your code is {####}',
          EmailSubject: 'Verify your new account',
        },
        ...changes.pool,
      },
    },
    {
      type: 'AWS::Cognito::UserPoolClient',
      physicalId: clientId,
      properties: {
        ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
        UserPoolId: poolId,
        ...changes.client,
      },
    },
    {
      type: 'AWS::Cognito::UserPoolGroup',
      physicalId: 'editors',
      properties: { GroupName: 'editors', Precedence: 0, RoleArn: roleArn('editors'), UserPoolId: poolId },
    },
    {
      type: 'AWS::Cognito::IdentityPool',
      physicalId: identityPoolId,
      properties: {
        AllowUnauthenticatedIdentities: false,
        CognitoIdentityProviders: [{ ClientId: clientId, ProviderName: provider }],
        SupportedLoginProviders: {},
        ...changes.identityPool,
      },
    },
    {
      type: 'AWS::Cognito::IdentityPoolRoleAttachment',
      physicalId: 'attachment',
      properties: {
        IdentityPoolId: identityPoolId,
        Roles: { authenticated: roleArn('signedIn'), unauthenticated: roleArn('guests') },
        RoleMappings: {
          Web: {
            AmbiguousRoleResolution: 'AuthenticatedRole',
            IdentityProvider: `${provider}:${clientId}`,
            Type: 'Token',
          },
        },
        ...changes.attachment,
      },
    },
    testRole('signedIn', [], trustOf('authenticated')),
    testRole('guests', [], trustOf('unauthenticated')),
    testRole('editors', [], trustOf('authenticated')),
    testRole('administrator', [
      {
        Effect: 'Allow',
        Action: ['cognito-idp:Admin*', 'cognito-idp:ListUsers', 'cognito-idp:*UserPool'],
        Resource: poolArn,
      },
    ]),
    testRole('nobody', []),
    ...(changes.others ?? []),
  ];
}

/** Trust of the identity pool for one kind of identity. */
export function trustOf(amr: string, aud = identityPoolId) {
  return {
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': aud },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr },
    },
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
  };
}
