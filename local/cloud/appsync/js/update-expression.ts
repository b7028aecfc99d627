import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { ResolverError } from '../resolver-error.ts';
import { toDynamoDb } from '../util-dynamodb.ts';

/**
 * The update object of `update()` as a DynamoDB update expression. A plain nested object updates only the keys that
 * it has; `operations.replace` and `operations.add` write the whole attribute; increments need a number to be there.
 */
export function toUpdateExpression(update: JsonObject): JsonObject {
  const writer = new UpdateWriter();
  writer.object([], update);
  return writer.result();
}

class UpdateWriter {
  private readonly names = new Map<string, string>();
  private readonly values: JsonObject = {};
  private readonly set: string[] = [];
  private readonly removed: string[] = [];

  object(path: readonly string[], update: JsonObject): void {
    for (const [name, value] of Object.entries(update)) this.attribute([...path, name], value);
  }

  result(): JsonObject {
    const clauses = [
      ...(this.set.length > 0 ? [`SET ${this.set.join(', ')}`] : []),
      ...(this.removed.length > 0 ? [`REMOVE ${this.removed.join(', ')}`] : []),
    ];
    if (clauses.length === 0)
      throw new ResolverError('An update needs at least one attribute', 'MappingTemplate');
    return {
      expression: clauses.join(' '),
      expressionNames: Object.fromEntries([...this.names].map(([name, placeholder]) => [placeholder, name])),
      ...(Object.keys(this.values).length > 0 ? { expressionValues: this.values } : {}),
    };
  }

  private attribute(path: readonly string[], value: Json): void {
    const target = path.map((name) => this.name(name)).join('.');
    if (
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((item) => operation(item) === 'updateListItem')
    ) {
      for (const item of value as JsonObject[])
        this.set.push(`${target}[${Number(item.index)}] = ${this.value(item.payload)}`);
      return;
    }
    if (!isJsonObject(value)) {
      this.set.push(`${target} = ${this.value(value)}`);
      return;
    }
    switch (operation(value)) {
      case undefined:
        this.object(path, value);
        return;
      case 'add':
      case 'replace':
        this.set.push(`${target} = ${this.value(value.payload)}`);
        return;
      case 'remove':
        this.removed.push(target);
        return;
      case 'increment':
        this.set.push(`${target} = ${target} + ${this.value(value.by)}`);
        return;
      case 'decrement':
        this.set.push(`${target} = ${target} - ${this.value(value.by)}`);
        return;
      case 'append':
        this.set.push(`${target} = list_append(${target}, ${this.value(value.payload)})`);
        return;
      case 'prepend':
        this.set.push(`${target} = list_append(${this.value(value.payload)}, ${target})`);
        return;
      default:
        throw new ResolverError(`The operation ${String(value._type)} is not known`, 'MappingTemplate');
    }
  }

  private name(name: string): string {
    const placeholder = this.names.get(name) ?? `#expName_${this.names.size + 1}`;
    this.names.set(name, placeholder);
    return placeholder;
  }

  private value(value: Json | undefined): string {
    const placeholder = `:expValue_${Object.keys(this.values).length + 1}`;
    this.values[placeholder] = toDynamoDb(value);
    return placeholder;
  }
}

function operation(value: Json): string | undefined {
  return isJsonObject(value) && typeof value._type === 'string' ? value._type : undefined;
}
