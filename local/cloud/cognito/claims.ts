import { randomUUID } from 'node:crypto';
import { readableAttributes } from './attributes.ts';
import type { Session } from './sessions.ts';
import type { ClientConfig } from './user-pool-client.ts';
import type { PoolConfig } from './user-pool-config.ts';
import type { User } from './users.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** What a trigger may change in both tokens' claims. */
export interface TokenContent {
  readonly id: Claims;
  readonly access: Claims;
}

/** The roles of a user's groups, as the ID token shows them. */
export interface GroupClaims {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly preferredRole: string | undefined;
}

const adminScope = 'aws.cognito.signin.user.admin';

/** Groups come strongest first. There is no preferred role where the strongest groups' roles differ. */
export function groupClaims(pool: PoolConfig, groups: readonly string[]): GroupClaims {
  const withRoles = groups.flatMap((name) => {
    const { roleArn, precedence = Number.POSITIVE_INFINITY } = pool.groups.get(name) ?? {};
    return roleArn === undefined ? [] : [{ roleArn, precedence }];
  });
  const best = Math.min(...withRoles.map(({ precedence }) => precedence));
  const strongest = new Set(
    withRoles.filter(({ precedence }) => precedence === best).map(({ roleArn }) => roleArn),
  );
  return {
    groups,
    roles: withRoles.map(({ roleArn }) => roleArn),
    preferredRole: strongest.size === 1 ? [...strongest][0] : undefined,
  };
}

/** The claims of both tokens. `now` in seconds since 1970. */
export function claimsOf(input: {
  readonly issuer: string;
  readonly client: ClientConfig;
  readonly user: User;
  readonly session: Session;
  readonly groups: GroupClaims;
  readonly now: number;
}): TokenContent {
  const { issuer, client, user, session, groups, now } = input;
  const both = {
    sub: user.attributes.sub,
    ...(groups.groups.length ? { 'cognito:groups': groups.groups } : {}),
    iss: issuer,
    origin_jti: session.id,
    event_id: randomUUID(),
    auth_time: session.authTime,
    iat: now,
  };
  return {
    id: {
      ...both,
      ...attributeClaims(client, user),
      'cognito:username': user.username,
      ...(groups.roles.length ? { 'cognito:roles': groups.roles } : {}),
      ...(groups.preferredRole ? { 'cognito:preferred_role': groups.preferredRole } : {}),
      aud: client.id,
      token_use: 'id',
      exp: now + client.idTokenSeconds,
      jti: randomUUID(),
    },
    access: {
      ...both,
      client_id: client.id,
      username: user.username,
      token_use: 'access',
      scope: adminScope,
      exp: now + client.accessTokenSeconds,
      jti: randomUUID(),
    },
  };
}

function attributeClaims(client: ClientConfig, user: User): Claims {
  return Object.fromEntries(
    readableAttributes(client, user.attributes).map(({ Name, Value }) => {
      if (Name.endsWith('_verified')) return [Name, Value === 'true'];
      if (Name === 'address') return [Name, { formatted: Value }];
      return [Name, Value];
    }),
  );
}

/** Claims that a trigger cannot touch. */
const fixed = new Set(
  `acr amr at_hash auth_time azp aud cnf client_id exp iat iss jti nbf nonce origin_jti sub token_use username
   cognito:username event_id device_key cognito:default_resource`.split(/\s+/),
);

interface Overrides {
  readonly claimsToAddOrOverride?: Claims;
  readonly claimsToSuppress?: readonly string[];
  readonly scopesToAdd?: readonly string[];
  readonly scopesToSuppress?: readonly string[];
}

interface GroupOverrides {
  readonly groupsToOverride?: readonly string[];
  readonly iamRolesToOverride?: readonly string[];
  readonly preferredRole?: string;
}

/** What a PreTokenGeneration trigger answers, in the form of version 1 or 2. */
export interface TokenOverrides {
  readonly claimsOverrideDetails?: Overrides & { readonly groupOverrideDetails?: GroupOverrides };
  readonly claimsAndScopeOverrideDetails?: {
    readonly idTokenGeneration?: Overrides;
    readonly accessTokenGeneration?: Overrides;
    readonly groupOverrideDetails?: GroupOverrides;
  };
}

/** Applies a trigger's answer; fixed claims stay. Version 1 changes the ID token, and groups in both. */
export function applyOverrides(
  content: TokenContent,
  answer: TokenOverrides,
  version: '1' | '2',
): TokenContent {
  const second = answer.claimsAndScopeOverrideDetails;
  const first = answer.claimsOverrideDetails;
  const groups = version === '2' ? second?.groupOverrideDetails : first?.groupOverrideDetails;
  const id = version === '2' ? second?.idTokenGeneration : first;
  const access = version === '2' ? second?.accessTokenGeneration : undefined;
  return {
    id: override(withGroups(content.id, groups, true), id),
    access: scoped(override(withGroups(content.access, groups, false), access), access),
  };
}

function withGroups(claims: Claims, groups: GroupOverrides | undefined, roles: boolean): Claims {
  if (!groups) return claims;
  const { groupsToOverride, iamRolesToOverride, preferredRole } = groups;
  return {
    ...claims,
    ...(groupsToOverride ? { 'cognito:groups': groupsToOverride } : {}),
    ...(roles && iamRolesToOverride ? { 'cognito:roles': iamRolesToOverride } : {}),
    ...(roles && preferredRole ? { 'cognito:preferred_role': preferredRole } : {}),
  };
}

function override(claims: Claims, overrides: Overrides | undefined): Claims {
  const result: Record<string, unknown> = { ...claims };
  for (const [name, value] of Object.entries(overrides?.claimsToAddOrOverride ?? {})) {
    if (!fixed.has(name)) result[name] = value;
  }
  for (const name of overrides?.claimsToSuppress ?? []) if (!fixed.has(name)) delete result[name];
  return result;
}

function scoped(claims: Claims, overrides: Overrides | undefined): Claims {
  if (!overrides?.scopesToAdd && !overrides?.scopesToSuppress) return claims;
  const scopes = new Set([...String(claims.scope).split(' '), ...(overrides.scopesToAdd ?? [])]);
  for (const scope of overrides.scopesToSuppress ?? []) scopes.delete(scope);
  return { ...claims, scope: [...scopes].join(' ') };
}
