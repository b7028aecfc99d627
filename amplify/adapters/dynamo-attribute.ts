/** A value as DynamoDB has it on the wire. */
export type Attribute =
  | { S: string }
  | { N: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { L: Attribute[] }
  | { M: Record<string, Attribute> };

/** What rows hold: JSON, and sets of strings. */
export function toAttribute(value: unknown): Attribute {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.filter((entry) => entry !== undefined).map(toAttribute) };
  if (value instanceof Set) return { SS: [...value].map(String) };
  if (Object.getPrototypeOf(value) === Object.prototype) return { M: toAttributes(value as object) };
  throw new TypeError(`A row can't hold ${String(value)}`);
}

/** The attributes of a row or a key. What is undefined is left out. */
export const toAttributes = (item: object): Record<string, Attribute> =>
  Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toAttribute(value)]),
  );

/** The value of an attribute; numbers as JavaScript has them, sets as Set. */
export function fromAttribute(attribute: Attribute): unknown {
  if ('S' in attribute) return attribute.S;
  if ('N' in attribute) return Number(attribute.N);
  if ('BOOL' in attribute) return attribute.BOOL;
  if ('NULL' in attribute) return null;
  if ('SS' in attribute) return new Set(attribute.SS);
  if ('L' in attribute) return attribute.L.map(fromAttribute);
  if ('M' in attribute) return fromAttributes(attribute.M);
  throw new TypeError(`An attribute of another type: ${Object.keys(attribute).join()}`);
}

/** A row as the tables' adapters read it. */
export const fromAttributes = (item: Readonly<Record<string, Attribute>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(value)]));
