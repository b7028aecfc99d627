import type { Assembly, Resource } from '../service.ts';

/** A user pool client whose ID tokens an identity pool takes. */
export interface LoginProvider {
  /** `cognito-idp.<region>.amazonaws.com/<pool id>` */
  readonly name: string;
  readonly userPoolId: string;
  readonly clientId: string;
}

export interface MappingRule {
  readonly Claim: string;
  readonly MatchType: 'Equals' | 'NotEqual' | 'StartsWith' | 'Contains';
  readonly Value: string;
  readonly RoleARN: string;
}

/** How a provider's users get their role. */
export interface RoleMapping {
  readonly type: 'Token' | 'Rules';
  /** What happens when the mapping gives no role or more than one. */
  readonly otherwise: 'AuthenticatedRole' | 'Deny';
  readonly rules: readonly MappingRule[];
}

export interface IdentityPoolConfig {
  readonly id: string;
  readonly allowsGuests: boolean;
  readonly providers: readonly LoginProvider[];
  readonly authenticatedRole: string | undefined;
  readonly guestRole: string | undefined;
  /** By `<provider name>:<client id>`. */
  readonly mappings: ReadonlyMap<string, RoleMapping>;
}

/** Reads the identity pools of an assembly with their roles. Throws for providers that are not here. */
export function readIdentityPools(assembly: Assembly): readonly IdentityPoolConfig[] {
  const attachments = assembly.byType('AWS::Cognito::IdentityPoolRoleAttachment');
  return assembly.byType('AWS::Cognito::IdentityPool').map((pool) => {
    refuseUnknown(pool);
    const attachment = attachments.find(({ properties }) => properties.IdentityPoolId === pool.physicalId);
    const { Roles = {}, RoleMappings = {} } = attachment?.properties ?? {};
    return {
      id: pool.physicalId,
      allowsGuests: String(pool.properties.AllowUnauthenticatedIdentities) === 'true',
      providers: (pool.properties.CognitoIdentityProviders ?? []).map(providerOf),
      authenticatedRole: Roles.authenticated,
      guestRole: Roles.unauthenticated,
      mappings: new Map(
        Object.entries(RoleMappings).map(([key, value]) => mappingOf(key, value as Template, pool.logicalId)),
      ),
    };
  });
}

function providerOf({ ProviderName, ClientId }: { ProviderName: string; ClientId: string }): LoginProvider {
  return { name: ProviderName, userPoolId: ProviderName.split('/').at(-1) ?? '', clientId: ClientId };
}

interface Template {
  readonly IdentityProvider?: string;
  readonly Type: string;
  readonly AmbiguousRoleResolution?: string;
  readonly RulesConfiguration?: { readonly Rules: readonly MappingRule[] };
}

function mappingOf(key: string, mapping: Template, where: string): [string, RoleMapping] {
  const { Type, AmbiguousRoleResolution } = mapping;
  if (Type !== 'Token' && Type !== 'Rules')
    throw new Error(`identity pool ${where}: no role mapping of type ${Type}`);
  return [
    mapping.IdentityProvider ?? key,
    {
      type: Type,
      otherwise: AmbiguousRoleResolution === 'AuthenticatedRole' ? 'AuthenticatedRole' : 'Deny',
      rules: mapping.RulesConfiguration?.Rules ?? [],
    },
  ];
}

function refuseUnknown({ properties, logicalId }: Resource): void {
  const refuse = (what: string) => {
    throw new Error(`identity pool ${logicalId}: the local cloud's Cognito has no ${what}`);
  };
  if (Object.keys(properties.SupportedLoginProviders ?? {}).length) refuse('SupportedLoginProviders');
  for (const name of ['OpenIdConnectProviderARNs', 'SamlProviderARNs', 'DeveloperProviderName']) {
    if (properties[name]?.length) refuse(name);
  }
  for (const provider of properties.CognitoIdentityProviders ?? []) {
    if (String(provider.ServerSideTokenCheck) === 'true') refuse('ServerSideTokenCheck');
  }
}
