import type { FieldCall, MappingContext } from './mapping.ts';

/** For tests: what a mapping of `Query.thing` is given, with the parts that matter set. */
export function createMappingContext(over: Partial<MappingContext> = {}): MappingContext {
  return {
    arguments: {},
    stash: {},
    source: null,
    identity: { sub: 'sub-1', claims: { sub: 'sub-1' } },
    request: { headers: { host: '127.0.0.1' }, domainName: null },
    info: {
      fieldName: 'thing',
      parentTypeName: 'Query',
      variables: {},
      selectionSetList: [],
      selectionSetGraphQL: '',
    },
    env: {},
    prev: null,
    result: null,
    error: null,
    ...over,
  };
}

export function createCall(): FieldCall & { readonly logged: unknown[] } {
  const logged: unknown[] = [];
  return {
    authType: 'User Pool Authorization',
    typeName: 'Query',
    fieldName: 'thing',
    now: () => new Date('2026-05-04T03:02:01.007Z'),
    log: (level, values) => logged.push([level, ...values]),
    errors: [],
    responseHeaders: new Map(),
    invalidations: [],
    logged,
  };
}
