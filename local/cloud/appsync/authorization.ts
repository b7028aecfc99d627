import type { DirectiveNode, GraphQLField, GraphQLObjectType } from 'graphql';
import type { Iam } from '../service.ts';
import type { Api, AuthenticationType } from './api.ts';
import type { Caller } from './authentication.ts';

const MODES: Readonly<Record<string, AuthenticationType | 'other'>> = {
  aws_cognito_user_pools: 'AMAZON_COGNITO_USER_POOLS',
  aws_auth: 'AMAZON_COGNITO_USER_POOLS',
  aws_iam: 'AWS_IAM',
  aws_api_key: 'API_KEY',
  aws_oidc: 'other',
  aws_lambda: 'other',
};

/**
 * May the caller's way of signing in read this field? The field's `@aws_*` directives decide; without any, its
 * type's; without those, only the API's default mode may. `cognito_groups` asks for one of the groups.
 */
export function allowedByDirectives(
  api: Api,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  caller: Caller,
): boolean {
  const onField = modes(field.astNode?.directives);
  const onType = [
    ...modes(type.astNode?.directives),
    ...(type.extensionASTNodes ?? []).flatMap((node) => modes(node.directives)),
  ];
  const directives = onField.length > 0 ? onField : onType;
  if (directives.length === 0) {
    if (caller.type !== api.defaultType) return false;
    return caller.type !== 'AMAZON_COGNITO_USER_POOLS' || api.defaultAction === 'ALLOW';
  }
  return directives.some((directive) => {
    if (MODES[directive.name.value] !== caller.type) return false;
    const groups = groupsOf(directive);
    if (groups === undefined || caller.type !== 'AMAZON_COGNITO_USER_POOLS') return true;
    return groups.some((group) => caller.groups.includes(group));
  });
}

/**
 * Do the policies of an IAM caller allow this top-level field? AppSync asks for `appsync:GraphQL` on the fields of
 * Query, Mutation and Subscription; what lies below them follows (CDK's grantMutation grants no more than that).
 */
export function allowedByPolicies(
  api: Api,
  iam: Iam,
  typeName: string,
  fieldName: string,
  caller: Caller,
): boolean {
  if (caller.type !== 'AWS_IAM') return true;
  return iam.allows(caller.principal, 'appsync:GraphQL', `${api.arn}/types/${typeName}/fields/${fieldName}`);
}

function modes(directives: readonly DirectiveNode[] | undefined): DirectiveNode[] {
  return (directives ?? []).filter((directive) => Object.hasOwn(MODES, directive.name.value));
}

function groupsOf(directive: DirectiveNode): string[] | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === 'cognito_groups')?.value;
  if (value?.kind !== 'ListValue') return undefined;
  return value.values.flatMap((group) => (group.kind === 'StringValue' ? [group.value] : []));
}
