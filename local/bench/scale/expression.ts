/** An item as lib-dynamodb's clients see it. */
export type Item = Record<string, unknown>;

export interface Substitutes {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

const token = /\s*(:\w+|#?\w+|<=|>=|<>|[=<>(),+-])/y;

/** The words of an expression. Throws for what is not of the part of DynamoDB's language that is known here. */
function words(expression: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < expression.trimEnd().length) {
    const [, word] = token.exec(expression) ?? [];
    if (!word) throw new Error(`not understood: ${expression}`);
    found.push(word);
  }
  return found;
}

/** Reads an expression from its words. */
class Reader {
  readonly #words: string[];
  readonly #by: Substitutes;
  readonly item: Item;
  #at = 0;
  constructor(expression: string, item: Item, by: Substitutes) {
    this.#words = words(expression);
    this.#by = by;
    this.item = item;
  }
  get next(): string | undefined {
    return this.#words[this.#at];
  }
  take(expected?: string): string {
    const word = this.#words[this.#at++];
    if (word === undefined || (expected !== undefined && word.toUpperCase() !== expected))
      throw new Error(`${expected ?? 'a word'} is missing before ${this.#words.slice(this.#at).join(' ')}`);
    return word;
  }
  takes(word: string): boolean {
    if (this.next?.toUpperCase() !== word) return false;
    this.#at++;
    return true;
  }
  name(): string {
    const word = this.take();
    return word.startsWith('#') ? (this.#by.names?.[word] ?? word) : word;
  }
  /** A value, an attribute, or a function of one. */
  operand(): unknown {
    const word = this.next ?? '';
    if (word.startsWith(':')) return this.#by.values?.[this.take()];
    if (word === 'size') {
      const [value] = this.call();
      return value instanceof Set ? value.size : String(value).length;
    }
    if (word === 'if_not_exists') {
      this.take();
      this.take('(');
      const current = this.item[this.name()];
      this.take(',');
      const otherwise = this.operand();
      this.take(')');
      return current ?? otherwise;
    }
    return this.item[this.name()];
  }
  call(): unknown[] {
    this.take();
    this.take('(');
    const given = [this.operand()];
    while (this.takes(',')) given.push(this.operand());
    this.take(')');
    return given;
  }
}

const compare: Readonly<Record<string, (a: never, b: never) => boolean>> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Whether a condition holds for an item; `{}` for one that is not there. */
export function holds(expression: string, item: Item, by: Substitutes): boolean {
  const reader = new Reader(expression, item, by);
  const or = (): boolean => {
    let value = and();
    while (reader.takes('OR')) value = and() || value;
    return value;
  };
  const and = (): boolean => {
    let value = not();
    while (reader.takes('AND')) value = not() && value;
    return value;
  };
  const not = (): boolean => (reader.takes('NOT') ? !not() : primary());
  const primary = (): boolean => {
    if (reader.takes('(')) {
      const value = or();
      reader.take(')');
      return value;
    }
    const word = reader.next;
    if (word === 'attribute_not_exists') return reader.call()[0] === undefined;
    if (word === 'attribute_exists') return reader.call()[0] !== undefined;
    // Nothing here stores a NULL.
    if (word === 'attribute_type') return reader.call().includes(null);
    if (word === 'contains') {
      const [set, value] = reader.call();
      return set instanceof Set && set.has(value);
    }
    const left = reader.operand();
    if (reader.takes('IN')) {
      reader.take('(');
      const list = [reader.operand()];
      while (reader.takes(',')) list.push(reader.operand());
      reader.take(')');
      return list.includes(left);
    }
    const operator = compare[reader.take()];
    if (!operator) throw new Error(`not understood: ${expression}`);
    const right = reader.operand();
    return left !== undefined && operator(left as never, right as never);
  };
  return or();
}

/** The item after an update expression: SET, REMOVE, ADD and DELETE. */
export function updated(expression: string, item: Item, by: Substitutes): Item {
  const after: Item = { ...item };
  const reader = new Reader(expression, item, by);
  while (reader.next !== undefined) {
    const clause = reader.take().toUpperCase();
    do {
      const name = reader.name();
      if (clause === 'REMOVE') delete after[name];
      else if (clause === 'SET') {
        reader.take('=');
        let value = reader.operand();
        if (reader.takes('+')) value = Number(value) + Number(reader.operand());
        after[name] = value;
      } else if (clause === 'ADD' || clause === 'DELETE') {
        after[name] = merged(clause, after[name], reader.operand());
        if (after[name] === undefined) delete after[name];
      } else throw new Error(`not understood: ${expression}`);
    } while (reader.takes(','));
  }
  return after;
}

function merged(clause: 'ADD' | 'DELETE', current: unknown, given: unknown): unknown {
  if (typeof given === 'number') return Number(current ?? 0) + given;
  const set = new Set(current instanceof Set ? current : []);
  for (const each of given as Set<unknown>) {
    if (clause === 'ADD') set.add(each);
    else set.delete(each);
  }
  return set.size > 0 ? set : undefined;
}
