import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Json, JsonObject } from './json.ts';
import { ResolverError } from './resolver-error.ts';

/** An error as AppSync writes it into a GraphQL response. */
export function toWireError(
  error: GraphQLError,
  filterData: (data: Json) => Json = (data) => data,
): JsonObject {
  const path = (error.path ?? null) as Json;
  const locations = (error.locations ?? []).map(({ line, column }) => ({ line, column, sourceName: null }));
  const cause = error.originalError;
  const missing = /^Cannot return null for non-nullable field (\w+)\.(\w+)\.$/.exec(error.message);
  if (missing && !(cause instanceof ResolverError)) {
    return { path, locations: null, message: nullMessage(error, missing[1] ?? '') };
  }
  if (isInternal(error)) return { ...requestError('Internal failure', 'InternalFailure'), path, locations };
  return {
    path,
    data: cause instanceof ResolverError ? filterData(cause.data) : null,
    errorType: cause instanceof ResolverError ? cause.errorType : null,
    errorInfo: cause instanceof ResolverError ? cause.errorInfo : null,
    locations,
    message: error.message,
  };
}

/** A fault of this cloud's own, neither a resolver's nor GraphQL's: its text is for the log. */
export function isInternal({ originalError }: GraphQLError): boolean {
  return (
    originalError instanceof Error &&
    !(originalError instanceof ResolverError || originalError instanceof GraphQLError)
  );
}

/** Errors of a whole request, of the same form as a validation error's. */
export function requestError(message: string, errorType: string | null = null): JsonObject {
  return { path: null, data: null, errorType, errorInfo: null, locations: null, message };
}

/** A validation error, in the words of graphql-java that AppSync repeats. */
export function toValidationError(rule: string, error: GraphQLError): JsonObject {
  const locations = (error.locations ?? []).map(({ line, column }) => ({ line, column, sourceName: null }));
  const kind = VALIDATION_TYPES[rule] ?? rule.replace(/Rule$/, '');
  return { path: null, locations, message: `Validation error of type ${kind}: ${error.message}` };
}

const VALIDATION_TYPES: Readonly<Record<string, string>> = {
  FieldsOnCorrectTypeRule: 'FieldUndefined',
  KnownArgumentNamesRule: 'UnknownArgument',
  KnownDirectivesRule: 'UnknownDirective',
  KnownFragmentNamesRule: 'UndefinedFragment',
  KnownTypeNamesRule: 'UnknownType',
  ProvidedRequiredArgumentsRule: 'MissingFieldArgument',
  ScalarLeafsRule: 'SubSelectionRequired',
  ValuesOfCorrectTypeRule: 'WrongType',
  VariablesInAllowedPositionRule: 'VariableTypeMismatch',
  NoUndefinedVariablesRule: 'UndefinedVariable',
  NoUnusedVariablesRule: 'UnusedVariable',
  NoUnusedFragmentsRule: 'UnusedFragment',
  NoFragmentCyclesRule: 'FragmentCycle',
  OverlappingFieldsCanBeMergedRule: 'FieldsConflict',
  PossibleFragmentSpreadsRule: 'InvalidFragmentType',
  VariablesAreInputTypesRule: 'NonInputTypeOnVariable',
  UniqueVariableNamesRule: 'DuplicateVariableName',
};

function nullMessage(error: GraphQLError, parent: string): string {
  const type = String(error.extensions?.type ?? 'unknown');
  const path = (error.path ?? [])
    .map((step) => (typeof step === 'number' ? `[${step}]` : `/${step}`))
    .join('');
  return `Cannot return null for non-nullable type: '${type}' within parent '${parent}' (${path})`;
}

/** Notes the missing field's type on graphql's null error, so that toWireError can name it as AppSync does. */
export function withFieldType(schema: GraphQLSchema, error: GraphQLError): GraphQLError {
  const [, parent = '', field = ''] =
    /^Cannot return null for non-nullable field (\w+)\.(\w+)\.$/.exec(error.message) ?? [];
  const type = schema.getType(parent);
  if (!type || !('getFields' in type)) return error;
  const fields = type.getFields() as Record<string, { type: unknown }>;
  const name = String(fields[field]?.type ?? 'unknown').replace(/!$/, '');
  const { message, nodes, path, originalError } = error;
  return new GraphQLError(message, nodes ?? null, null, null, path ?? null, originalError ?? null, {
    type: name,
  });
}
