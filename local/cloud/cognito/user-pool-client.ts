import type { Resource } from '../service.ts';

/** An app client. Times are in seconds. */
export interface ClientConfig {
  readonly id: string;
  /** `ALLOW_USER_SRP_AUTH` … */
  readonly flows: ReadonlySet<string>;
  /** A name that nobody has looks like one whose password is wrong. */
  readonly hidesExistence: boolean;
  readonly revokes: boolean;
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly challengeSeconds: number;
  /** Set when each refresh gives a new refresh token; the old one works this much longer. */
  readonly rotationGraceSeconds: number | undefined;
  /** Undefined: the standard attributes. */
  readonly readable: ReadonlySet<string> | undefined;
  readonly writable: ReadonlySet<string> | undefined;
}

const unitSeconds: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Defaults: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
const defaultFlows = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'];
const oldFlowNames: Readonly<Record<string, string>> = {
  ADMIN_NO_SRP_AUTH: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  CUSTOM_AUTH_FLOW_ONLY: 'ALLOW_CUSTOM_AUTH',
  USER_PASSWORD_AUTH: 'ALLOW_USER_PASSWORD_AUTH',
};

/** Reads a client of a template. Throws for one with a secret. */
export function clientOf({ properties, physicalId, logicalId }: Resource): ClientConfig {
  if (properties.GenerateSecret === true || properties.GenerateSecret === 'true') {
    throw new Error(`user pool client ${logicalId}: the local cloud's Cognito has no client secrets`);
  }
  const units = properties.TokenValidityUnits ?? {};
  const validity = (name: string, unit: string, unset: number) => {
    const value = Number(properties[`${name}Validity`] ?? 0);
    return value === 0 ? unset : value * (unitSeconds[units[name] ?? unit] ?? 1);
  };
  const flows: readonly string[] = properties.ExplicitAuthFlows ?? defaultFlows;
  const rotation = properties.RefreshTokenRotation;
  const set = (names: readonly string[] | undefined) => (names === undefined ? undefined : new Set(names));
  return {
    id: physicalId,
    flows: new Set(flows.map((flow) => oldFlowNames[flow] ?? flow)),
    hidesExistence: properties.PreventUserExistenceErrors === 'ENABLED',
    revokes: String(properties.EnableTokenRevocation ?? true) === 'true',
    accessTokenSeconds: validity('AccessToken', 'hours', 3600),
    idTokenSeconds: validity('IdToken', 'hours', 3600),
    refreshTokenSeconds: validity('RefreshToken', 'days', 30 * 86_400),
    challengeSeconds: Number(properties.AuthSessionValidity ?? 3) * 60,
    rotationGraceSeconds:
      rotation?.Feature === 'ENABLED' ? Number(rotation.RetryGracePeriodSeconds ?? 0) : undefined,
    readable: set(properties.ReadAttributes),
    writable: set(properties.WriteAttributes),
  };
}
