import { ResolverError } from '../resolver-error.ts';
import { equalValues, toText, type Value, type VtlMap } from './values.ts';

type Methods<T> = Readonly<Record<string, (self: T, ...args: Value[]) => Value>>;

/**
 * Calls a Java method of a String, List, Map, Number or Boolean. An unknown method is an error that names it:
 * Velocity itself would print the reference as text, which no template means.
 */
export function callMethod(
  self: string | number | boolean | Value[] | VtlMap,
  name: string,
  args: Value[],
): Value {
  if (typeof self === 'string') return call(STRING, 'String', self, name, args);
  if (typeof self === 'number') return call(NUMBER, 'Number', self, name, args);
  if (typeof self === 'boolean') return call(BOOLEAN, 'Boolean', self, name, args);
  if (Array.isArray(self)) return call(LIST, 'List', self, name, args);
  const bean = /^get([A-Z]\w*)$/.exec(name)?.[1];
  if (bean && args.length === 0) return self.get(bean.charAt(0).toLowerCase() + bean.slice(1)) ?? null;
  return call(MAP, 'Map', self, name, args);
}

function call<T>(methods: Methods<T>, type: string, self: T, name: string, args: Value[]): Value {
  if (!Object.hasOwn(methods, name)) {
    throw new ResolverError(`The method ${name} of a ${type} is not known`, 'MappingTemplate');
  }
  return (methods[name] as (self: T, ...args: Value[]) => Value)(self, ...args);
}

/** A Java regular expression as a JavaScript one. Java's possessive quantifiers and inline flags are refused by RegExp. */
export function javaPattern(pattern: Value, flags = ''): RegExp {
  return new RegExp(text(pattern), flags);
}

const text = (value: Value | undefined): string => (value === undefined ? '' : toText(value));
const index = (value: Value | undefined): number => Math.trunc(Number(value));
const has = (list: readonly Value[], value: Value): boolean => list.some((item) => equalValues(item, value));
const listOf = (value: Value | undefined): Value[] =>
  Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : [];
// Java writes a group as $1 as JavaScript does, but a literal dollar as \$.
const replacement = (value: Value | undefined): string =>
  text(value).replaceAll('\\$', '$$$$').replaceAll('\\\\', '\\');

const STRING: Methods<string> = {
  length: (self) => self.length,
  isEmpty: (self) => self.length === 0,
  isBlank: (self) => self.trim().length === 0,
  contains: (self, part) => self.includes(text(part)),
  startsWith: (self, part) => self.startsWith(text(part)),
  endsWith: (self, part) => self.endsWith(text(part)),
  indexOf: (self, part, from) => self.indexOf(text(part), from === undefined ? 0 : index(from)),
  lastIndexOf: (self, part) => self.lastIndexOf(text(part)),
  substring: (self, from, to) => self.substring(index(from), to === undefined ? self.length : index(to)),
  replace: (self, from, to) => self.replaceAll(text(from), () => text(to)),
  replaceAll: (self, pattern, to) => self.replace(javaPattern(pattern ?? '', 'g'), replacement(to)),
  replaceFirst: (self, pattern, to) => self.replace(javaPattern(pattern ?? ''), replacement(to)),
  split: (self, pattern, limit) => split(self, text(pattern), limit === undefined ? 0 : index(limit)),
  toLowerCase: (self) => self.toLowerCase(),
  toUpperCase: (self) => self.toUpperCase(),
  trim: (self) => self.trim(),
  concat: (self, other) => self + text(other),
  charAt: (self, at) => self.charAt(index(at)),
  matches: (self, pattern) => javaPattern(`^(?:${text(pattern)})$`).test(self),
  equals: (self, other) => self === other,
  equalsIgnoreCase: (self, other) => typeof other === 'string' && self.toLowerCase() === other.toLowerCase(),
  compareTo: (self, other) => (self < text(other) ? -1 : self > text(other) ? 1 : 0),
  toString: (self: string) => self,
};

