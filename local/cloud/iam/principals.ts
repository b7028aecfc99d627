import type { Assembly } from '../service.ts';
import { listOf, type PrincipalElement, type Statement, statementsOf } from './policy.ts';

/** Who asks, as far as a Principal element can tell. */
export interface Caller {
  readonly accountId?: string;
  readonly roleArn?: string;
  readonly userArn?: string;
  /** `lambda.amazonaws.com` */
  readonly service?: string;
  /** `cognito-identity.amazonaws.com` */
  readonly federated?: string;
}

/** Statements of a resource's policy that are about this caller. A NotPrincipal that allows is never taken. */
export function statementsFor(statements: readonly Statement[], caller: Caller): readonly Statement[] {
  return statements.filter((statement) => {
    if (statement.Principal !== undefined) return includes(statement.Principal, caller);
    return statement.Effect === 'Deny' && !includes(statement.NotPrincipal ?? {}, caller);
  });
}

function includes(element: PrincipalElement, caller: Caller): boolean {
  if (element === '*') return true;
  return Object.entries(element).some(([kind, names]) =>
    listOf<string>(names).some((name) => {
      switch (kind) {
        case 'AWS':
          return (
            name === '*' ||
            [
              caller.roleArn,
              caller.userArn,
              caller.accountId,
              `arn:aws:iam::${caller.accountId}:root`,
            ].includes(name)
          );
        case 'Service':
          return name === caller.service;
        case 'Federated':
          return name === caller.federated;
        default:
          return false;
      }
    }),
  );
}

/** Policies of buckets, by bucket ARN. */
export function readBucketPolicies(assembly: Assembly): ReadonlyMap<string, readonly Statement[]> {
  const policies = new Map<string, readonly Statement[]>();
  for (const { properties, logicalId } of assembly.byType('AWS::S3::BucketPolicy')) {
    const arn = `arn:aws:s3:::${properties.Bucket}`;
    policies.set(arn, [...(policies.get(arn) ?? []), ...statementsOf(properties.PolicyDocument, logicalId)]);
  }
  return policies;
}
