import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  print,
  type SelectionSetNode,
} from 'graphql';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** `ctx.info.selectionSetList`: paths such as `author/name`, parents first, aliases instead of names. */
export function selectionSetList(nodes: readonly FieldNode[], fragments: Fragments): string[] {
  const paths = new Set<string>();
  for (const node of nodes) collect(node.selectionSet, '');
  return [...paths];

  function collect(set: SelectionSetNode | undefined, prefix: string): void {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        collect(fragments[selection.name.value]?.selectionSet, prefix);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, prefix);
      } else {
        const path = prefix + (selection.alias ?? selection.name).value;
        paths.add(path);
        collect(selection.selectionSet, `${path}/`);
      }
    }
  }
}

/** `ctx.info.selectionSetGraphQL`. */
export function selectionSetGraphQL(nodes: readonly FieldNode[]): string {
  const set = nodes[0]?.selectionSet;
  return set ? print(set) : '';
}

/** How deep fields lie below each other; the operation's own fields are 1. */
export function selectionDepth(set: SelectionSetNode | undefined, fragments: Fragments): number {
  let deepest = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      deepest = Math.max(deepest, 1 + selectionDepth(selection.selectionSet, fragments));
    } else {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments[selection.name.value]?.selectionSet
          : selection.selectionSet;
      deepest = Math.max(deepest, selectionDepth(inner, fragments));
    }
  }
  return deepest;
}

/**
 * The part of a value that the selection asks for. `by` says how the value's properties are called: by field name
 * (what a resolver made) or by response name (what a client got). The result is keyed by field name.
 */
export function selected(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  fragments: Fragments,
  value: Json,
  by: 'fieldName' | 'responseName',
): Json {
  const named = getNamedType(type);
  if (Array.isArray(value)) return value.map((item) => selected(schema, type, nodes, fragments, item, by));
  if (!isCompositeType(named) || !isJsonObject(value)) return value;
  const object = isObjectType(named) ? named : schema.getType(String(value.__typename ?? ''));
  const result: JsonObject = {};
  for (const node of nodes) pick(node.selectionSet);
  return result;

  function pick(set: SelectionSetNode | undefined): void {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        pickField(selection);
      } else {
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
        const condition = fragment?.typeCondition?.name.value;
        if (condition === undefined || applies(condition)) pick(fragment?.selectionSet);
      }
    }
  }

  function pickField(node: FieldNode): void {
    const name = node.name.value;
    const key = by === 'fieldName' ? name : (node.alias?.value ?? name);
    const content = (value as JsonObject)[key];
    if (content === undefined) return;
    const field = isObjectType(object) ? (object as GraphQLObjectType).getFields()[name] : undefined;
    const part = field ? selected(schema, field.type, [node], fragments, content, by) : content;
    const before = result[name];
    result[name] = isJsonObject(before) && isJsonObject(part) ? { ...before, ...part } : part;
  }

  function applies(condition: string): boolean {
    const conditionType = schema.getType(condition);
    if (!conditionType || !isObjectType(object)) return false;
    if (conditionType === object) return true;
    return (
      isCompositeType(conditionType) &&
      !isObjectType(conditionType) &&
      schema.isSubType(conditionType, object)
    );
  }
}
