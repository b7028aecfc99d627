import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { ResolverError } from './resolver-error.ts';
import type { FilterRule } from './subscription-filter.ts';
import { toDynamoDb } from './util-dynamodb.ts';

export interface Expression {
  readonly expression: string;
  readonly expressionNames: JsonObject;
  readonly expressionValues: JsonObject;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};
const ATTRIBUTE_TYPES: Readonly<Record<string, string>> = {
  binary: 'B',
  binarySet: 'BS',
  bool: 'BOOL',
  boolean: 'BOOL',
  list: 'L',
  map: 'M',
  number: 'N',
  numberSet: 'NS',
  string: 'S',
  stringSet: 'SS',
  _null: 'NULL',
};

/**
 * A filter object (`{title: {contains: 'x'}, or: [...]}`) as a DynamoDB expression, for filters and conditions alike.
 * Fields and `and` lists are joined by AND. Parentheses are written only where DynamoDB does not call them redundant.
 */
export function toDynamoDbExpression(filter: Json): Expression {
  const writer = new ExpressionWriter();
  const expression = isJsonObject(filter) ? writer.all(filter) : '';
  return { expression, expressionNames: writer.names, expressionValues: writer.values };
}

class ExpressionWriter {
  readonly names: JsonObject = {};
  readonly values: JsonObject = {};

  all(filter: JsonObject): string {
    return join(
      Object.entries(filter).map(([key, value]) => this.entry(key, value)),
      'AND',
    );
  }

  private entry(key: string, value: Json): string {
    if (key === 'and' || key === 'or') {
      const parts = (Array.isArray(value) ? value : [value])
        .filter(isJsonObject)
        .map((part) => this.all(part));
      return join(parts, key === 'and' ? 'AND' : 'OR');
    }
    if (key === 'not') {
      const part = isJsonObject(value) ? this.all(value) : '';
      return part && `NOT ${part.startsWith('(') ? part : `(${part})`}`;
    }
    if (value === null) return '';
    if (!isJsonObject(value)) throw invalid(`${key} has no operator`);
    return join(
      Object.entries(value).map(([operator, operand]) => this.condition(key, operator, operand)),
      'AND',
    );
  }

  private condition(field: string, operator: string, operand: Json): string {
    const name = this.name(field);
    const value = (one: Json) => this.value(field, operator, one);
    const comparison = COMPARISONS[operator];
    if (comparison) return `${name} ${comparison} ${value(operand)}`;
    switch (operator) {
      case 'contains':
        return `contains(${name}, ${value(operand)})`;
      case 'notContains':
        return `NOT contains(${name}, ${value(operand)})`;
      case 'beginsWith':
        return `begins_with(${name}, ${value(operand)})`;
      case 'between': {
        const [from, to] = pair(field, operand);
        return `${name} BETWEEN ${value(from)} AND ${value(to)}`;
      }
      case 'in':
        if (!Array.isArray(operand)) throw invalid(`in on ${field} takes a list`);
        return `${name} IN (${operand.map(value).join(', ')})`;
      case 'attributeExists':
        return operand === false ? `attribute_not_exists(${name})` : `attribute_exists(${name})`;
      case 'attributeType':
        return `attribute_type(${name}, ${value(ATTRIBUTE_TYPES[String(operand)] ?? operand)})`;
      case 'size':
        if (!isJsonObject(operand)) throw invalid(`size on ${field} takes operators`);
        return join(
          Object.entries(operand).map(([inner, number]) => this.size(field, name, inner, number)),
          'AND',
        );
      default:
        throw invalid(`the operator ${operator} on ${field} is not known`);
    }
  }

  private size(field: string, name: string, operator: string, operand: Json): string {
    const value = (one: Json) => this.value(field, `size_${operator}`, one);
    if (operator === 'between') {
      const [from, to] = pair(field, operand);
      return `size(${name}) BETWEEN ${value(from)} AND ${value(to)}`;
    }
    const comparison = COMPARISONS[operator];
    if (!comparison) throw invalid(`the operator ${operator} on the size of ${field} is not known`);
    return `size(${name}) ${comparison} ${value(operand)}`;
  }

  private name(field: string): string {
    const placeholder = `#${field.replaceAll(/\W/g, '_')}`;
    const free = unused(placeholder, (candidate) => (this.names[candidate] ?? field) === field);
    this.names[free] = field;
    return free;
  }

  private value(field: string, operator: string, value: Json): string {
    const placeholder = `:${field.replaceAll(/\W/g, '_')}_${operator}`;
    const free = unused(placeholder, (candidate) => !(candidate in this.values));
    this.values[free] = toDynamoDb(value);
    return free;
  }
}

function unused(placeholder: string, isFree: (candidate: string) => boolean): string {
  let candidate = placeholder;
  for (let count = 1; !isFree(candidate); count += 1) candidate = `${placeholder}_${count}`;
  return candidate;
}

function join(parts: readonly string[], operator: 'AND' | 'OR'): string {
  const written = parts.filter((part) => part !== '');
  return written.length > 1 ? `(${written.join(` ${operator} `)})` : (written[0] ?? '');
}

function pair(field: string, operand: Json): [Json, Json] {
  if (!Array.isArray(operand) || operand.length !== 2) throw invalid(`between on ${field} takes two values`);
  return [operand[0] ?? null, operand[1] ?? null];
}

/**
 * A filter object as an enhanced subscription filter: every combination of `or` becomes a group.
 * Of `rules`, at least one must hold besides the filter. `ignored` names top-level fields to leave out.
 */
export function toSubscriptionFilter(
  filter: Json,
  ignored: readonly string[] = [],
  rules: Json = null,
): JsonObject {
  const wanted = isJsonObject(filter)
    ? Object.fromEntries(Object.entries(filter).filter(([key]) => !ignored.includes(key)))
    : {};
  let groups = alternatives(wanted);
  if (isJsonObject(rules) && Object.keys(rules).length > 0) {
    const ruleGroups = Object.entries(rules).flatMap(([key, value]) => alternatives({ [key]: value }));
    groups = cross(groups, ruleGroups);
  }
  const filled = groups.filter((group) => group.length > 0);
  return { filterGroup: filled.map((filters) => ({ filters: filters as unknown as Json[] })) };
}

function alternatives(filter: JsonObject): FilterRule[][] {
  let groups: FilterRule[][] = [[]];
  for (const [key, value] of Object.entries(filter)) {
    if (key === 'or' || key === 'and') {
      const parts = (Array.isArray(value) ? value : [value]).filter(isJsonObject).map(alternatives);
      if (parts.length === 0) continue;
      groups = cross(groups, key === 'or' ? parts.flat() : parts.reduce(cross));
    } else if (isJsonObject(value)) {
      const rules = Object.entries(value).map(([operator, operand]) => ({
        fieldName: key,
        operator,
        value: operand,
      }));
      groups = groups.map((group) => [...group, ...(rules as FilterRule[])]);
    } else if (value !== null) {
      throw invalid(`${key} has no operator`);
    }
  }
  return groups;
}

function cross(left: FilterRule[][], right: FilterRule[][]): FilterRule[][] {
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function invalid(reason: string): ResolverError {
  return new ResolverError(`Invalid filter: ${reason}`, 'MappingTemplate');
}
