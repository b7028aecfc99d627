import {
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getOperationAST,
  isObjectType,
} from 'graphql';
import { AwsError, type CloudContext } from '../service.ts';
import type { Api } from './api.ts';
import { AUTH_TYPE_NAMES, type Caller } from './authentication.ts';
import { allowedByDirectives, allowedByPolicies } from './authorization.ts';
import { isJsonObject, type Json, type JsonObject, toJson } from './json.ts';
import type { FieldCall, MappingContext } from './mapping.ts';
import type { GraphQLOperation } from './operation.ts';
import { type CallDataSource, runResolver } from './resolver.ts';
import { ResolverError, unauthorizedField } from './resolver-error.ts';
import { type Fragments, selected, selectionSetGraphQL, selectionSetList } from './selection.ts';
import { isInternal, toWireError, withFieldType } from './wire-error.ts';

/** AppSync's quota for one resolver. */
const RESOLVER_TIMEOUT_MS = 30_000;

/** A GraphQL request of an authenticated caller. */
export interface Request {
  readonly operation: GraphQLOperation;
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came of a request. `calls` holds what the resolvers of its top-level fields asked for besides their value. */
export interface Outcome {
  readonly data: JsonObject | null;
  readonly errors: readonly JsonObject[];
  readonly responseHeaders: ReadonlyMap<string, string>;
  readonly calls: ReadonlyMap<string, FieldCall>;
  /** The arguments that the top-level fields were given, by response name. */
  readonly rootArguments: ReadonlyMap<string, JsonObject>;
}

export interface Executor {
  /** Runs an operation with its resolvers. Rejects with an AwsError when the caller may not make it at all. */
  run(request: Request): Promise<Outcome>;
  /** Selects from an event what a subscription asks for. No resolver runs, but the directives are checked. */
  select(request: Request, event: Json): Promise<Outcome>;
}

interface Run {
  readonly request: Request;
  readonly delivering: boolean;
  readonly responseHeaders: Map<string, string>;
  readonly calls: Map<string, FieldCall>;
  readonly rootArguments: Map<string, JsonObject>;
  readonly appended: { readonly error: ResolverError; readonly info: GraphQLResolveInfo }[];
  resolved: number;
}

/** Executes operations against the API's schema and resolvers. */
export function createExecutor(
  api: Api,
  schema: GraphQLSchema,
  context: CloudContext,
  callDataSource: CallDataSource,
): Executor {
  return {
    run: (request) => {
      assertPolicies(request);
      return perform({ request, delivering: false, ...fresh() }, undefined);
    },
    select: (request, event) => perform({ request, delivering: true, ...fresh() }, event),
  };

  /** A caller whose policies allow none of the top-level fields is refused as a whole, others field by field. */
  function assertPolicies({ operation, caller }: Request): void {
    if (caller.type !== 'AWS_IAM') return;
    const names = operation.rootFields.map((node) => node.name.value);
    const allowed = names.filter(
      (name) =>
        name.startsWith('__') || allowedByPolicies(api, context.iam, operation.rootType.name, name, caller),
    );
    if (allowed.length === 0) throw new AwsError('UnauthorizedException', 'Permission denied', 401);
  }

  async function perform(run: Run, rootValue: unknown): Promise<Outcome> {
    const { document, variables, operationName } = run.request.operation;
    const result = await execute({
      schema,
      document,
      rootValue,
      contextValue: run,
      variableValues: variables,
      operationName,
      fieldResolver,
    });
    return {
      data: result.data === undefined || result.data === null ? null : (toJson(result.data) as JsonObject),
      errors: collectErrors(run, result),
      responseHeaders: run.responseHeaders,
      calls: run.calls,
      rootArguments: run.rootArguments,
    };
  }

  function collectErrors(run: Run, result: ExecutionResult): JsonObject[] {
    const appended = run.appended.map(({ error, info }) => {
      return new GraphQLError(error.message, info.fieldNodes, null, null, pathOf(info), error);
    });
    for (const error of result.errors ?? []) {
      if (isInternal(error)) context.log({ event: 'appsync.internal', error: error.originalError?.stack });
    }
    return [...(result.errors ?? []), ...appended].map((error) =>
      toWireError(withFieldType(schema, error), (data) => filterData(run, error, data)),
    );
  }

  /** An error's data shows no more than the query asked for. */
  function filterData(run: Run, error: GraphQLError, data: Json): Json {
    const node = error.nodes?.[0];
    const { document, operationName } = run.request.operation;
    const operation = getOperationAST(document, operationName);
    if (node?.kind !== 'Field' || !operation || !isJsonObject(data)) return data;
    const type = fieldTypeAt(error, run);
    return type ? selected(schema, type, [node], run.request.operation.fragments, data, 'fieldName') : data;
  }

  function fieldTypeAt(error: GraphQLError, run: Run) {
    const [first] = error.path ?? [];
    if (error.path?.length !== 1) return undefined;
    const node = run.request.operation.rootFields.find(
      (field) => (field.alias ?? field.name).value === first,
    );
    return node ? run.request.operation.rootType.getFields()[node.name.value]?.type : undefined;
  }

  async function resolveField(
    source: unknown,
    args: unknown,
    run: Run,
    info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const { caller } = run.request;
    const field = info.parentType.getFields()[info.fieldName];
    const isRoot = info.path.prev === undefined;
    const unauthorized = unauthorizedField(info.parentType.name, info.fieldName);
    if (!field || !isObjectType(info.parentType)) throw unauthorized;
    if (!allowedByDirectives(api, info.parentType, field, caller)) throw unauthorized;
    if (
      isRoot &&
      !run.delivering &&
      !allowedByPolicies(api, context.iam, info.parentType.name, info.fieldName, caller)
    ) {
      throw unauthorized;
    }
    if (isRoot) run.rootArguments.set(String(info.path.key), toJson(args) as JsonObject);
    const resolver = run.delivering
      ? undefined
      : api.resolvers.get(`${info.parentType.name}.${info.fieldName}`);
    if (!resolver) return isJsonObject(source) ? (source[info.fieldName] ?? null) : null;
    run.resolved += 1;
    if (run.resolved > api.resolverCountLimit) {
      throw new ResolverError(
        `More than ${api.resolverCountLimit} resolvers ran`,
        'ResolverExecutionLimitReached',
      );
    }
    const call = createCall(run, info);
    if (isRoot) run.calls.set(String(info.path.key), call);
    try {
      return await withTimeout(
        runResolver(resolver, createContext(run, source, args, info), call, callDataSource),
      );
    } finally {
      run.appended.push(...call.errors.map((error) => ({ error, info })));
    }
  }

  // graphql-js calls this for every field: resolvers are looked up in the API, not attached to the schema.
  function fieldResolver(
    ...[source, args, run, info]: Parameters<GraphQLFieldResolver<unknown, Run>>
  ): unknown {
    return resolveField(source, args, run, info);
  }

  function createCall(run: Run, info: GraphQLResolveInfo): FieldCall {
    return {
      authType: AUTH_TYPE_NAMES[run.request.caller.type],
      typeName: info.parentType.name,
      fieldName: info.fieldName,
      now: context.now,
      log: (level, values) =>
        context.log({
          event: 'appsync.resolver',
          level,
          field: `${info.parentType.name}.${info.fieldName}`,
          values,
        }),
      errors: [],
      responseHeaders: run.responseHeaders,
      invalidations: [],
    };
  }

  function createContext(run: Run, source: unknown, args: unknown, info: GraphQLResolveInfo): MappingContext {
    const fragments = info.fragments as Fragments;
    return {
      arguments: toJson(args) as JsonObject,
      stash: {},
      source: toJson(source),
      identity: run.request.caller.identity,
      request: { headers: run.request.headers, domainName: null },
      info: {
        fieldName: info.fieldName,
        parentTypeName: info.parentType.name,
        variables: run.request.operation.variables,
        selectionSetList: selectionSetList(info.fieldNodes as FieldNode[], fragments),
        selectionSetGraphQL: selectionSetGraphQL(info.fieldNodes),
      },
      env: api.environment,
      prev: null,
      result: null,
      error: null,
    };
  }
}

function fresh(): Omit<Run, 'request' | 'delivering'> {
  return {
    responseHeaders: new Map(),
    calls: new Map(),
    rootArguments: new Map(),
    appended: [],
    resolved: 0,
  };
}

function pathOf(info: GraphQLResolveInfo): (string | number)[] {
  const path: (string | number)[] = [];
  for (let step: typeof info.path | undefined = info.path; step; step = step.prev) path.unshift(step.key);
  return path;
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ResolverError('Execution timed out.', 'ExecutionTimeout')),
      RESOLVER_TIMEOUT_MS,
    );
    timer.unref();
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
