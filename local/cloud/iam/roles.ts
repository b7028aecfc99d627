import { digitsOf } from '../cloudformation/identity.ts';
import type { Assembly, Resource } from '../service.ts';
import { managedPolicy } from './managed-policies.ts';
import { listOf, type PolicyDocument, type Statement, statementsOf } from './policy.ts';

export interface Role {
  readonly arn: string;
  readonly name: string;
  /** `AROA…` */
  readonly id: string;
  /** What its own and its attached policies say. */
  readonly statements: readonly Statement[];
  /** What it may do at most, when it has a boundary. */
  readonly boundary: readonly Statement[] | undefined;
  readonly trust: readonly Statement[];
  readonly maxSessionSeconds: number;
}

/** Roles of an assembly by ARN, with every policy that the templates attach to them. */
export function readRoles(assembly: Assembly): ReadonlyMap<string, Role> {
  const attached = attachedStatements(assembly);
  const managed = new Map(
    assembly.byType('AWS::IAM::ManagedPolicy').map((each) => [each.physicalId, documentOf(each)]),
  );
  const byArn = (arn: string) => managed.get(arn) ?? managedPolicy(arn);
  const roles = new Map<string, Role>();
  for (const resource of assembly.byType('AWS::IAM::Role')) {
    const { properties, physicalId: name, arn = '' } = resource;
    const inline = listOf<{ PolicyDocument: PolicyDocument }>(properties.Policies);
    const boundary: string | undefined = properties.PermissionsBoundary;
    roles.set(arn, {
      arn,
      name,
      id: `AROA${digitsOf(resource, 17).toUpperCase()}`,
      statements: [
        ...inline.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument, name)),
        ...listOf<string>(properties.ManagedPolicyArns).flatMap(byArn),
        ...(attached.get(name) ?? []),
      ],
      boundary: boundary === undefined ? undefined : byArn(boundary),
      trust: statementsOf(properties.AssumeRolePolicyDocument, name),
      maxSessionSeconds: Number(properties.MaxSessionDuration ?? 3600),
    });
  }
  return roles;
}

/** Policies that name the roles that they are for, by role name. */
function attachedStatements(assembly: Assembly): ReadonlyMap<string, readonly Statement[]> {
  const attached = new Map<string, readonly Statement[]>();
  const policies = [
    ...assembly.byType('AWS::IAM::Policy'),
    ...assembly.byType('AWS::IAM::ManagedPolicy'),
    ...assembly.byType('AWS::IAM::RolePolicy'),
  ];
  for (const policy of policies) {
    const names = [...listOf<string>(policy.properties.Roles), ...listOf<string>(policy.properties.RoleName)];
    for (const name of names) attached.set(name, [...(attached.get(name) ?? []), ...documentOf(policy)]);
  }
  return attached;
}

function documentOf({ properties, logicalId }: Resource): readonly Statement[] {
  return statementsOf(properties.PolicyDocument, logicalId);
}
