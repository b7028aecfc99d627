import type { Json, JsonObject } from './json.ts';
import type { ResolverError } from './resolver-error.ts';
import type { SubscriptionFilter } from './subscription-filter.ts';

/** `ctx.info`. */
export interface FieldInfo {
  readonly fieldName: string;
  readonly parentTypeName: string;
  readonly variables: JsonObject;
  readonly selectionSetList: string[];
  readonly selectionSetGraphQL: string;
}

/** `$ctx` as a handler or template sees it. `arguments` and `stash` may be changed and live as long as the resolver. */
export interface MappingContext {
  arguments: JsonObject;
  stash: JsonObject;
  readonly source: Json;
  readonly identity: Json;
  readonly request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly domainName: string | null;
  };
  readonly info: FieldInfo;
  readonly env: Readonly<Record<string, string>>;
  prev: Json;
  result: Json;
  error: { readonly message: string; readonly type: string } | null;
}

/** What the utilities need and leave behind while one field is resolved. */
export interface FieldCall {
  /** As `util.authType()` names it. */
  readonly authType: string;
  readonly typeName: string;
  readonly fieldName: string;
  readonly now: () => Date;
  readonly log: (level: 'log' | 'error', values: Json[]) => void;
  /** Errors added by `util.appendError`. */
  readonly errors: ResolverError[];
  readonly responseHeaders: Map<string, string>;
  subscriptionFilter?: SubscriptionFilter;
  invalidationFilter?: SubscriptionFilter;
  readonly invalidations: { readonly subscriptionField: string; readonly payload: JsonObject }[];
}

/** How an evaluation ended. `return` is VTL's #return, `NEXT` and `END` are runtime.earlyReturn's. */
export interface Evaluation {
  readonly value: Json;
  readonly early?: 'return' | 'NEXT' | 'END';
}

/** The two halves of a resolver or a pipeline function, in VTL or JS. They change `context` in place. */
export interface Mapping {
  request(context: MappingContext, call: FieldCall): Evaluation;
  response(context: MappingContext, call: FieldCall): Evaluation;
  /** VTL's version 2017-02-28 raises data source errors before the response template. */
  readonly raisesDataSourceErrors: (request: Json) => boolean;
}
