import { ResolverError } from '../resolver-error.ts';
import { callMethod } from './methods.ts';
import { calculate } from './operators.ts';
import {
  type Block,
  type Literal,
  type Node,
  type PathStep,
  parseTemplate,
  type Reference,
  referenceText,
} from './syntax.ts';
import { isTrue, Namespace, toText, type Value } from './values.ts';

/** AppSync's quota: iterations of one #foreach. */
const MAX_ITERATIONS = 1000;

class Return {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

class Break {}

/** What a template printed, or the value that it returned early with #return. */
export type Rendered = { readonly text: string } | { readonly returned: Value };

/** Runs a parsed template over its variables, which it may add to and change. Throws ResolverError. */
export function render(template: Block, variables: Map<string, Value>): Rendered {
  const run = new Run(variables);
  try {
    return { text: run.print(template) };
  } catch (stop) {
    if (stop instanceof Return) return { returned: stop.value };
    if (stop instanceof Break) return { text: run.printed };
    throw stop;
  }
}

class Run {
  printed = '';
  private readonly variables: Map<string, Value>;

  constructor(variables: Map<string, Value>) {
    this.variables = variables;
  }

  print(nodes: readonly Node[]): string {
    for (const node of nodes) this.step(node);
    return this.printed;
  }

  private step(node: Node): void {
    if (typeof node === 'string') {
      this.printed += node;
      return;
    }
    if (Array.isArray(node)) {
      this.block(node);
      return;
    }
    switch (node.type) {
      case 'references':
        this.printed += this.printReference(node);
        return;
      case 'set':
        this.assign(node.equal[0], this.evaluate(node.equal[1]));
        return;
      case 'return':
        throw new Return(node.value === null ? null : this.evaluate(node.value));
      case 'break':
        throw new Break();
      case 'comment':
        return;
      case 'raw':
        this.printed += node.value;
        return;
      default:
        throw unsupported(node.type);
    }
  }

  private block(block: Block): void {
    const head = block[0];
    if (typeof head !== 'object' || Array.isArray(head)) throw unsupported('block');
    if (head.type === 'if') this.ifBlock(block);
    else if (head.type === 'foreach') this.foreachBlock(head.to, this.evaluate(head.from), block.slice(1));
    else throw unsupported(head.type);
  }

  private ifBlock(block: Block): void {
    let chosen = false;
    for (const node of block) {
      if (typeof node === 'object' && !Array.isArray(node)) {
        if (node.type === 'if' || node.type === 'elseif') {
          if (chosen) return;
          chosen = isTrue(this.evaluate(node.condition));
          continue;
        }
        if (node.type === 'else') {
          if (chosen) return;
          chosen = true;
          continue;
        }
      }
      if (chosen) this.step(node);
    }
  }

  private foreachBlock(name: string, from: Value, body: Block): void {
    const items = Array.isArray(from) ? [...from] : from instanceof Map ? [...from.values()] : [];
    if (items.length > MAX_ITERATIONS) {
      throw new ResolverError(`#foreach ran more than ${MAX_ITERATIONS} times`, 'MappingTemplate');
    }
    const outer = ['foreach', 'velocityCount', name].map((key) => [key, this.variables.get(key)] as const);
    try {
      for (const [index, item] of items.entries()) {
        const hasNext = index + 1 < items.length;
        this.variables.set(name, item);
        this.variables.set('velocityCount', index + 1);
        this.variables.set(
          'foreach',
          new Namespace('foreach', {
            index: () => index,
            count: () => index + 1,
            hasNext: () => hasNext,
            first: () => index === 0,
            last: () => !hasNext,
          }),
        );
        this.print(body);
      }
    } catch (stop) {
      if (!(stop instanceof Break)) throw stop;
    } finally {
      for (const [key, value] of outer) {
        if (value === undefined) this.variables.delete(key);
        else this.variables.set(key, value);
      }
    }
  }

  private evaluate(node: Node): Value {
    if (typeof node === 'string') return node;
    if (Array.isArray(node)) throw unsupported('expression');
    if (node.type === 'references') return this.read(node) ?? null;
    if (node.type === 'math') return calculate(node, (part) => this.evaluate(part));
    return this.literal(node as Literal);
  }

