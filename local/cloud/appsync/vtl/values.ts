import type { Json, JsonObject } from '../json.ts';

/**
 * What a template works on: Java's String, Number, Boolean, List and Map as their JavaScript counterparts.
 * Lists and maps are references, as in Java: a template that changes one changes it for everybody.
 */
export type Value = string | number | boolean | null | Value[] | VtlMap | Namespace;

export type VtlMap = Map<string, Value>;

/** Functions that a template reaches by name, such as `$util.time`. Unknown names are refused when called. */
export class Namespace {
  readonly name: string;
  readonly members: Readonly<Record<string, Namespace | ((...args: Value[]) => Value)>>;
  constructor(name: string, members: Readonly<Record<string, Namespace | ((...args: Value[]) => Value)>>) {
    this.name = name;
    this.members = members;
  }
}

export function fromJson(json: Json | undefined): Value {
  if (json === undefined || json === null || typeof json !== 'object') return json ?? null;
  if (Array.isArray(json)) return json.map(fromJson);
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

export function toJsonValue(value: Value): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (value instanceof Namespace) throw new TypeError(`$${value.name} is not a value`);
  return toJsonObject(value);
}

export function toJsonObject(map: VtlMap): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of map) object[key] = toJsonValue(value);
  return object;
}

/** What a reference prints: Java's toString. */
export function toText(value: Value): string {
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${key}=${toText(item)}`).join(', ')}}`;
  if (Array.isArray(value)) return `[${value.map(toText).join(', ')}]`;
  if (value instanceof Namespace) return `$${value.name}`;
  return String(value);
}

/** Velocity's truth: only null and false are false. An empty string, zero and an empty list are true. */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

export function equalValues(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length && left.every((item, index) => equalValues(item, right[index] ?? null))
    );
  }
  if (!(left instanceof Map) || !(right instanceof Map) || left.size !== right.size) return false;
  return [...left].every(([key, item]) => right.has(key) && equalValues(item, right.get(key) ?? null));
}