/** Java drops trailing empty parts unless a limit is given. */
function split(self: string, pattern: string, limit: number): string[] {
  const parts = self.split(javaPattern(pattern));
  if (limit > 0 && parts.length > limit) {
    const match = [...self.matchAll(javaPattern(pattern, 'g'))][limit - 2];
    return [...parts.slice(0, limit - 1), match ? self.slice(match.index + match[0].length) : self];
  }
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

const NUMBER: Methods<number> = {
  intValue: (self) => Math.trunc(self),
  longValue: (self) => Math.trunc(self),
  doubleValue: (self) => self,
  floatValue: (self) => self,
  equals: (self, other) => self === other,
  compareTo: (self, other) => Math.sign(self - Number(other)),
  toString: (self: number) => String(self),
};

const BOOLEAN: Methods<boolean> = {
  booleanValue: (self) => self,
  equals: (self, other) => self === other,
  toString: (self: boolean) => String(self),
};

const LIST: Methods<Value[]> = {
  add(self, first, second) {
    if (second === undefined) self.push(first ?? null);
    else self.splice(index(first), 0, second);
    return true;
  },
  addAll(self, others) {
    const items = listOf(others);
    self.push(...items);
    return items.length > 0;
  },
  get: (self, at) => self[index(at)] ?? null,
  set(self, at, value) {
    const before = self[index(at)] ?? null;
    self[index(at)] = value ?? null;
    return before;
  },
  remove(self, what) {
    if (typeof what === 'number') return self.splice(what, 1)[0] ?? null;
    const at = self.findIndex((item) => equalValues(item, what ?? null));
    if (at >= 0) self.splice(at, 1);
    return at >= 0;
  },
  size: (self) => self.length,
  isEmpty: (self) => self.length === 0,
  contains: (self, value) => has(self, value ?? null),
  containsAll: (self, others) => listOf(others).every((item) => has(self, item)),
  indexOf: (self, value) => self.findIndex((item) => equalValues(item, value ?? null)),
  clear(self) {
    self.length = 0;
    return null;
  },
  removeAll: (self, others) => keep(self, (item) => !has(listOf(others), item)),
  retainAll: (self, others) => keep(self, (item) => has(listOf(others), item)),
  subList: (self, from, to) => self.slice(index(from), index(to)),
  equals: (self, other) => equalValues(self, other ?? null),
  toString: (self: Value[]) => toText(self),
};

function keep(self: Value[], wanted: (item: Value) => boolean): boolean {
  const kept = self.filter(wanted);
  const changed = kept.length !== self.length;
  self.splice(0, self.length, ...kept);
  return changed;
}

const MAP: Methods<VtlMap> = {
  get: (self, key) => self.get(text(key)) ?? null,
  put(self, key, value) {
    const before = self.get(text(key)) ?? null;
    self.set(text(key), value ?? null);
    return before;
  },
  putAll(self, other) {
    if (other instanceof Map) for (const [key, value] of other) self.set(key, value);
    return null;
  },
  putIfAbsent(self, key, value) {
    const before = self.get(text(key)) ?? null;
    if (before === null) self.set(text(key), value ?? null);
    return before;
  },
  containsKey: (self, key) => self.has(text(key)),
  containsValue: (self, value) => has([...self.values()], value ?? null),
  remove(self, key) {
    const before = self.get(text(key)) ?? null;
    self.delete(text(key));
    return before;
  },
  getOrDefault: (self, key, otherwise) => self.get(text(key)) ?? otherwise ?? null,
  keySet: (self) => [...self.keys()],
  values: (self) => [...self.values()],
  entrySet: (self) =>
    [...self].map(
      ([key, value]) =>
        new Map<string, Value>([
          ['key', key],
          ['value', value],
        ]),
    ),
  size: (self) => self.size,
  isEmpty: (self) => self.size === 0,
  clear(self) {
    self.clear();
    return null;
  },
  equals: (self, other) => equalValues(self, other ?? null),
  toString: (self: VtlMap) => toText(self),
};
