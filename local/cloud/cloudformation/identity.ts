import { createHash } from 'node:crypto';
import { computeIdentities } from './identities/compute.ts';
import { customIdentities } from './identities/custom.ts';
import { dataIdentities } from './identities/data.ts';
import { networkIdentities } from './identities/network.ts';
import { observationIdentities } from './identities/observation.ts';
import { securityIdentities } from './identities/security.ts';
import type { Environment, Json } from './template.ts';

/** What a resource would be called once deployed. */
export interface Identity {
  /** What `Ref` gives. */
  readonly ref: string;
  readonly arn?: string;
  /** What `Fn::GetAtt` gives. `Arn` need not be repeated. */
  readonly attributes?: Readonly<Record<string, Json>>;
}

/** A resource on its way to an identity. */
export interface Subject {
  readonly type: string;
  readonly logicalId: string;
  readonly environment: Environment;
  /** A resolved property, or undefined. */
  property(name: string): Json | undefined;
  /** A property that is text, or undefined. */
  text(name: string): string | undefined;
  /** A stable name: the property if given, else `<logical id>-<hash>` within `length` characters. */
  name(property: string, length?: number): string;
  /** Stable lower-case hexadecimal digits that belong to this resource alone. */
  digits(length: number): string;
  /** `arn:aws:<service>:<region>:<account>:<rest>` */
  arn(service: string, rest: string): string;
}

export type Identify = (subject: Subject) => Identity;

const identities: Readonly<Record<string, Identify>> = {
  ...computeIdentities,
  ...customIdentities,
  ...dataIdentities,
  ...networkIdentities,
  ...observationIdentities,
  ...securityIdentities,
};

/** Hexadecimal digits that always belong to this resource: parts of ids that AWS would make up. */
export function digitsOf(
  resource: { readonly stack: string; readonly logicalId: string },
  length: number,
): string {
  return createHash('sha256')
    .update(`${resource.stack}/${resource.logicalId}`)
    .digest('hex')
    .slice(0, length);
}

/** The identity of a resource of a known type. Throws when the type is not known. */
export function identify(subject: Subject): Identity {
  const make = identities[subject.type];
  if (make === undefined) throw new Error(`Resources of type ${subject.type} have no local identity`);
  return make(subject);
}

/** A subject for a resource; `property` resolves one of its properties. */
export function subjectOf(
  resource: { readonly stack: string; readonly logicalId: string; readonly type: string },
  environment: Environment,
  property: (name: string) => Json | undefined,
): Subject {
  const text = (name: string) => {
    const value = property(name);
    return value === undefined ? undefined : String(value);
  };
  return {
    type: resource.type,
    logicalId: resource.logicalId,
    environment,
    property,
    text,
    digits: (length) => digitsOf(resource, length),
    name: (name, length = 64) =>
      text(name) ?? `${resource.logicalId.slice(0, length - 13)}-${digitsOf(resource, 12)}`,
    arn: (service, rest) => `arn:aws:${service}:${environment.region}:${environment.accountId}:${rest}`,
  };
}
