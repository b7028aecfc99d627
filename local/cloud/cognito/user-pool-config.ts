import type { Assembly, Resource } from '../service.ts';
import { type SchemaAttribute, schemaOf } from './attributes.ts';
import type { PasswordPolicy } from './password.ts';
import { type ClientConfig, clientOf } from './user-pool-client.ts';

/** A group; the lowest precedence wins where roles differ. */
export interface Group {
  readonly name: string;
  readonly precedence: number | undefined;
  readonly roleArn: string | undefined;
}

export interface Message {
  readonly subject: string;
  /** Holds `{####}` for the code and, in invitations, `{username}`. */
  readonly text: string;
}

/** A user pool as its template configures it. */
export interface PoolConfig {
  readonly id: string;
  /** The id's part after the underscore; enters password hashes. */
  readonly name: string;
  readonly arn: string;
  /** Whether people sign in by e-mail address; else by a user name. */
  readonly emailIsUsername: boolean;
  readonly caseSensitive: boolean;
  readonly verifiesEmail: boolean;
  /** A changed address waits until it is verified, and the old one stays. */
  readonly keepsOriginalEmail: boolean;
  readonly adminOnly: boolean;
  readonly deletionProtected: boolean;
  readonly requiresMfa: boolean;
  /** Optional second factors, authenticator apps among them. */
  readonly offersSoftwareToken: boolean;
  readonly passwordPolicy: PasswordPolicy;
  readonly temporaryPasswordDays: number;
  readonly recoversByEmail: boolean;
  readonly schema: ReadonlyMap<string, SchemaAttribute>;
  readonly verification: Message;
  readonly invitation: Message;
  readonly lambdaConfig: Readonly<Record<string, unknown>>;
  readonly clients: ReadonlyMap<string, ClientConfig>;
  readonly groups: ReadonlyMap<string, Group>;
}

/** Reads every user pool of an assembly. Throws where one asks for what the local cloud does not have. */
export function readPools(assembly: Assembly): readonly PoolConfig[] {
  const belongs = (type: string, pool: Resource) =>
    assembly.byType(type).filter(({ properties }) => properties.UserPoolId === pool.physicalId);
  return assembly.byType('AWS::Cognito::UserPool').map((pool) => {
    const clients = belongs('AWS::Cognito::UserPoolClient', pool).map(clientOf);
    const groups = belongs('AWS::Cognito::UserPoolGroup', pool).map(groupOf);
    return {
      ...poolOf(pool),
      clients: new Map(clients.map((client) => [client.id, client])),
      groups: new Map(groups.map((group) => [group.name, group])),
    };
  });
}

function groupOf({ properties, physicalId }: Resource): Group {
  return {
    name: properties.GroupName ?? physicalId,
    precedence: properties.Precedence === undefined ? undefined : Number(properties.Precedence),
    roleArn: properties.RoleArn,
  };
}

function poolOf(resource: Resource): Omit<PoolConfig, 'clients' | 'groups'> {
  const { properties, physicalId: id } = resource;
  refuseUnknown(resource);
  const policy = properties.Policies?.PasswordPolicy ?? {};
  const template = properties.VerificationMessageTemplate ?? {};
  const invitation = properties.AdminCreateUserConfig?.InviteMessageTemplate ?? {};
  const usernames: readonly string[] = properties.UsernameAttributes ?? [];
  const waiting: readonly string[] =
    properties.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? [];
  const recovery: readonly { Name: string }[] = properties.AccountRecoverySetting?.RecoveryMechanisms ?? [
    { Name: 'verified_email' },
  ];
  return {
    id,
    name: id.slice(id.indexOf('_') + 1),
    arn: resource.arn ?? '',
    emailIsUsername: usernames.includes('email'),
    // Without a setting names are case-sensitive: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
    caseSensitive: yes(properties.UsernameConfiguration?.CaseSensitive ?? true),
    verifiesEmail: (properties.AutoVerifiedAttributes ?? []).includes('email'),
    keepsOriginalEmail: waiting.includes('email'),
    adminOnly: yes(properties.AdminCreateUserConfig?.AllowAdminCreateUserOnly),
    deletionProtected: properties.DeletionProtection === 'ACTIVE',
    offersSoftwareToken:
      properties.MfaConfiguration === 'OPTIONAL' &&
      (properties.EnabledMfas ?? []).includes('SOFTWARE_TOKEN_MFA'),
    requiresMfa: properties.MfaConfiguration === 'ON',
    passwordPolicy: {
      minimumLength: Number(policy.MinimumLength ?? 8),
      requireUppercase: yes(policy.RequireUppercase),
      requireLowercase: yes(policy.RequireLowercase),
      requireNumbers: yes(policy.RequireNumbers),
      requireSymbols: yes(policy.RequireSymbols),
    },
    temporaryPasswordDays: Number(policy.TemporaryPasswordValidityDays ?? 7),
    recoversByEmail: recovery.some(({ Name }) => Name === 'verified_email'),
    schema: schemaOf(properties.Schema ?? []),
    verification: {
      subject: template.EmailSubject ?? properties.EmailVerificationSubject ?? 'Your verification code',
      text:
        template.EmailMessage ?? properties.EmailVerificationMessage ?? 'Your confirmation code is {####}',
    },
    invitation: {
      subject: invitation.EmailSubject ?? 'Your temporary password',
      text: invitation.EmailMessage ?? 'Your username is {username} and temporary password is {####}',
    },
    lambdaConfig: properties.LambdaConfig ?? {},
  };
}

/** Templates hold booleans as such or as text. */
function yes(value: unknown): boolean {
  return value === true || value === 'true';
}

function refuseUnknown({ properties, logicalId }: Resource): void {
  const refuse = (what: string) => {
    throw new Error(`user pool ${logicalId}: the local cloud's Cognito has no ${what}`);
  };
  const usernames: readonly string[] = properties.UsernameAttributes ?? [];
  const verified: readonly string[] = properties.AutoVerifiedAttributes ?? [];
  const factors: readonly string[] = properties.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [
    'PASSWORD',
  ];
  if (usernames.some((name) => name !== 'email')) refuse('phone numbers as user names');
  if (verified.some((name) => name !== 'email')) refuse('verification of phone numbers');
  const factorsAfter: readonly string[] = properties.EnabledMfas ?? [];
  if (factorsAfter.some((factor) => factor !== 'SOFTWARE_TOKEN_MFA')) {
    refuse(`second factors but SOFTWARE_TOKEN_MFA (${factorsAfter})`);
  }
  if (properties.AliasAttributes?.length) refuse('alias attributes');
  if (Number(properties.Policies?.PasswordPolicy?.PasswordHistorySize ?? 0)) refuse('password history');
  if (properties.DeviceConfiguration) refuse('remembered devices (DeviceConfiguration)');
  if (factors.some((factor) => factor !== 'PASSWORD')) refuse(`first factors but PASSWORD (${factors})`);
  if (properties.VerificationMessageTemplate?.DefaultEmailOption === 'CONFIRM_WITH_LINK') {
    refuse('confirmation by link');
  }
}
