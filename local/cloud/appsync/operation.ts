import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationTypeNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from 'graphql';
import { AwsError } from '../service.ts';
import type { Api } from './api.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { type Fragments, selectionDepth } from './selection.ts';
import { toValidationError } from './wire-error.ts';

/** A parsed and valid GraphQL operation. */
export interface GraphQLOperation {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: JsonObject;
  readonly type: OperationTypeNode;
  readonly rootType: GraphQLObjectType;
  readonly rootFields: readonly FieldNode[];
  readonly fragments: Fragments;
}

/** AppSync's hard limit where the API sets none of its own. */
const MAX_DEPTH = 75;
const MALFORMED = 'MalformedHttpRequestException';

/**
 * Reads `{query, variables, operationName}`. Throws AwsError (400) for what is no GraphQL request; returns the
 * validation errors for one that the schema does not allow.
 */
export function readOperation(
  api: Api,
  schema: GraphQLSchema,
  body: Json,
): { operation: GraphQLOperation } | { errors: JsonObject[] } {
  if (!isJsonObject(body) || typeof body.query !== 'string' || body.query.trim() === '') {
    throw new AwsError(MALFORMED, 'Request body does not contain a valid GraphQL query.', 400);
  }
  const variables = body.variables ?? {};
  if (!isJsonObject(variables)) throw new AwsError(MALFORMED, 'The variables must be an object.', 400);
  const document = parseQuery(body.query);
  const operationName =
    typeof body.operationName === 'string' && body.operationName !== '' ? body.operationName : null;
  const node = getOperationAST(document, operationName);
  if (!node)
    throw new AwsError(MALFORMED, 'Unknown operation named or no single operation in the request.', 400);
  const errors = validateDocument(schema, document);
  if (errors.length > 0) return { errors };
  const rootType = rootTypeOf(schema, node.operation);
  if (!rootType) return { errors: [invalid(`Schema is not configured for ${node.operation}s.`)] };
  const fragments = fragmentsOf(document);
  const rootFields = fieldsOf(node.selectionSet, fragments);
  const depth = selectionDepth(node.selectionSet, fragments);
  const limit = api.depthLimit || MAX_DEPTH;
  if (depth > limit)
    return {
      errors: [invalid(`Query depth ${depth} exceeds the limit of ${limit}.`, 'QueryDepthLimitReached')],
    };
  if (!api.introspection && rootFields.some((field) => /^__(schema|type)$/.test(field.name.value))) {
    return { errors: [invalid('Introspection is disabled for this API.', 'IntrospectionDisabled')] };
  }
  return {
    operation: { document, operationName, variables, type: node.operation, rootType, rootFields, fragments },
  };
}

function parseQuery(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    const reason = error instanceof GraphQLError ? error.message : String(error);
    throw new AwsError(MALFORMED, `Unable to parse GraphQL query. ${reason}`, 400);
  }
}

/** Rule by rule, so that each error can say which rule it broke. */
function validateDocument(schema: GraphQLSchema, document: DocumentNode): JsonObject[] {
  return specifiedRules.flatMap((rule) =>
    validate(schema, document, [rule]).map((error) => toValidationError(rule.name, error)),
  );
}

function rootTypeOf(schema: GraphQLSchema, type: OperationTypeNode): GraphQLObjectType | null | undefined {
  if (type === 'query') return schema.getQueryType();
  return type === 'mutation' ? schema.getMutationType() : schema.getSubscriptionType();
}

function fragmentsOf(document: DocumentNode): Fragments {
  return Object.fromEntries(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
}

function fieldsOf(set: SelectionSetNode | undefined, fragments: Fragments): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const inner =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? fragments[selection.name.value]?.selectionSet
        : selection.selectionSet;
    return fieldsOf(inner, fragments);
  });
}

function invalid(message: string, errorType: string | null = null): JsonObject {
  return { path: null, data: null, errorType, errorInfo: null, locations: null, message };
}
