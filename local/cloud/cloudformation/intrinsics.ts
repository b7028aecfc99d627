import { isObject, type Json } from './template.ts';

/** What a value of a stack may refer to. `undefined` stands for `AWS::NoValue`. */
export interface Scope {
  /** Path of the stack, for error messages. */
  readonly path: string;
  readonly region: string;
  reference(name: string): Json | undefined;
  attribute(logicalId: string, attribute: string): Json;
  condition(name: string): boolean;
  mapping(map: string, topLevelKey: string, secondLevelKey: string): Json;
}

/**
 * Resolves every intrinsic function inside a template value. Entries that become `AWS::NoValue` are left out.
 * Throws naming the function when it is not one that is known here (`Fn::ImportValue`, transforms, macros).
 */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (typeof value === 'string') return refuseDynamicReference(value, scope);
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name !== undefined && (keys.length === 1 || name !== 'Ref')) {
    if (keys.length > 1)
      throw new Error(`${scope.path}: ${name} stands beside other keys: ${keys.join(', ')}`);
    return call(name, value[name] as Json, scope);
  }
  const resolved: Record<string, Json> = {};
  for (const key of keys) {
    const item = resolve(value[key] as Json, scope);
    if (item !== undefined) resolved[key] = item;
  }
  return resolved;
}

/** Resolves to a string, as CloudFormation does for numbers and booleans in text. Throws when it is none. */
export function resolveText(value: Json, scope: Scope): string {
  const text = resolve(value, scope);
  if (typeof text === 'string') return text;
  if (typeof text === 'number' || typeof text === 'boolean') return String(text);
  throw new Error(`${scope.path}: a text was expected, not ${JSON.stringify(value)}`);
}

function call(name: string, argument: Json, scope: Scope): Json | undefined {
  switch (name) {
    case 'Ref':
      return scope.reference(String(argument));
    case 'Fn::GetAtt':
      return getAttribute(argument, scope);
    case 'Fn::Join': {
      const [separator, items] = pair(name, argument, scope);
      return list(name, items, scope).map(String).join(String(separator));
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Select': {
      const [index, items] = pair(name, argument, scope);
      const chosen = list(name, items, scope)[Number(resolveText(index, scope))];
      if (chosen === undefined)
        throw new Error(`${scope.path}: Fn::Select ${JSON.stringify(index)} is out of range`);
      return chosen;
    }
    case 'Fn::Split': {
      const [separator, text] = pair(name, argument, scope);
      return resolveText(text, scope).split(String(separator));
    }
    case 'Fn::If': {
      if (!Array.isArray(argument) || argument.length !== 3) throw malformed(name, argument, scope);
      return resolve((scope.condition(String(argument[0])) ? argument[1] : argument[2]) as Json, scope);
    }
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((zone) => `${resolveText(argument, scope) || scope.region}${zone}`);
    case 'Fn::FindInMap': {
      if (!Array.isArray(argument) || argument.length !== 3) throw malformed(name, argument, scope);
      const [map, top, second] = argument.map((part) => resolveText(part as Json, scope));
      return scope.mapping(map as string, top as string, second as string);
    }
    case 'Fn::Base64':
      return Buffer.from(resolveText(argument, scope)).toString('base64');
    default:
      throw new Error(`${scope.path}: the intrinsic function ${name} is not served by the local cloud`);
  }
}

function getAttribute(argument: Json, scope: Scope): Json {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return scope.attribute(argument.slice(0, dot), argument.slice(dot + 1));
  }
  if (!Array.isArray(argument) || argument.length < 2) throw malformed('Fn::GetAtt', argument, scope);
  const [logicalId, ...attribute] = argument;
  return scope.attribute(
    String(logicalId),
    attribute.map((part) => resolveText(part as Json, scope)).join('.'),
  );
}

function substitute(argument: Json, scope: Scope): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isObject(variables)) throw malformed('Fn::Sub', argument, scope);
  return text.replace(/\$\{(!?)([^}]*)\}/g, (_all, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const own = variables[name.trim()];
    if (own !== undefined) return resolveText(own, scope);
    return resolveText(name.includes('.') ? { 'Fn::GetAtt': name.trim() } : { Ref: name.trim() }, scope);
  });
}

function pair(name: string, argument: Json, scope: Scope): readonly [Json, Json] {
  if (!Array.isArray(argument) || argument.length !== 2) throw malformed(name, argument, scope);
  return [argument[0] as Json, argument[1] as Json];
}

function list(name: string, items: Json, scope: Scope): readonly Json[] {
  const resolved = resolve(items, scope);
  if (!Array.isArray(resolved)) throw malformed(name, items, scope);
  return resolved;
}

function malformed(name: string, argument: Json, scope: Scope): Error {
  return new Error(`${scope.path}: ${name} has arguments that it cannot take: ${JSON.stringify(argument)}`);
}

function refuseDynamicReference(text: string, scope: Scope): string {
  if (text.startsWith('{{resolve:')) {
    throw new Error(`${scope.path}: the dynamic reference ${text} is not served by the local cloud`);
  }
  return text;
}
