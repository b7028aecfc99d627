import { type Context, createContext, runInContext } from 'node:vm';
import type { Json } from '../json.ts';

/** The globals that APPSYNC_JS has. */
const GLOBALS = new Set(
  (
    'Object Array String Number Boolean Date Math JSON NaN Infinity undefined parseInt parseFloat isNaN isFinite ' +
    'encodeURI encodeURIComponent decodeURI decodeURIComponent'
  ).split(' '),
);

/** Methods that APPSYNC_JS does not implement, by the expression of their owner. */
const REMOVED: Readonly<Record<string, string>> = {
  'Array.prototype': 'copyWithin entries keys values toLocaleString',
  Array: 'from of fromAsync',
  'String.prototype':
    'charCodeAt localeCompare matchAll padEnd padStart repeat search toLocaleLowerCase toLocaleUpperCase',
  String: 'raw fromCharCode fromCodePoint',
  'Object.prototype':
    'hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString __defineGetter__ __defineSetter__',
  Object:
    'create defineProperties defineProperty freeze getOwnPropertyDescriptor getOwnPropertyDescriptors ' +
    'getOwnPropertyNames getOwnPropertySymbols getPrototypeOf is isExtensible isFrozen isSealed preventExtensions ' +
    'seal setPrototypeOf groupBy',
  'Function.prototype': 'call apply bind constructor',
  'Date.prototype':
    'setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear ' +
    'setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds setYear toGMTString toLocaleDateString ' +
    'toLocaleString toLocaleTimeString',
};

/** A JavaScript world with only what APPSYNC_JS offers. Values enter and leave it as JSON. */
export interface Realm {
  readonly context: Context;
  /** A value made of this world's own objects and arrays. */
  enter(value: unknown): unknown;
}

/** Makes a world. Code strings are never evaluated in it: neither eval nor Function exist. */
export function createRealm(): Realm {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  const parse = runInContext('JSON.parse', context) as (text: string) => unknown;
  const removals = Object.entries(REMOVED).flatMap(([owner, names]) =>
    names.split(' ').map((name) => `delete ${owner}.${name};`),
  );
  runInContext(removals.join('\n'), context);
  for (const name of globalNames(context)) {
    if (!GLOBALS.has(name)) runInContext(`delete globalThis[${JSON.stringify(name)}]`, context);
  }
  runInContext('delete globalThis.globalThis', context);
  return {
    context,
    enter: (value) => (value === undefined ? undefined : parse(JSON.stringify(value) ?? 'null')),
  };
}

function globalNames(context: Context): string[] {
  // The outer world's reflection: the inner one's has been removed above.
  const inner = runInContext('globalThis', context) as object;
  return Object.getOwnPropertyNames(inner).filter((name) => name !== 'globalThis');
}

/** A value of a realm as JSON, undefined properties left out. */
export function leave(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value) ?? 'null') as Json);
}

/** The same, but undefined properties become null, as they do where AppSync turns values into DynamoDB's. */
export function leaveWithNulls(value: unknown): Json {
  return JSON.parse(
    JSON.stringify(value, (_, item: unknown) => (item === undefined ? null : item)) ?? 'null',
  ) as Json;
}
