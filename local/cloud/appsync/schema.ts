import { buildASTSchema, type GraphQLScalarType, type GraphQLSchema, isScalarType, parse } from 'graphql';
import { awsScalars } from './scalars.ts';

/** The scalars and directives that AppSync knows without a declaration. */
const BUILT_IN = `
scalar AWSDate
scalar AWSTime
scalar AWSDateTime
scalar AWSTimestamp
scalar AWSEmail
scalar AWSJSON
scalar AWSURL
scalar AWSPhone
scalar AWSIPAddress
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String!]) on FIELD_DEFINITION
`;

/** Builds the API's schema. Throws when it is not valid. */
export function buildApiSchema(source: string): GraphQLSchema {
  const schema = buildASTSchema(parse(`${BUILT_IN}\n${source}`));
  for (const scalar of awsScalars()) {
    const type = schema.getType(scalar.name);
    if (isScalarType(type)) behaveAs(type, scalar);
  }
  return schema;
}

/** Subscription fields, each with the mutations that `@aws_subscribe` names. */
export function subscriptionTriggers(schema: GraphQLSchema): ReadonlyMap<string, readonly string[]> {
  const triggers = new Map<string, readonly string[]>();
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const directive = field.astNode?.directives?.find((node) => node.name.value === 'aws_subscribe');
    const value = directive?.arguments?.find((argument) => argument.name.value === 'mutations')?.value;
    const names = value?.kind === 'ListValue' ? value.values : [];
    triggers.set(
      field.name,
      names.flatMap((name) => (name.kind === 'StringValue' ? [name.value] : [])),
    );
  }
  return triggers;
}

function behaveAs(type: GraphQLScalarType, scalar: GraphQLScalarType): void {
  type.serialize = scalar.serialize;
  type.parseValue = scalar.parseValue;
  type.parseLiteral = scalar.parseLiteral;
}
