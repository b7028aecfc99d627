import type { FunctionDefinition, ResolverDefinition } from './api.ts';
import type { Json } from './json.ts';
import type { FieldCall, Mapping, MappingContext } from './mapping.ts';
import { ResolverError } from './resolver-error.ts';

/** Runs a request that a resolver built against a data source. Rejects with a ResolverError that the source caused. */
export type CallDataSource = (name: string, request: Json) => Promise<Json>;

/** Resolves one field by its unit or pipeline resolver. Rejects with the ResolverError that clients see. */
export async function runResolver(
  definition: ResolverDefinition,
  context: MappingContext,
  call: FieldCall,
  callDataSource: CallDataSource,
): Promise<Json> {
  if (definition.functions)
    return runPipeline(definition, definition.functions, context, call, callDataSource);
  const { value } = await runUnit(
    definition.mapping,
    definition.dataSource ?? '',
    context,
    call,
    callDataSource,
  );
  return value;
}

async function runPipeline(
  definition: ResolverDefinition,
  functions: readonly FunctionDefinition[],
  context: MappingContext,
  call: FieldCall,
  callDataSource: CallDataSource,
): Promise<Json> {
  const before = definition.mapping.request(context, call);
  // VTL's #return leaves the resolver; earlyReturn skips the functions and goes on with the response handler.
  if (before.early === 'return') return before.value;
  let previous = before.value;
  if (before.early === undefined) {
    for (const { mapping, dataSource } of functions) {
      context.prev = previous;
      const outcome = await runUnit(mapping, dataSource, context, call, callDataSource);
      previous = outcome.value;
      if (outcome.end) break;
    }
  }
  context.prev = previous;
  context.result = previous;
  context.error = null;
  return definition.mapping.response(context, call).value;
}

async function runUnit(
  mapping: Mapping,
  dataSource: string,
  context: MappingContext,
  call: FieldCall,
  callDataSource: CallDataSource,
): Promise<{ value: Json; end: boolean }> {
  context.result = null;
  context.error = null;
  const request = mapping.request(context, call);
  if (request.early !== undefined) return { value: request.value, end: request.early === 'END' };
  try {
    context.result = await callDataSource(dataSource, request.value);
  } catch (error) {
    if (!(error instanceof ResolverError) || mapping.raisesDataSourceErrors(request.value)) throw error;
    context.result = error.data;
    context.error = { message: error.message, type: error.errorType ?? 'Unknown' };
  }
  const response = mapping.response(context, call);
  return { value: response.value, end: response.early === 'END' };
}
