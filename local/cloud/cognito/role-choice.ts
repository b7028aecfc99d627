import { AwsError, type CloudContext } from '../service.ts';
import type { IdentityPoolConfig, MappingRule } from './identity-pool-config.ts';
import type { Login } from './login-token.ts';

const federated = 'cognito-identity.amazonaws.com';
const noRole = (message: string) => new AwsError('InvalidIdentityPoolConfigurationException', message);
const denied = (message: string) => new AwsError('NotAuthorizedException', message);

/**
 * The role of an identity's credentials: of a guest, of a group or rule that the pool maps, or of everyone who
 * signed in. `asked` is the caller's choice among the token's roles. Throws where the pool or the role's trust
 * policy (keys `aud` and `amr`) gives none.
 */
export function chooseRole(
  pool: IdentityPoolConfig,
  login: Login | undefined,
  asked: string | undefined,
  iam: CloudContext['iam'],
): string {
  const role = login ? mappedRole(pool, login, asked) : pool.guestRole;
  if (!role) throw noRole('Invalid identity pool configuration. Check assigned IAM roles for this pool.');
  const amr = login
    ? ['authenticated', login.provider.name, `${login.provider.name}:CognitoSignIn:${login.subject}`]
    : ['unauthenticated'];
  if (!iam.trusts(role, federated, { [`${federated}:aud`]: pool.id, [`${federated}:amr`]: amr })) {
    throw noRole('Invalid identity pool configuration. Check assigned IAM roles for this pool.');
  }
  return role;
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html */
function mappedRole(pool: IdentityPoolConfig, login: Login, asked: string | undefined): string | undefined {
  const { provider, claims } = login;
  const mapping = pool.mappings.get(`${provider.name}:${provider.clientId}`);
  if (!mapping) {
    if (asked !== undefined)
      throw denied('Role mapping is not configured for this provider; no role can be chosen.');
    return pool.authenticatedRole;
  }
  const otherwise = () => {
    if (mapping.otherwise === 'Deny')
      throw denied('The ambiguous role mapping rules for this login deny access.');
    return pool.authenticatedRole;
  };
  if (mapping.type === 'Rules') {
    return mapping.rules.find((rule) => holds(rule, claims[rule.Claim]))?.RoleARN ?? otherwise();
  }
  const roles = listOf(claims['cognito:roles']);
  if (asked !== undefined) {
    if (!roles.includes(asked)) throw denied('The requested role is not among the roles of the token.');
    return asked;
  }
  const preferred = claims['cognito:preferred_role'];
  if (typeof preferred === 'string') return preferred;
  return roles.length === 1 ? roles[0] : otherwise();
}

function listOf(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim.map(String) : [];
}

function holds({ MatchType, Value }: MappingRule, claim: unknown): boolean {
  if (claim === undefined || claim === null) return false;
  const text = Array.isArray(claim) ? `[${claim.join(', ')}]` : String(claim);
  switch (MatchType) {
    case 'Equals':
      return text === Value;
    case 'NotEqual':
      return text !== Value;
    case 'StartsWith':
      return text.startsWith(Value);
    case 'Contains':
      return text.includes(Value);
    default:
      return false;
  }
}
