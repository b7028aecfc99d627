import type { Json, JsonObject } from '../json.ts';
import type { Evaluation, FieldCall, Mapping, MappingContext } from '../mapping.ts';
import { ResolverError } from '../resolver-error.ts';
import { dynamodbModule } from './dynamodb.ts';
import { loadModule, type Modules, type ResolverModule } from './module.ts';
import { createRealm, leave, leaveWithNulls, type Realm } from './realm.ts';
import { EarlyReturn, type HostFunction, type HostModule, jsExtensions, jsRuntime, jsUtil } from './util.ts';

const UTILS = '@aws-appsync/utils';
const DYNAMODB = '@aws-appsync/utils/dynamodb';
const KNOWN: Modules = {
  [UTILS]: ['util', 'extensions', 'runtime'],
  [DYNAMODB]: Object.keys(dynamodbModule),
};

type Handler = (context: unknown) => unknown;

let shared: Realm | undefined;

/** A resolver or function in APPSYNC_JS. `name` appears in errors. Throws when the runtime would refuse the code. */
export function jsMapping(name: string, code: string): Mapping {
  const module = loadModule(name, code, KNOWN);
  return {
    request: (context, call) => run(name, module, 'request', context, call),
    response: (context, call) => run(name, module, 'response', context, call),
    raisesDataSourceErrors: () => false,
  };
}

function run(
  name: string,
  module: ResolverModule,
  half: 'request' | 'response',
  context: MappingContext,
  call: FieldCall,
): Evaluation {
  shared ??= createRealm();
  const realm = shared;
  const ctx = enterContext(realm, context);
  const evaluation = evaluate();
  // Changes to the stash and the arguments outlive the handler.
  context.stash = leave(ctx.stash) as JsonObject;
  context.arguments = leave(ctx.arguments) as JsonObject;
  return evaluation;

  function evaluate(): Evaluation {
    try {
      // The module is evaluated anew for every call: nothing that it keeps in variables survives.
      const factory = module.script.runInContext(realm.context) as (
        ...imports: unknown[]
      ) => Record<string, Handler>;
      const globals = createGlobals(realm, call);
      for (const [key, value] of Object.entries(globals.variables)) realm.context[key] = value;
      const imports = module.imports.map(({ from, exported }) => {
        const source = globals.modules[from];
        return exported === '*' ? source : source?.[exported];
      });
      return { value: leave((factory(...imports)[half] as Handler)(ctx)) };
    } catch (error) {
      if (error instanceof EarlyReturn)
        return { value: error.value, early: error.skipTo ?? defaultSkip(half) };
      if (error instanceof ResolverError) throw error;
      const detail = (error as Error).message ?? String(error);
      call.log('error', [`${name} (${half}): ${detail}`]);
      throw new ResolverError(`Runtime Error: ${detail} in the ${half} handler of ${name}`, 'Code');
    }
  }
}

function defaultSkip(half: 'request' | 'response'): 'NEXT' | 'return' {
  return half === 'request' ? 'NEXT' : 'return';
}

function enterContext(realm: Realm, context: MappingContext): Record<string, unknown> {
  const ctx = realm.enter({
    arguments: context.arguments,
    source: context.source,
    stash: context.stash,
    identity: context.identity,
    request: context.request,
    info: context.info,
    env: context.env,
    prev: { result: context.prev },
    result: context.result,
    ...(context.error === null ? {} : { error: context.error }),
  }) as Record<string, unknown>;
  ctx.args = ctx.arguments;
  return ctx;
}

function createGlobals(realm: Realm, call: FieldCall) {
  const util = wrap(realm, 'util', jsUtil(call));
  const extensions = wrap(realm, 'extensions', jsExtensions(call));
  const runtime = wrap(realm, 'runtime', jsRuntime);
  const console = wrap(realm, 'console', {
    log: (...values: Json[]) => call.log('log', values) as undefined,
    error: (...values: Json[]) => call.log('error', values) as undefined,
  });
  const modules: Record<string, Record<string, unknown>> = {
    [UTILS]: { util, extensions, runtime },
    [DYNAMODB]: wrap(realm, 'dynamodb', dynamodbModule),
  };
  return { variables: { util, extensions, runtime, console }, modules };
}

/** Functions as the realm sees them: JSON in, objects of the realm out, and an error for a name that does not exist. */
function wrap(realm: Realm, path: string, module: HostModule): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(module)) {
    members[name] =
      typeof member === 'function' ? host(realm, member) : wrap(realm, `${path}.${name}`, member);
  }
  return new Proxy(Object.freeze(Object.assign(Object.create(null) as Record<string, unknown>, members)), {
    get(target, key) {
      if (typeof key === 'symbol' || key === 'toJSON') return undefined;
      if (!Object.hasOwn(target, key))
        throw new ResolverError(`${path}.${key} is not a function of APPSYNC_JS`, 'Code');
      return target[key];
    },
  });
}

function host(realm: Realm, implementation: HostFunction): (...args: unknown[]) => unknown {
  return (...args) => realm.enter(implementation(...args.map(leaveWithNulls)));
}