  private literal(node: Literal): Value {
    switch (node.type) {
      case 'string':
        return node.isEval
          ? new Run(this.variables).print(parseTemplate(escapeDirectives(node.value)))
          : node.value;
      case 'integer':
        return Number.parseInt(String(node.value), 10);
      case 'decimal':
        return Number(node.value);
      case 'bool':
        return node.value === 'null' ? null : String(node.value) === 'true';
      case 'array':
        return node.isRange
          ? this.range(node.value ?? [])
          : (node.value ?? []).map((item) => this.evaluate(item));
      case 'map':
        return new Map(
          Object.entries(node.value ?? {}).map(([key, item]) => [
            key.includes('$') ? new Run(this.variables).print(parseTemplate(key)) : key,
            this.evaluate(item),
          ]),
        );
      default:
        throw unsupported((node as { type: string }).type);
    }
  }

  private range(bounds: readonly Node[]): number[] {
    const [from, to] = bounds.map((bound) => Math.trunc(Number(this.evaluate(bound))));
    if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return [];
    const step = from <= to ? 1 : -1;
    return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step);
  }

  private printReference(reference: Reference): string {
    const value = this.read(reference);
    if (value === undefined || value === null)
      return reference.leader === '$!' ? '' : referenceText(reference);
    return toText(value);
  }

  private read(reference: Reference): Value | undefined {
    if (reference.args !== undefined) throw unsupported(`call of $${reference.id}`);
    let value = this.variables.get(reference.id);
    for (const step of reference.path ?? []) {
      if (value === undefined || value === null) return undefined;
      value = this.follow(value, step, reference);
    }
    return value;
  }

  private follow(value: Exclude<Value, null>, step: PathStep, reference: Reference): Value | undefined {
    const args = step.type === 'method' ? (step.args || []).map((arg) => this.evaluate(arg)) : [];
    if (value instanceof Namespace) return callNamespace(value, step, args, reference);
    if (step.type === 'method') return callMethod(value, step.id, args);
    const key = step.type === 'property' ? step.id : this.evaluate(step.id);
    if (value instanceof Map) {
      if (value.has(toText(key))) return value.get(toText(key));
      return key === 'empty' ? value.size === 0 : undefined;
    }
    if (Array.isArray(value)) {
      if (key === 'empty') return value.length === 0;
      return typeof key === 'number' || /^\d+$/.test(toText(key)) ? value[Number(key)] : undefined;
    }
    return undefined;
  }

  private assign(reference: Reference, value: Value): void {
    const path = reference.path ?? [];
    const last = path.at(-1);
    if (!last) {
      this.variables.set(reference.id, value);
      return;
    }
    if (last.type === 'method') throw unsupported('#set on a method');
    const owner = this.read({ ...reference, path: path.slice(0, -1) });
    const key = last.type === 'property' ? last.id : this.evaluate(last.id);
    if (owner instanceof Map) owner.set(toText(key), value);
    else if (Array.isArray(owner)) owner[Number(key)] = value;
    else
      throw new ResolverError(`#set found nothing to set at ${referenceText(reference)}`, 'MappingTemplate');
  }
}

function callNamespace(space: Namespace, step: PathStep, args: Value[], reference: Reference): Value {
  const name = step.type === 'index' ? '' : step.id;
  const member = Object.hasOwn(space.members, name) ? space.members[name] : undefined;
  if (member instanceof Namespace && step.type === 'property') return member;
  if (typeof member === 'function') return member(...args);
  const line = reference.pos?.first_line;
  throw new ResolverError(
    `$${space.name}.${name} is not known${line === undefined ? '' : ` (line ${line} of the template)`}`,
    'MappingTemplate',
  );
}

/** In a double-quoted string only references are evaluated: `#` is text, as in "#key = :value". */
function escapeDirectives(text: string): string {
  return text.replaceAll('#', '\\#');
}

function unsupported(what: string): ResolverError {
  return new ResolverError(
    `This template uses ${what}, which AppSync's templates do not have`,
    'MappingTemplate',
  );
}
